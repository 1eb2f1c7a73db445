"""Surveys as they really come: read rightly by the map that is proposed for them, or refused in one clear sentence."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import nasty_surveys as nasty
import pandas as pd
import pytest
import shapely

from hotspots.errors import SourceError
from hotspots.sources import row_checks, survey
from hotspots.sources.survey import Gazetteer
from hotspots.sources.survey.survey_params import SurveyParams
from pipelines import settings
from pipelines.commands import check, init

Build = Callable[[Path], Path]
READ: dict[str, Build] = {
    "a title above the headings": nasty.title_above_headings,
    "ticks in one column, semicolons": nasty.ticks_in_one_column_by_semicolons,
    "ticks in one column, lines": nasty.ticks_in_one_column_by_lines,
    "a column a tick, Yes and No": nasty.one_column_a_tick,
    "a column a tick, 1 and 0": lambda folder: nasty.one_column_a_tick(folder, "1", "0"),
    "a column a tick, x and nothing": lambda folder: nasty.one_column_a_tick(folder, "x", ""),
    "a column a tick, TRUE and FALSE": lambda folder: nasty.one_column_a_tick(folder, "TRUE", "FALSE"),
    "SurveyMonkey, two rows of headings": nasty.surveymonkey,
    "merged headings of a workbook": nasty.merged_headings,
    "Microsoft Forms, a workbook": nasty.microsoft_forms,
    "Microsoft Forms, text by semicolons": nasty.microsoft_forms_text,
    "Microsoft Forms, nobody signed in": nasty.nobody_signed_in,
    "dates as Excel's numbers": nasty.excel_day_numbers,
    "UTF-16 by tabs": nasty.utf_16_by_tabs,
    "town and postcode in one": nasty.postcode_with_town,
    "longitude and latitude swapped": nasty.degrees_swapped,
    "what3words": nasty.what3words,
    "the first of two sheets": nasty.two_sheets,
}
UNITS = pd.DataFrame(
    {"easting": 415_000.0 + 10 * pd.RangeIndex(24), "northing": 184_000.0, "district": "E06000030"},
    index=pd.Index([nasty.postcode(n) for n in range(24)], name="unit"),
)


def proposed(path: Path, folder: Path) -> SurveyParams:
    """The settings that the file's own headings suggest."""
    init.start_force("Barset", folder, path)
    return settings.read_settings(str(folder / "barset.toml"))[0].survey


def read(path: Path, folder: Path) -> pd.DataFrame:
    answers, broken = survey.read_answers(path, proposed(path, folder), b"key")
    assert broken == 0
    return answers


# answers


@pytest.mark.parametrize("build", READ.values(), ids=READ.keys())
def test_what_is_proposed_reads_the_file_and_keeps_nobody_s_name(build: Build, tmp_path: Path) -> None:
    path = build(tmp_path)
    lines, is_good = check.check_files([path], settings.read_settings("barset")[0])
    assert is_good and "It looks like a survey" in lines[0]
    answers = read(path, tmp_path)
    assert answers["issue"].tolist() == nasty.codes()
    assert (answers["reason"] == "").all()
    assert answers["received_at"].dt.strftime("%d/%m/%Y").tolist() == [nasty.day(n)[:10] for n in range(nasty.COUNT)]
    assert answers["frequency"].notna().all()
    placed = survey.geocode_answers(answers, Gazetteer(units=UNITS))
    where = {"degrees_swapped": "point", "what3words": "unplaced"}.get(build.__name__, "postcode_unit")
    assert (placed["location_precision"] == where).all()
    kept = survey.tidy_concerns(placed.assign(reason=""), SurveyParams(name="talk")).to_csv()
    said = "\n".join(lines) + (tmp_path / "barset.toml").read_text(encoding="utf-8") + kept
    assert not any(word in said for word in ("Bob Smith", "Cara", "Dev Patel", "a1@example.org", "07700", "10.0.0.1"))


def test_the_points_of_swapped_columns_are_in_swindon(tmp_path: Path) -> None:
    placed = survey.geocode_answers(read(nasty.degrees_swapped(tmp_path), tmp_path), Gazetteer())
    assert placed.geometry.x.between(410_000, 422_000).all() and placed.geometry.y.between(177_000, 182_000).all()


def test_a_respondent_who_answers_twice_counts_once(tmp_path: Path) -> None:
    path = nasty.respondent_twice(tmp_path)
    params = proposed(path, tmp_path)
    answers, _ = survey.read_answers(path, params, b"key")
    placed = survey.geocode_answers(answers, Gazetteer(units=UNITS))
    everywhere = shapely.box(0, 0, 700_000, 1_300_000)
    placed = placed.assign(reason=row_checks.check_answers(placed, everywhere, date(2025, 9, 30)))
    assert (placed["reason"] == "repeated_id").sum() == 3  # the very same answers
    concerns = survey.tidy_concerns(placed[placed["reason"] == ""].reset_index(drop=True), params)
    once = survey.without_repeats(concerns, params.repeat_days)
    assert len(concerns) - len(once) == len(nasty.CODES[0]) + len(nasty.CODES[1])  # the two who sent it in once more
    assert len(once) == sum(map(len, nasty.codes()))


def test_nobody_s_answers_are_joined_where_nobody_signed_in(tmp_path: Path) -> None:
    path = nasty.nobody_signed_in(tmp_path)
    columns = proposed(path, tmp_path).columns | {"email": "Email"}
    params = SurveyParams(columns=columns, issue_columns=("What worries you most?",))
    assert survey.read_answers(path, params, b"key")[0]["respondent_id"].isna().all()


def test_answers_without_consent_are_set_aside_and_counted(tmp_path: Path) -> None:
    answers = read(nasty.without_consent(tmp_path), tmp_path)
    assert answers["reason"].tolist() == [("", "", "no_consent")[n % 3] for n in range(nasty.COUNT)]


def test_a_proposal_names_the_sheets_it_would_fit_as_well_and_what_it_cannot_read(tmp_path: Path) -> None:
    lines, _ = check.check_files([nasty.two_sheets(tmp_path)], settings.read_settings("barset")[0])
    assert "# sheets with the same headings, not read unless named here: 'Wave 2'" in lines
    lines, _ = check.check_files([nasty.what3words(tmp_path)], settings.read_settings("barset")[0])
    assert any("'what3words' (three-word locations" in line for line in lines)


# inputs


def refused(path: Path, **columns: str) -> str:
    params = SurveyParams(
        columns={"received_at": "Date submitted", **columns}, issue_columns=("What worries you most?",)
    )
    with pytest.raises(SourceError) as error:
        survey.read_answers(path, params, b"key")
    return str(error.value)


def test_two_sheets_that_fit_are_refused_until_one_is_named(tmp_path: Path) -> None:
    said = refused(nasty.two_sheets(tmp_path))
    assert said.startswith("survey.xlsx: the sheets 'Wave 1', 'Wave 2' all have the headings. Choose one")


def test_swapped_degrees_are_refused_where_the_settings_map_them_by_their_headings(tmp_path: Path) -> None:
    said = refused(nasty.degrees_swapped(tmp_path), longitude="Longitude", latitude="Latitude")
    assert said == (
        "talk.csv: 24 of 24 coordinates have the two coordinates swapped. Swap the two headings under "
        "[survey.columns], or correct the export."
    )


def test_the_month_before_the_day_is_refused(tmp_path: Path) -> None:
    said = refused(nasty.month_before_day(tmp_path))
    assert said.startswith("talk.csv: ") and "month" in said and "date_format" in said and said.count(". ") <= 2


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = nasty.empty(tmp_path)
    said = refused(path)
    assert said.startswith("survey.csv: ") and "empty" in said
    lines, is_good = check.check_files([path], settings.read_settings("wiltshire")[0])
    assert not is_good and lines[0] == refused(path)


@pytest.mark.parametrize("build", [nasty.surveymonkey, nasty.merged_headings])
def test_two_rows_of_headings_are_not_taken_for_an_answer(build: Build, tmp_path: Path) -> None:
    assert len(read(build(tmp_path), tmp_path)) == nasty.COUNT
