"""Recorded changes in updates: sums of public figures, significant changes only, and nothing else disclosed."""

import re
from datetime import date
from pathlib import Path

import geopandas as gpd
import made_up_report as examples
import numpy as np
import pandas as pd
import pytest
from what_can_be_derived import Reader, is_given_away

from hotspots import tables
from hotspots.reporting.public import (
    figures_chart,
    public_figures,
    public_page,
    recorded_change,
    responses,
    you_said_we_did,
)

DAY = date(2026, 3, 29)
MONTHS = ["2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12"]
QUARTER = pd.Period("2025Q4")


def figures_of(counts: dict[str, list[int]], family: str = "burglary", **given: object) -> public_figures.PublicFigures:
    """Public figures of so many incidents by team and month."""
    rows = [
        (team, month)
        for team, numbers in counts.items()
        for month, number in zip(MONTHS, numbers, strict=True)
        for _ in range(number)
    ]
    frame = examples.made_incidents(max(len(rows), 1)).iloc[: len(rows)]
    frame = frame.assign(
        team_name=pd.Series([team for team, _ in rows], dtype="str"),
        month=pd.Series([month for _, month in rows], dtype="str"),
        category=family,
    )
    incidents = gpd.GeoDataFrame(tables.conform(frame, tables.INCIDENTS))
    return examples.public_figures(incidents, examples.made_places(), as_of=DAY, **given)


def change_of(counts: dict[str, list[int]], team: str = "East") -> recorded_change.RecordChange:
    return recorded_change.changes(figures_of(counts), QUARTER)[team, "burglary"]


def update_of(figures: public_figures.PublicFigures, folder: Path) -> bytes:
    """East's page, in which residents name burglary and potholes."""
    answers = pd.DataFrame(
        [("East", None, issue, pd.Timestamp("2025-11-03"), f"{issue}{n}") for issue in ISSUES for n in range(12)],
        columns=["team_name", "parish", "issue", "received_at", "respondent"],
    ).astype({"received_at": "datetime64[us]"})
    empty = [tables.empty(table) for table in (tables.VISITS, tables.REFERRALS, tables.PRIORITIES)]
    done = responses.Responses(*empty, no_actions(), DAY, you_said_we_did.last_quarters(DAY)[0])
    made = you_said_we_did.make_updates(answers, done, figures, ["East"], you_said_we_did.UpdateParams())
    folder.mkdir()
    return public_page.write_updates(made, folder, "Littleshire Police")[0].read_bytes()


ISSUES = ("burglary", "road_defect")
SIZES = {"East": 20, "West": 18, "North": 12, "South": 6, "Mid": 3}


def no_actions() -> pd.DataFrame:
    empty = tables.empty(tables.ACTIONS)
    return empty.assign(where=empty["action"], team_name=empty["action"], current_hotspot_id=empty["action"])


# answers


def test_numbers_are_sums_of_public_figures() -> None:
    change = change_of({"East": [21, 33, 18, 12, 9, 16], "West": [40] * 6})
    assert (change.before, change.after) == (20 + 35 + 20, 10 + 10 + 15)
    assert change.periods == ("October to December 2025", "July to September 2025")
    assert change.in_full.startswith("about 35 in October to December 2025, about 75 in July to September 2025: few")


def test_a_significant_fall_is_reported_and_whether_it_is_everywhere() -> None:
    alone = change_of({"East": [60, 60, 60, 30, 30, 30], "West": [60] * 6, "North": [70] * 6})
    assert (alone.change, alone.is_everywhere) == ("fewer", False)
    alike = change_of({name: [60, 60, 60, 30, 30, 30] for name in ("East", "West", "North")})
    assert (alike.change, alike.is_everywhere) == ("fewer", True)
    assert alike.in_full.endswith("fewer, as in the rest of the force")
    assert change_of({"East": [60, 60, 60, 90, 90, 90]}).change == "more"  # the only team: there is no rest


def test_a_change_that_chance_may_bring_is_no_clear_change() -> None:
    change = change_of({"East": [20, 20, 20, 15, 15, 15], "West": [40] * 6})
    assert change.in_full.endswith("no clear change, as the difference may be due to chance")
    assert change.in_short.endswith("no clear change from the quarter before (about 60)")
    still = change_of({"East": [20, 20, 20, 20, 20, 15], "West": [40] * 6})
    assert still.in_full.endswith(": about the same")
    assert still.in_short.endswith("about the same as in the quarter before (about 60)")


def test_chance_is_rarely_reported_as_a_change_and_a_halving_is_rarely_missed() -> None:
    """Poisson counts of ten teams, 40 times; what nobody changed, and what was halved after three months."""
    rng = np.random.default_rng(7)
    found: dict[str, list[str]] = {"same": [], "halved": []}
    for _ in range(40):
        counts = rng.poisson(40, (10, 6))
        counts[0, 3:] = rng.poisson(20, 3)
        cells = pd.DataFrame(
            [(f"T{team}", month, counts[team, n]) for team in range(10) for n, month in enumerate(MONTHS)],
            columns=["area", "month", "count"],
        )
        figures = cells.assign(family="asb", figure=(cells["count"] + 2) // 5 * 5).astype({"figure": "Int64"})
        changes = recorded_change.changes(_published(figures), QUARTER)
        found["halved"].append(changes["T0", "asb"].change)
        found["same"] += [changes[f"T{team}", "asb"].change for team in range(1, 10)]
    assert np.mean([word in ("more", "fewer") for word in found["same"]]) <= 0.02
    assert np.mean([word == "fewer" for word in found["halved"]]) >= 0.9


def _published(figures: pd.DataFrame) -> public_figures.PublicFigures:
    return public_figures.PublicFigures(
        force_name="F", areas_label="team areas", months=MONTHS, missing=[], areas=examples.made_places(),
        figures=figures, sources=[],
    )  # fmt: skip


@pytest.mark.parametrize(
    "counts",
    [{"East": [9, 9, 9, 4, 9, 9], "West": [30] * 6}, {"East": [9, 9, 0, 9, 9, 9], "West": [9, 9, 1, 9, 9, 9]}],
)
def test_there_is_no_comparison_where_a_month_is_withheld(counts: dict[str, list[int]]) -> None:
    assert ("East", "burglary") not in recorded_change.changes(figures_of(counts), QUARTER)


def test_there_is_no_comparison_for_teams_where_public_figures_are_by_other_areas(tmp_path: Path) -> None:
    figures = figures_of({"East": [30] * 6}, params=public_figures.PublicParams(areas="lsoa"))
    page = update_of(figures, tmp_path / "u").decode()
    assert page.count("not all months of the two quarters have a public figure") == 2 and "<svg" not in page


def test_asb_and_burglary_are_shown_whatever_residents_named(tmp_path: Path) -> None:
    page = update_of(figures_of({"East": [30] * 6, "West": [30] * 6}), tmp_path / "u").decode()
    assert "Potholes" in page
    assert re.findall(r"<b>(.*?)</b>: (.{5})", page) == [("Anti-social behaviour", "not a"), ("Burglary", "about")]


def test_a_chart_shows_each_public_figure_and_marks_what_is_withheld(tmp_path: Path) -> None:
    counts = [30, 31, 3, 60, 61, 62]
    (chart,) = figures_chart.draw_figures(figures_of({"East": counts, "West": [30] * 6}), "East", QUARTER)
    shown = dict(re.findall(r"<title>(\w+ 2025): about (\d+)</title>", chart))
    assert shown == {"July 2025": "30", "August 2025": "30", "October 2025": "60", "November 2025": "60",
                     "December 2025": "60"}  # fmt: skip
    assert chart.count(">w</text>") == 12 - len(shown) and chart.count('class="bar"') == 3


def test_counts_that_give_the_same_public_figures_give_the_same_update(tmp_path: Path) -> None:
    """So the update is made of nothing but public figures: 18 to 22 are all published as 20."""
    pages = {
        update_of(figures_of({"East": [20 + shift] * 3 + [60 + shift] * 3, "West": [40] * 6}), tmp_path / str(shift))
        for shift in (-2, 0, 1, 2)
    }
    assert len(pages) == 1


@pytest.mark.parametrize("seed", range(3))
def test_from_public_tables_and_updates_of_two_runs_no_count_of_one_to_four_can_be_derived(seed: int) -> None:
    """A reader learns the tables of two months, and every sum that an update tells, as a band for the true sum."""
    rng, reader = np.random.default_rng(seed), Reader()
    counts = {team: rng.poisson(size, 6) for team, size in SIZES.items()}
    sums = 0
    for run, shift in enumerate((0, 1)):
        found = figures_of(
            {team: (numbers + shift * (rng.random(6) < 0.2)).tolist() for team, numbers in counts.items()}
        )
        for (month, family), held in found.figures.groupby(["month", "family"]):
            names = [(run, month, family, area) for area in held["area"]]
            reader.read_group(dict(zip(names, held["shown"], strict=True)))
        for (team, family), change in recorded_change.changes(found, QUARTER).items():
            for total, months in ((change.before, MONTHS[:3]), (change.after, MONTHS[3:])):
                cells = {(run, month, family, team): 1.0 for month in months}
                shown = found.figures.query("area == @team and family == @family and month in @months")["figure"]
                assert total == shown.sum()
                reader.learn_sum(cells, total - 6, total + 6)
                sums += 1
    assert sums >= 4
    cells = [cell for cell in reader.cells if cell[0] in (0, 1)]
    asked = [{cell: 1.0} for cell in cells] + [{(1, *cell[1:]): 1.0, cell: -1.0} for cell in cells if cell[0] == 0]
    for parts in asked:
        low, high = reader.bounds(parts)
        assert not is_given_away((low, high)) and not is_given_away((-high, -low)), parts
