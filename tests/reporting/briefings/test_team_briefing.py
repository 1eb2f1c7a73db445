import re
from dataclasses import replace
from datetime import date
from importlib import metadata
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import made_up_report as examples
import numpy as np
import pandas as pd
import pypdfium2
import pytest
import shapely

from hotspots import tables
from hotspots.errors import HotspotsError
from hotspots.reporting import formatting
from hotspots.reporting.briefings import area_list, fonts, map_picture, problem_profiles, team_briefing
from hotspots.reporting.briefings.pdf_pages import HEIGHT, WIDTH, Sheet
from hotspots.reporting.report import Report
from hotspots.reporting.residents_report import ResidentsReport

POINTS_PER_MM = 72 / 25.4


def texts_of(path: Path) -> list[str]:
    """Return the text of each page, as read by another program."""
    document = pypdfium2.PdfDocument(path)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def boxes_of(path: Path) -> list[list[tuple[float, float, float, float]]]:
    """Return the boxes of each page's texts: left, bottom, right, top in points."""
    found = []
    for page in pypdfium2.PdfDocument(path):
        text = page.get_textpage()
        found.append([text.get_rect(n) for n in range(text.count_rects())])
    return found


def actions(hotspot_id: str) -> pd.DataFrame:
    rows = {
        "action_id": ["a1", "a2", "a3"],
        "hotspot_id": [hotspot_id, hotspot_id, "another"],
        "owner": ["Borough council", "Neighbourhood team", "Elsewhere"],
        "action": ["Car park gate shut at 22:00", "Talks at the school", "Not here"],
        "started_on": pd.to_datetime(["2025-06-01", "2025-08-15", "2025-07-01"]),
        "outcome": ["Fewer calls", None, None],
    }
    return tables.conform(pd.DataFrame(rows), tables.ACTIONS)


# answers


@pytest.mark.parametrize("name", ["littleham", "great-bexley", "stowbridge"])
def test_a_team_s_briefing_is_one_complete_page(run: Report, written: Path, name: str) -> None:
    (page,) = texts_of(written / "briefings" / f"{name}.pdf")
    team = {"great-bexley": "Great Bexley"}.get(name, name.title())
    header = ["OFFICIAL", "As of 30 September 2025, for the next month.", "Do not use after 4 November 2025"]
    for text in [f"{team}: where to patrol", *header, "Ask residents", "What to do", "Open Government Licence v3.0"]:
        assert text in page
    assert re.search(r"\d+ k?m\n", page) and "\nN\n" in page
    own = run.patrol_areas[run.patrol_areas["team_name"] == team].sort_values("rank")
    for _, areas in own.groupby("family", observed=True):
        for number, (_, row) in enumerate(areas.head(6).iterrows()):
            assert f"{row['expected']:.1f} (" in page
            assert number >= 3 or row["reason"].split(";")[0] in page.replace("\n", " ")
        more = len(areas) - 6
        assert more <= 0 or f"{more} more area" in page


def test_the_reason_on_a_sheet_leaves_out_the_expected_number_that_is_shown_beside_the_name() -> None:
    trend = "more ASB than expected for this location in 5 of 8 months"
    reason = f"127 reports; {trend}; about 18 expected in the next month (likely range 9 to 25)."
    assert area_list.reason_beside(reason) == f"127 reports; {trend}."
    assert area_list.reason_beside("about 1 expected every 5 weeks.") == "about 1 expected every 5 weeks."


def test_the_rota_has_the_hours_of_each_area_on_its_peak_days(run: Report, tmp_path: Path) -> None:
    areas = run.patrol_areas.assign(peak_times="Fri and Sat 21:00 to 01:00 (14 of 31 incidents)")
    team_briefing.write_briefings(replace(run, patrol_areas=areas), tmp_path)
    for team, name in formatting.team_file_names(areas["team_name"]).items():
        own = areas[areas["team_name"] == team]
        rows = sum(min(len(listed), 3) for _, listed in own.groupby("family", observed=True))
        (page,) = texts_of(tmp_path / f"{name}.pdf")
        assert page.count("21 to 01") == 2 * rows and "Rota" in page


def test_month_only_areas_have_no_rota(written: Path) -> None:
    assert "Rota" not in texts_of(written / "briefings" / "littleham.pdf")[0]


def test_only_teams_with_areas_have_a_sheet(run: Report, tmp_path: Path) -> None:
    areas = run.patrol_areas[run.patrol_areas["team_name"] == "Stowbridge"]
    written = team_briefing.write_briefings(replace(run, patrol_areas=areas), tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == ["stowbridge.pdf", "profiles/stowbridge.pdf"]


@pytest.mark.parametrize("is_first", [False, True])
def test_a_hotspot_is_persistent_by_status_or_if_not_new_significant_and_busy_in_most_months(
    run: Report, is_first: bool
) -> None:
    status = run.hotspots["status"].where(run.hotspots["status"].isna() | (not is_first))
    report = replace(run, hotspots=run.hotspots.assign(status=status))
    found = {problem.row["hotspot_id"] for problem in problem_profiles.persistent_problems(report)}
    months = run.incidents["month"].nunique()
    for _, row in report.hotspots.iterrows():
        own = run.incidents[run.incidents["category"] == row["family"]]
        inside = own[shapely.intersects(row["geometry"], own.geometry.to_numpy())]
        is_old = is_first or row["status"] not in ("new", "gone")
        is_busy = is_old and inside["month"].nunique() / months >= 0.75 and row["p_value"] < 0.05
        assert (row["hotspot_id"] in found) == (is_busy or row["status"] == "persistent")
    assert 0 < len(found) < len(run.hotspots)


def test_persistent_hotspots_have_profiles_in_the_order_of_their_incidents(run: Report, written: Path) -> None:
    found = problem_profiles.persistent_problems(run)
    for family in tables.FAMILIES:
        counts = [problem.row["incidents"] for problem in found if problem.row["family"] == family]
        assert counts == sorted(counts, reverse=True)
    own = [problem for problem in found if problem.team == "Littleham"]
    pages = texts_of(written / "briefings" / "profiles" / "littleham.pdf")
    assert len(pages) == 1 + -(-len(own) // 2)
    text = "\n".join(pages[1:])
    for problem in own:
        assert problem.row["hotspot_id"] in text
    for heading in ("Scanning", "Analysis", "Response: partners", "Response: actions so far", "Assessment"):
        assert text.count(heading) >= len(own)


def test_months_of_a_problem_are_the_incidents_inside_its_outline(run: Report) -> None:
    for problem in problem_profiles.persistent_problems(run)[::7]:
        own = run.incidents[run.incidents["category"] == problem.row["family"]]
        inside = own[shapely.intersects(problem.row["geometry"], own.geometry.to_numpy())]
        assert problem.months.to_dict() == {
            m: (inside["month"] == m).sum() for m in sorted(run.incidents["month"].unique())
        }


def test_actions_are_listed_with_owner_and_outcome_the_latest_first(run: Report) -> None:
    first = problem_profiles.persistent_problems(run)[0]
    assert first.actions == []
    listed = problem_profiles.persistent_problems(
        replace(run, residents=ResidentsReport(actions=actions(first.row["hotspot_id"])))
    )[0].actions
    assert listed == [
        "since 15 August 2025, Neighbourhood team: Talks at the school",
        "since 1 June 2025, Borough council: Car park gate shut at 22:00 (Fewer calls)",
    ]


def test_partners_follow_from_the_kind_of_place(run: Report) -> None:
    """Nearly all at a car park, or at no kind of place that the reference knows."""
    for text, partner in (("On or near Parking Area", "parking service"), ("Mill Lane", "youth services")):
        found = problem_profiles.persistent_problems(replace(run, incidents=run.incidents.assign(location_text=text)))
        assert partner in found[0].partners[0] and found[0].row["family"] == "asb"
    assert problem_profiles._contains_word("pub", "on or near pub") and not problem_profiles._contains_word(
        "pub", "public library"
    )


def test_questions_follow_from_residents_concerns() -> None:
    areas = pd.DataFrame({"family": ["asb", "asb", "burglary"], "rank": [4, 1, 2], "concern_status": ["agreement"] * 3})
    lines = team_briefing.questions(areas, has_times=True)
    assert lines[0].startswith("ASB 1, 4; Burglary 2: residents are concerned too.") and len(lines) == 2
    assert "have only a month" in team_briefing.questions(areas, has_times=False)[0]


def test_peak_times_of_areas_are_shown(run: Report, tmp_path: Path) -> None:
    areas = run.patrol_areas.assign(peak_times="Fri and Sat 21:00 to 01:00 (14 of 31 incidents)")
    team_briefing.write_briefings(replace(run, patrol_areas=areas), tmp_path)
    team = formatting.team_file_names(areas["team_name"])[areas["team_name"].iloc[0]]
    assert "Fri and Sat 21:00 to 01:00 (14 of 31 incidents)" in texts_of(tmp_path / f"{team}.pdf")[0].replace("\n", " ")


def test_roads_and_names_of_places_are_drawn_where_the_force_supplies_them(run: Report, tmp_path: Path) -> None:
    middle = run.patrol_areas.geometry.iloc[0].centroid
    road = shapely.LineString([(middle.x - 5_000, middle.y), (middle.x + 5_000, middle.y + 300)])
    names = ["A4", *["Oldtown"] * 8]  # some of its places may be taken by ranks
    frame = pd.DataFrame({"feature_id": [f"f{n}" for n in range(9)], "kind": ["road", *["place"] * 8], "name": names})
    around = [shapely.Point(middle.x + x, middle.y + y) for x in (-900, 0, 900) for y in (-700, 0, 700) if x or y]
    shapes = gpd.GeoSeries([road, *around], crs=run.patrol_areas.crs)
    base = tables.conform(gpd.GeoDataFrame(frame, geometry=shapes), tables.BASE_MAP)
    team_briefing.write_briefings(replace(run, base_map=base), tmp_path)
    team = formatting.team_file_names(run.patrol_areas["team_name"])[run.patrol_areas["team_name"].iloc[0]]
    assert "Oldtown" in texts_of(tmp_path / f"{team}.pdf")[0]
    plain = tmp_path / "plain"
    plain.mkdir()
    team_briefing.write_briefings(replace(run, base_map=base[base["kind"] == "place"]), plain)
    assert (plain / f"{team}.pdf").read_bytes() != (tmp_path / f"{team}.pdf").read_bytes()


# promises


def test_every_page_is_a4_and_every_text_on_it(written: Path, hostile_written: Path) -> None:
    folders = [folder / "briefings" for folder in (written, hostile_written)]
    paths = [*folders[0].rglob("*.pdf"), *sorted(folders[1].glob("*.pdf"))[:8], *sorted(folders[1].rglob("*.pdf"))[-3:]]
    for path in paths:
        for page, boxes in zip(pypdfium2.PdfDocument(path), boxes_of(path), strict=True):
            assert page.get_size() == pytest.approx((WIDTH * POINTS_PER_MM, HEIGHT * POINTS_PER_MM), abs=0.1)
            assert boxes
            for left, bottom, right, top in boxes:
                assert left > 5 * POINTS_PER_MM and right < (WIDTH - 5) * POINTS_PER_MM, path.name
                assert bottom > 4 * POINTS_PER_MM and top < (HEIGHT - 3) * POINTS_PER_MM, path.name


def test_hostile_names_make_a_sheet_each_with_a_name_any_system_takes(
    hostile_run: Report, hostile_written: Path
) -> None:
    names = sorted(path.name for path in (hostile_written / "briefings").glob("*.pdf"))
    assert len(names) == hostile_run.patrol_areas["team_name"].nunique()
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}\.pdf", name) for name in names)
    assert formatting.team_file_names(pd.Series(["CON", "con", "a/b", "a b", "", "شارع"])) == {
        "": "team", "CON": "team-con", "a b": "a-b", "a/b": "a-b-no-2", "con": "team-con-no-2", "شارع": "team-no-2",
    }  # fmt: skip


@pytest.mark.parametrize("text", examples.HOSTILE)
def test_any_text_becomes_printable(text: str, tmp_path: Path) -> None:
    shown = fonts.printable(text)
    assert not re.search(r"[\x00-\x1f\u0590-\u08ff\u200b-\u200f\u2028-\u202e\U00010000-\U0010ffff]", shown)
    sheet = Sheet("a", date(2025, 9, 30))
    sheet.add_page()
    for line in sheet.wrap(text, 120, 5):
        assert sheet.width(line, 5) <= 120
        sheet.text(20, 20, line, 5)
    with pypdfium2.PdfDocument(sheet.save(tmp_path / "a.pdf")) as read:
        assert len(read) == 1


def test_a_text_that_does_not_fit_ends_with_a_whole_word() -> None:
    sheet, text = Sheet("a", date(2025, 9, 30)), "in a hotspot; residents nearby name it too (10 of 30 answers)"
    cut = {sheet.cut(text, width, 7.5) for width in range(20, 60)}
    assert len(cut) > 5
    for shown in cut:
        kept = shown.removesuffix(" ...")
        assert text.startswith(kept) and not text[len(kept) :][:1].isalnum()


@pytest.mark.parametrize("is_bold", [False, True])
def test_names_in_welsh_polish_turkish_and_greek_are_shown_as_they_are_written(tmp_path: Path, is_bold: bool) -> None:
    names = [
        "Tŷ Gŵyr, Llanŵnda",
        "Ẁẁ Ẃẃ Ẅẅ Ỳỳ Ýý Ÿÿ Ŷŷ",
        "Łódź Żółć",
        "Şanlıurfa Iğdır",
        "Αθήνα",
        "Москва",
        "Café – £5",
    ]
    pages = []
    for _ in range(2):
        sheet = Sheet("Tŷ", date(2025, 9, 30))
        sheet.add_page()
        for number, name in enumerate(names):
            sheet.text(20, 20 + 8 * number, name, 9, bold=is_bold)
        pages.append(sheet.save(tmp_path / "a.pdf").read_bytes())
    assert pages[0] == pages[1] and len(pages[0]) < 60_000
    with pypdfium2.PdfDocument(pages[0]) as read:
        assert read[0].get_textpage().get_text_range().splitlines() == names


def test_a_name_in_plain_letters_needs_no_font_inside_the_file(tmp_path: Path) -> None:
    sheet = Sheet("a", date(2025, 9, 30))
    sheet.add_page()
    sheet.text(20, 20, "Café – £5 ‘x’ “y” … €")
    assert b"FontFile" not in sheet.save(tmp_path / "a.pdf").read_bytes()


def test_letters_of_the_other_font_are_as_wide_as_those_of_the_usual_one() -> None:
    sheet = Sheet("a", date(2025, 9, 30))
    for plain, marked in (("w", "ŵ"), ("Y", "Ŷ"), ("S", "Ş"), ("z", "ż")):
        for is_bold in (False, True):
            assert sheet.width(marked, 9, bold=is_bold) == pytest.approx(sheet.width(plain, 9), rel=0.01)


def test_combining_marks_join_their_letter_and_unsupported_scripts_become_one_question_mark() -> None:
    assert fonts.printable("Tw\u0302r y\u0302") == "Tŵr ŷ"
    assert fonts.printable("👮 شارع שלום Ḋub 日本") == "? ? ? Ḋub ?"


def test_a_missing_font_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.font_file.cache_clear()
    monkeypatch.setattr(metadata, "files", lambda name: [])
    with pytest.raises(HotspotsError, match=r"needs the font Arimo.*python -m pip install fontpkg-arimo"):
        fonts.font_file()


def test_a_text_is_cut_to_its_box() -> None:
    sheet = Sheet("a", date(2025, 9, 30))
    text = "word " * 60 + "x" * 400
    lines = sheet.wrap(text, 50, 9, lines=3)
    assert len(lines) == 3 and lines[-1].endswith(" ...")
    whole = sheet.wrap(text, 50, 9)
    assert "".join(whole).replace(" ", "") == text.replace(" ", "")
    assert max(sheet.width(line, 9) for line in [*lines, *whole]) <= 50


def test_ranks_overlap_neither_each_other_nor_the_edge() -> None:
    rng = np.random.default_rng(3)
    middles = rng.normal(0, 700, (14, 2))
    shapes = [shapely.Point(*at).buffer(150) for at in middles]
    frame = map_picture.fit(shapely.total_bounds(shapes), (12, 30, 180, 84))
    positions = [position for _, position in map_picture.place_ranks(frame, shapes)]
    assert all(np.hypot(*(one - other)) > 5 for one, other in combinations(positions, 2))
    assert all(12 < x < 192 and 30 < y < 114 for x, y in positions)


def test_the_map_keeps_its_scale() -> None:
    frame = map_picture.fit((400_000, 150_000, 404_000, 151_000), (10, 20, 100, 50))
    at = frame.place(np.array([[400_000.0, 150_000.0], [404_000.0, 151_000.0]]))
    assert np.hypot(*(at[1] - at[0])) * frame.metres_per_mm == pytest.approx(np.hypot(4000, 1000))
    assert at[0][1] > at[1][1], "north is up"
    assert (at.min(axis=0) > (10, 20)).all() and (at.max(axis=0) < (110, 70)).all()
    assert [map_picture.round_length(metres) for metres in (999, 1000, 2500, 7000)] == [500, 1000, 2000, 5000]
