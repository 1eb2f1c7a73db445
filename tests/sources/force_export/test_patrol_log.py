"""Patrol logs: the visits that were made."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from hotspots import tables
from hotspots.errors import ParameterError, SourceError
from hotspots.sources.force_export import patrol_log
from hotspots.sources.force_export.patrol_log import LogParams

COLUMNS = {
    "visit": "Visit",
    "team": "Team",
    "patrol_area": "Area",
    "started_at": "Start",
    "ended_at": "End",
    "outcome": "Outcome",
}
PARAMS = LogParams(columns=COLUMNS)
HEADER = ",".join(COLUMNS.values())
GOOD = "v1,North,asb-2025-09-0001,26/09/2025 23:50,27/09/2025 00:05,spoke to residents"


@pytest.fixture
def tidied(write):
    def tidy(*lines: str) -> pd.DataFrame:
        raw, _ = patrol_log.read_log(write("log.csv", "\n".join([HEADER, *lines, ""])), PARAMS)
        return patrol_log.tidy_visits(raw, PARAMS)

    return tidy


# inputs


@pytest.mark.parametrize(
    "columns", [COLUMNS | {"officer": "Officer"}, {k: v for k, v in COLUMNS.items() if k != "outcome"}]
)
def test_a_map_that_is_not_ours_is_refused(columns: dict) -> None:
    with pytest.raises(
        ParameterError, match=r"patrol_log.columns: give exactly visit, .*; '(officer|outcome)' is wrong"
    ):
        LogParams(columns=columns)


def test_a_missing_column_is_named(write) -> None:
    with pytest.raises(SourceError, match="the column 'Team' is missing; a patrol log needs it"):
        patrol_log.read_log(write("log.csv", HEADER.replace("Team", "Shift") + "\n"), PARAMS)


@pytest.mark.parametrize("cell", ["v1", "North", "26/09/2025 23:50", "27/09/2025 00:05"])
def test_a_visit_needs_its_reference_team_and_times(tidied, cell: str) -> None:
    assert tidied(GOOD, GOOD.replace(cell, ""))["reason"].tolist() == ["", "unreadable"]


def test_a_visit_that_ends_before_it_starts_cannot_be_read(tidied) -> None:
    turned = GOOD.replace("27/09/2025 00:05", "26/09/2025 23:40")
    assert tidied(GOOD, turned)["reason"].tolist() == ["", "unreadable"]


# answers


def test_a_row_becomes_a_visit(tidied) -> None:
    visit = tidied(GOOD).iloc[0]
    assert (visit["visit_id"], visit["officer_team"], visit["patrol_area_id"]) == ("v1", "North", "asb-2025-09-0001")
    assert visit["ended_at"] - visit["started_at"] == pd.Timedelta(minutes=15)
    assert (visit["month"], visit["reason"]) == ("2025-09", "")


def test_a_visit_outside_every_area_and_without_outcome_is_a_visit(tidied) -> None:
    visit = tidied("v1,North,,26/09/2025 23:50,27/09/2025 00:05,").iloc[0]
    assert pd.isna(visit["patrol_area_id"])
    assert visit["reason"] == ""


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-09-26T22:50:00Z", "2025-09-26T23:05:00Z"),
        ("2025-09-26T23:50:00+01:00", "2025-09-27T00:05:00+01:00"),
        ("26-Sep-2025 23:50", "27-Sep-2025 00:05"),
        ("45926.9930556", "45927.0034722"),
    ],
)
def test_times_are_read_as_in_exports(tidied, start: str, end: str) -> None:
    visit = tidied(f"v1,North,,{start},{end},").iloc[0]
    assert visit["started_at"].round("min") == pd.Timestamp("2025-09-26 23:50")
    assert visit["ended_at"].round("min") == pd.Timestamp("2025-09-27 00:05")


def test_a_visit_may_end_at_24_00(tidied) -> None:
    assert tidied("v1,North,,26/09/2025 23:50,26/09/2025 24:00,").iloc[0]["ended_at"] == pd.Timestamp("2025-09-27")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_log_may_have_any_delimiter_encoding_and_title(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "log.csv"
    text = "\n".join(["Visits of the week", "", HEADER, GOOD.replace("spoke", "caf\u00e9")]).replace(",", delimiter)
    path.write_bytes(text.encode("cp1252"))
    params = dataclasses.replace(PARAMS, encoding="cp1252")
    raw, _ = patrol_log.read_log(path, params)
    assert patrol_log.matching_share(path, params) == 1
    assert patrol_log.tidy_visits(raw, params)["reason"].tolist() == [""]


def test_a_log_may_be_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Visits")
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ["v1", "North", "", "2025-09-26T22:50:00Z", "26/09/2025 24:00", ""])
    raw, _ = patrol_log.read_log(path, PARAMS)
    visit = patrol_log.tidy_visits(raw, PARAMS).iloc[0]
    assert (visit["started_at"], visit["ended_at"]) == (pd.Timestamp("2025-09-26 23:50"), pd.Timestamp("2025-09-27"))
    assert patrol_log.matching_share(path, PARAMS) == 1


def test_a_log_with_the_month_first_is_refused(write) -> None:
    path = write("log.csv", "\n".join([HEADER, GOOD.replace("26/09/", "09/26/").replace("27/09/", "09/27/"), ""]))
    with pytest.raises(SourceError, match=r"has the month before the day .* under \[patrol_log\]"):
        patrol_log.read_log(path, PARAMS)


# promises


def test_usable_rows_make_the_declared_table_and_none_make_an_empty_one(tidied) -> None:
    assert len(tables.conform(tidied(GOOD), tables.VISITS)) == 1
    assert list(tables.conform(tidied(), tables.VISITS).columns) == list(tables.VISITS.columns)
