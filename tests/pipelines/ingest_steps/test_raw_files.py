"""Files are known by name and columns, used or not with a reason, in an order that no folder decides."""

import re
from datetime import date
from pathlib import Path

import made_up_files as barset
import pytest

from hotspots.errors import ParameterError
from hotspots.sources.raw_file import RawFile
from pipelines.ingest_steps import raw_files
from pipelines.settings import Settings

EXPORT = "Ref,Type,Recorded,Lon,Lat,Place\n1,Nuisance,03/09/2025 10:00,-1.785,51.558,Mill Lane\n"


def listed(settings: Settings, *raw: Path, as_of: date | None = None) -> dict[str, RawFile]:
    return {file.path.name: file for file in raw_files.list_inputs(raw, settings, as_of)}


# inputs


def test_a_folder_that_is_not_there_is_a_fault_of_usage(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"--raw names '.*nowhere', which does not exist"):
        raw_files.list_inputs([tmp_path / "nowhere"], settings, None)


def test_a_street_file_s_name_on_something_else_is_refused_when_it_is_read(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "2025-09-barset-street.csv"
    path.write_bytes(b"PK\x03\x04")
    assert raw_files.recognise(path, settings).kind == "street"


# answers


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("2025-09-barset-street.csv", "", "street"),
        ("download (3).csv", barset.street_text([barset.row()]), "street"),
        ("2025-09-barset-outcomes.csv", "Crime ID,Month,Reported by,Falls within,Longitude,Outcome type\n", "outcomes"),
        ("2025-09-barset-stop-and-search.csv", "Type,Date,Part of a policing operation,Age range\n", "stop_and_search"),
        ("export.csv", EXPORT, "force_export"),
        ("answers.csv", "Answer,Submitted,Worry,Ward,Lon,Lat,How often,Your name\n", "survey"),
        ("lets-talk 2025.csv", "anything\n", "survey"),
        ("Survey_2.csv", "anything\n", "survey"),
        ("surveyor.csv", "anything\n", "unknown"),
        ("codepoint.csv", '"SN1 1AA",10,415001,184368,"E92000001","","E18","","E06","E05"\n', "postcodes"),
        ("areas.geojson", '{"type": "FeatureCollection", "features": [{"properties": {"force": "b"}}]}', "places"),
        ("other.geojson", '{"type": "FeatureCollection", "features": []}', "unknown"),
        ("beats.gpkg", "", "places"),
        ("notes.docx", "", "unknown"),
        ("empty.csv", "", "unknown"),
    ],
)
def test_each_kind_is_recognised(write, settings: Settings, name: str, content: str, kind: str) -> None:
    assert raw_files.recognise(write(name, content), settings).kind == kind


def test_a_street_file_tells_its_force_and_month_by_its_name_else_by_its_rows(write, settings: Settings) -> None:
    named = raw_files.recognise(write("2025-09-west-mercia-street.csv", ""), settings)
    assert (named.force, named.month) == ("west-mercia", "2025-09")
    renamed = raw_files.recognise(write("copy.csv", barset.street_text([barset.row()])), settings)
    assert (renamed.force, renamed.month) == ("barset", "")


def test_each_file_that_is_not_used_says_why(settings: Settings, tmp_path: Path) -> None:
    for month, force in [("2025-08", "barset"), ("2025-09", "barset"), ("2025-08", "loamshire"), ("2025-08", "dorset")]:
        barset.write_month(tmp_path, month, force, rows=[barset.row(month=month, reported_by=force)])
    (tmp_path / "outcomes.csv").write_text("Crime ID,Outcome type\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text("a,b\n", encoding="utf-8")
    reasons = {name: file.not_used for name, file in listed(settings, tmp_path, as_of=date(2025, 9, 29)).items()}
    assert reasons == {
        "2025-08-barset-street.csv": "",
        "2025-08-loamshire-street.csv": "",
        "2025-08-dorset-street.csv": "of another force (dorset)",
        "2025-09-barset-street.csv": "later than 2025-09-29",
        "outcomes.csv": "of another force (unnamed)",
        "list.csv": "of no known kind",
    }


def test_the_same_content_twice_is_used_once(settings: Settings, tmp_path: Path) -> None:
    barset.write_month(tmp_path / "a", "2025-09")
    (tmp_path / "copy of street.csv").write_text(barset.street_text(barset.month_rows("2025-09")), encoding="utf-8")
    files = listed(settings, tmp_path)
    assert files["2025-09-barset-street.csv"].not_used == ""
    assert files["copy of street.csv"].not_used == "same content as 2025-09-barset-street.csv"


def test_a_file_named_twice_is_listed_once(settings: Settings, tmp_path: Path) -> None:
    path = barset.write_month(tmp_path, "2025-09")
    assert len(raw_files.list_inputs([tmp_path, path, path.parent], settings, None)) == 1


def test_hidden_files_and_what_systems_leave_are_passed_over(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".DS_Store", "._2025-09-barset-street.csv", "Thumbs.db", "desktop.ini", ".git/config.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert raw_files.list_inputs([tmp_path], settings, None) == []


def test_a_file_that_is_named_itself_may_lie_in_a_hidden_folder(settings: Settings, tmp_path: Path) -> None:
    path = barset.write_month(tmp_path / ".cache", "2025-09")
    assert list(listed(settings, path)) == [path.name]


# promises


def test_the_order_and_the_fingerprint_do_not_depend_on_the_folder(settings: Settings, tmp_path: Path) -> None:
    here, there = tmp_path / "a", tmp_path / "z" / "deeper"
    barset.write_raw(here)
    barset.write_raw(there)
    seen = [
        [(file.path.name, file.sha256) for file in raw_files.list_inputs([top], settings, None)]
        for top in (here, there)
    ]
    assert seen[0] == seen[1]
    assert {bool(re.fullmatch("[0-9a-f]{64}", digest)) for _, digest in seen[0] if digest} == {True}
