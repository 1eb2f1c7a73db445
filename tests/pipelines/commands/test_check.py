"""`hotspots check` reports before a run that it would refuse a file, with the commonest reason."""

from pathlib import Path

import made_up_files as barset
import pytest

from pipelines.commands.check import check_files
from pipelines.settings import Settings

HEADINGS = "Ref,Type,Recorded,Lon,Lat,Place"


def export(path: Path, place: str = "-1.785,51.558", day: str = "03/09/2025 10:0{n}", end: str = "\n") -> Path:
    rows = [f"{n},Nuisance,{day.replace('{n}', str(n % 10))},{place},Mill Lane" for n in range(60)]
    path.write_bytes(end.join([HEADINGS, *rows, ""]).encode())
    return path


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (",", "Most common reason: the row has no location"),
        ("415000,184000", "are in metres where longitude and latitude in degrees are expected"),
        ("SU 145 845,", "are grid references such as SU 145 845"),
        ("far,away", "60 of 60 coordinates are not numbers"),
        ("400,51.5", "60 of 60 coordinates lie outside Great Britain"),
        ("-1.785,1e308", "60 of 60 coordinates lie outside Great Britain"),
        ("0.1,52.2", "Most common reason: the location is outside the force"),
    ],
)
def test_a_wrong_place_is_refused_with_its_reason(settings: Settings, tmp_path: Path, place: str, says: str) -> None:
    outline = barset.write_outline(tmp_path / "outlines.geojson", "barset")
    lines, is_good = check_files([export(tmp_path / "export.csv", place), outline], settings)
    assert not is_good and says in "\n".join(lines)


def test_dates_that_are_none_are_refused_and_named(settings: Settings, tmp_path: Path) -> None:
    lines, is_good = check_files([export(tmp_path / "export.csv", day="banana {n}")], settings)
    assert not is_good
    assert "Most common reason: the row cannot be read (60 rows). export.csv: 60 values of 'Recorded'" in lines[-1]


@pytest.mark.parametrize("month", ["Sept 2025", "2025-13", "2025-00", "09/2025", "banana"])
def test_months_that_are_none_are_refused_and_named(settings: Settings, tmp_path: Path, month: str) -> None:
    path = barset.write_month(tmp_path, "2025-09")
    path = path.rename(tmp_path / "street.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("2025-09,", f"{month},"), encoding="utf-8")
    lines, is_good = check_files([path], settings)
    assert not is_good
    assert "177 of 177 rows have a month that cannot be read, expected one like 2025-09" in lines[-1]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_may_end_in_any_way(settings: Settings, tmp_path: Path, end: str) -> None:
    lines, is_good = check_files([export(tmp_path / "export.csv", end=end)], settings)
    assert is_good and "60 rows, 2025-09 to 2025-09; every row can be used" in lines[0]


def test_a_line_break_inside_a_row_loses_that_row_only(settings: Settings, tmp_path: Path) -> None:
    path = export(tmp_path / "export.csv")
    path.write_bytes(path.read_bytes().replace(b"Mill Lane", b"Mill\rLane", 1))
    lines, is_good = check_files([path], settings)
    assert is_good and "1 row: the row cannot be read" in lines[0]


def test_an_unknown_time_is_reported(settings: Settings, tmp_path: Path) -> None:
    lines, is_good = check_files([export(tmp_path / "export.csv", day="03/09/2025 09:00")], settings)
    assert is_good
    assert any("60 of 60 times of 'Recorded' are exactly 09:00" in line for line in lines)
