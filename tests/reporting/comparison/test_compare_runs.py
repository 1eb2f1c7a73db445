import re
from datetime import date
from html.parser import HTMLParser

import geopandas as gpd
import made_up_report as examples
import pandas as pd
import pytest
import shapely

from hotspots import crs
from hotspots.reporting.comparison import compare_runs, comparison_page
from hotspots.reporting.comparison.compare_runs import Run
from hotspots.targeting import change

FACTS = {
    "force": "littleshire",
    "window": ["2024-10-01", "2025-10-01"],
    "counts": {"rows_in": 1200, "asb_in_window": 300, "hotspots": {"asb": 3}, "patrol_areas": {"asb": 3}},
    "settings": {"force": {"marking": "OFFICIAL"}, "asb": {"clusters": {"radius_m": 150.0}}},
    "findings": ["No record for 2025-02."],
    "inputs": [{"name": "2025-09.csv", "used": True, "sha256": "a" * 64}, {"name": "x.csv", "used": False}],
    "versions": {"pandas": "3.0.1"},
}


def places(**at: tuple[str, int, float]) -> gpd.GeoDataFrame:
    """Discs of 100 m: name -> family, rank, easting."""
    rows = [
        {"id": f"{name}-id", "family": family, "rank": rank, "main_location": name, "expected": 9.0 / rank,
         "incidents": 40 - rank, "geometry": shapely.Point(easting, 0).buffer(100)}
        for name, (family, rank, easting) in at.items()
    ]  # fmt: skip
    columns = ["id", "family", "rank", "main_location", "expected", "incidents", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=crs.BNG)


A = places(Mill=("asb", 1, 0), Park=("asb", 2, 1000), Quay=("asb", 3, 5000), Lane=("burglary", 1, 0))
B = places(Park=("asb", 1, 1060), Mill=("asb", 2, 0), New=("asb", 3, 9000), Lane=("burglary", 1, 50))


def run_of(table: gpd.GeoDataFrame, force: str = "littleshire", **changes: object) -> Run:
    return Run(
        force=force,
        name="Littleshire Police",
        as_of=date(2025, 9, 30),
        facts=FACTS | changes,
        areas=table,
        hotspots=table,
    )


def elements(page: str) -> list[tuple[str, list[str]]]:
    """Every element of a page with the names of its attributes."""
    found: list[tuple[str, list[str]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, given: found.append((tag, [name for name, _ in given]))  # type: ignore[method-assign]
    parser.feed(page)
    return found


# answers


def test_places_are_new_ended_up_down_or_the_same() -> None:
    pairs = compare_runs.pair_places(A, B, change.match_areas).set_index(["family", "place"])
    assert pairs["change"].to_dict() == {
        ("asb", "Park"): "up", ("asb", "Mill"): "down", ("asb", "New"): "new", ("asb", "Quay"): "gone",
        ("burglary", "Lane"): "same",
    }  # fmt: skip
    assert pairs.loc[("asb", "Park"), ["rank_a", "rank_b"]].tolist() == [2, 1]
    assert pd.isna(pairs.loc[("asb", "New"), "rank_a"]) and pairs.loc[("asb", "New"), "incidents_b"] == 37
    assert compare_runs.count_changes(pairs.reset_index())["asb"].to_dict() == {
        "new": 1,
        "gone": 1,
        "up": 1,
        "down": 1,
        "same": 0,
    }


def test_a_place_is_paired_once_with_the_one_it_shares_most_with() -> None:
    b = places(Near=("asb", 1, 60), Far=("asb", 2, -90))
    pairs = compare_runs.pair_places(places(Mill=("asb", 1, 0)), b, change.match_areas).set_index("place")
    assert pairs["change"].to_dict() == {"Near": "same", "Far": "new"}


def test_ids_that_two_runs_gave_to_different_places_do_not_join_them() -> None:
    moved = places(Mill=("asb", 1, 50_000))
    assert compare_runs.pair_places(places(Mill=("asb", 1, 0)), moved, change.match_areas)["change"].tolist() == [
        "new",
        "gone",
    ]


def test_other_differences_are_listed() -> None:
    other = FACTS | {
        "window": ["2024-11-01", "2025-11-01"],
        "settings": {"force": {"marking": "OFFICIAL"}, "asb": {"clusters": {"radius_m": 200.0}}},
        "findings": [],
        "inputs": [{"name": "2025-09.csv", "used": True, "sha256": "b" * 64}, {"name": "2025-10.csv", "used": True}],
        "versions": {"pandas": "3.1.0"},
    }
    assert compare_runs.other_differences(FACTS, other, True) == [
        ("Evidence window", "2024-10-01 to 2025-10-01", "2024-11-01 to 2025-11-01"),
        ("Setting asb.clusters.radius_m", "150.0", "200.0"),
        ("File used", "not used", "2025-10.csv"),
        ("File with different content", "2025-09.csv", "2025-09.csv (changed)"),
        ("Finding in A only", "No record for 2025-02.", "–"),
        ("Version of pandas", "3.0.1", "3.1.0"),
    ]
    assert compare_runs.other_differences(FACTS, FACTS, True) == []
    assert not any(name.startswith("File") for name, _, _ in compare_runs.other_differences(FACTS, other, False))


def test_the_page_shows_counts_with_their_difference_and_changes() -> None:
    counts = FACTS["counts"] | {"rows_in": 1100, "asb_in_window": 345}
    page = comparison_page.draw_page(run_of(A), run_of(B, counts=counts), change.match_areas)
    assert (
        '<th scope="row">Rows received</th><td class="n">1,200</td><td class="n">1,100</td><td class="n">-100</td>'
        in page
    )
    assert '<td class="n">345</td><td class="n">+45</td>' in page
    row = next(line for line in page.splitlines() if "<bdi>Park</bdi></th>" in line)
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == ["2", "1", "+1", "up", "4.5", "9.0"]
    assert "Settings, files, window and versions are the same." in page


def test_two_forces_stand_side_by_side_and_are_not_matched_or_ranked() -> None:
    page = comparison_page.draw_page(run_of(A), run_of(B, force="loamshire"), change.match_areas)
    assert "cannot be used to rank one force against the other" in " ".join(page.split())
    assert "only in B" not in page.split("<script type")[0] and "<td><bdi>Mill</bdi></td>" in page


# promises


def test_the_order_of_rows_does_not_matter() -> None:
    page = comparison_page.draw_page(run_of(A), run_of(B), change.match_areas)
    mixed = comparison_page.draw_page(run_of(A.iloc[::-1]), run_of(B.iloc[[2, 0, 3, 1]]), change.match_areas)
    assert page == mixed


@pytest.fixture(scope="module")
def clean_elements() -> list[tuple[str, list[str]]]:
    return elements(comparison_page.draw_page(run_of(A), run_of(A), change.match_areas))


@pytest.mark.parametrize("text", examples.HOSTILE)
def test_hostile_texts_stay_texts(clean_elements: list[tuple[str, list[str]]], text: str) -> None:
    bad = A.assign(main_location=text)
    page = comparison_page.draw_page(
        run_of(bad), run_of(bad, findings=[text], settings={text: text}), change.match_areas
    )
    found, wanted = elements(page), clean_elements
    assert {tag for tag, _ in found} == {tag for tag, _ in wanted}
    assert not [name for _, given in found for name in given if name.startswith("on")]
    for tag in ("script", "style", "meta"):
        assert [one for one, _ in found].count(tag) == [one for one, _ in wanted].count(tag)


def test_two_empty_reports_make_a_page_too() -> None:
    page = comparison_page.draw_page(run_of(places()), run_of(places()), change.match_areas)
    assert page.count("Neither report lists an area.") == 2


def test_a_report_compared_with_itself_says_so() -> None:
    page = comparison_page.draw_page(run_of(A), run_of(A), change.match_areas)
    assert comparison_page.SAME_REPORT in page
    assert comparison_page.SAME_REPORT not in comparison_page.draw_page(run_of(A), run_of(B), change.match_areas)
