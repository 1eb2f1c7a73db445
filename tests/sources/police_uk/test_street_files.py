"""Street files of data.police.uk: every row kept, named and placed, or set aside with a reason."""

import io
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest

from hotspots import categories, tables
from hotspots.errors import SourceError
from hotspots.sources import incident_rows
from hotspots.sources.police_uk import street_files

HEADER = ",".join(street_files.COLUMNS)
WHO = "2025-09,Wiltshire Police,Wiltshire Police"
ASB = f",{WHO},-1.785,51.558,On or near Mill Lane,E01,Swindon 012A,Anti-social behaviour,,"
BURGLARY = f"ab12,{WHO},-1.78,51.56,On or near Hill,E02,Wiltshire 003B,Burglary,Under investigation,"
NAME = "2025-09-wiltshire-street.csv"


@pytest.fixture
def tidied(write):
    """Rows of a street file, as incidents."""

    def tidy(*lines: str, name: str = NAME, force: str = "wiltshire") -> gpd.GeoDataFrame:
        raw, _ = street_files.read_street(write(name, "\n".join([HEADER, *lines, ""])))
        return incident_rows.to_frame(street_files.tidy_street(raw, force))

    return tidy


def changed(row: str, **cells: str) -> str:
    """A row with other cells; keywords are headings in small letters with underscores."""
    values = dict(zip(street_files.COLUMNS, row.split(","), strict=True))
    return ",".join((values | {name.replace("_", " "): value for name, value in cells.items()}).values())


# inputs


def test_the_format_has_its_twelve_columns() -> None:
    assert len(street_files.COLUMNS) == 12
    assert set(street_files.NEEDED) < set(street_files.COLUMNS)


def test_a_missing_column_is_named(write) -> None:
    path = write(NAME, HEADER.replace("Longitude,", "") + "\n")
    with pytest.raises(
        SourceError, match=r"the column 'Longitude' is missing; a street file of data.police.uk needs it"
    ):
        street_files.read_street(path)


@pytest.mark.parametrize("column", street_files.NEEDED)
def test_every_needed_column_is_missed(write, column: str) -> None:
    left = [name for name in street_files.COLUMNS if name != column]
    with pytest.raises(SourceError, match=f"'{column}'"):
        street_files.read_street(write(NAME, ",".join(left) + "\n"))


def test_an_archive_a_web_page_and_utf_16_are_called_what_they_are(write) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(NAME, HEADER)
    for content, what in [
        (archive.getvalue(), "a zip archive or an Excel workbook"),
        (b"<html><head><title>403 Forbidden</title></head></html>", "a web page"),
        ((HEADER + "\n" + ASB).encode("utf-16"), "UTF-16 text"),
    ]:
        with pytest.raises(SourceError, match=f"this is {what}, expected a street file of data.police.uk"):
            street_files.read_street(write(NAME, content))


def test_cp1252_is_refused_with_its_line(write) -> None:
    path = write(NAME, "\n".join([HEADER, ASB, ASB.replace("Mill", "Caf\u00e9")]), encoding="cp1252")
    with pytest.raises(SourceError, match=r"line 3 is not UTF-8 text \(byte 0xE9\)"):
        street_files.read_street(path)


# answers


def test_a_row_becomes_an_incident(tidied) -> None:
    incident = tidied(BURGLARY).iloc[0]
    assert incident["incident_id"] == "ab12"
    assert (incident["category"], incident["month"], incident["date_precision"]) == ("burglary", "2025-09", "month")
    assert (incident["force"], incident["lsoa_code"], incident["team_name"]) == ("wiltshire", "E02", "Wiltshire")
    assert incident["location_precision"] == "snap"
    assert incident.geometry.x == pytest.approx(415_348, abs=2)
    assert incident.geometry.y == pytest.approx(184_592, abs=2)
    assert incident["reason"] == ""


def test_identical_asb_rows_are_so_many_incidents(tidied) -> None:
    incidents = tidied(ASB, ASB, BURGLARY, ASB)
    assert len(incidents) == 4
    assert incidents["incident_id"].is_unique
    assert (incidents["reason"] == "").all()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Longitude": "", "Latitude": "", "Location": "No Location"}, "no_coordinates"),
        ({"Longitude": "", "Latitude": "51.5"}, "no_coordinates"),
        ({"Longitude": "0", "Latitude": "0"}, "no_coordinates"),
        ({"Longitude": "0.000000", "Latitude": "0.000000"}, "no_coordinates"),
        ({"Longitude": "west", "Latitude": "51.5"}, "unreadable"),
        ({"Longitude": "inf", "Latitude": "51.5"}, "unreadable"),
        ({"Month": "2025-13"}, "unreadable"),
        ({"Month": "Sept 2025"}, "unreadable"),
        ({"Month": ""}, "unreadable"),
        ({"Crime_type": ""}, "unreadable"),
        ({"Crime_type": "Cyber crime"}, ""),
        ({"LSOA_code": "", "LSOA_name": ""}, ""),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_says_why(tidied, cells: dict, reason: str) -> None:
    incidents = tidied(ASB, changed(ASB, **cells), ASB)
    assert incidents["reason"].tolist() == ["", reason, ""]
    assert incidents.geometry.isna().tolist()[::2] == [False, False]
    if reason == "no_coordinates":
        assert incidents.geometry.isna()[1]


def test_a_type_nobody_has_seen_is_kept_as_unrecognised(tidied) -> None:
    assert tidied(changed(ASB, Crime_type="Cyber crime"))["category"].tolist() == ["unrecognised"]


@pytest.mark.parametrize("kind", categories.POLICE_UK)
def test_every_published_type_has_its_category(tidied, kind: str) -> None:
    assert tidied(changed(ASB, Crime_type=kind))["category"].tolist() == [categories.POLICE_UK[kind]]


def test_short_and_long_rows_are_counted(write) -> None:
    raw, broken = street_files.read_street(write(NAME, "\n".join([HEADER, ASB, ASB + ",more", ASB[:40], BURGLARY])))
    assert (len(raw), broken) == (2, [2, 3])


def test_a_mark_a_quoted_newline_and_other_line_ends_do_no_harm(write) -> None:
    quoted = ASB.replace("On or near Mill Lane", '"On or near Mill\nLane, East"')
    raw, broken = street_files.read_street(write(NAME, "\ufeff" + "\r\n".join([HEADER, quoted, BURGLARY, ""])))
    assert raw["Location"].to_pylist() == ["On or near Mill\nLane, East", "On or near Hill"]
    assert broken == []
    assert raw["Crime ID"].is_null().to_pylist() == [True, False]


@pytest.mark.parametrize(
    ("lsoa", "district"),
    [
        ("Swindon 012A", "Swindon"),
        ("Telford and Wrekin 003B", "Telford and Wrekin"),
        ("Newcastle-under-Lyme 010AA", "Newcastle-under-Lyme"),
        ("Bournemouth, Christchurch and Poole 040A", "Bournemouth, Christchurch and Poole"),
        ("Somewhere", "Somewhere"),
    ],
)
def test_the_district_is_in_the_lsoas_name(lsoa: str, district: str) -> None:
    districts = street_files.district_of(incident_rows.dictionary(pa.array([lsoa, None, lsoa])))
    assert districts.to_pylist() == [district, None, district]


def test_the_force_is_in_the_first_rows_and_not_that_of_a_station(write) -> None:
    station = changed(ASB, **{"Reported by": "British Transport Police"})
    assert street_files.force_of(write("2025-09-dorset-street.csv", "\n".join([HEADER, station, ASB]))) == "wiltshire"
    assert street_files.force_of(write("export.csv", "\n".join([HEADER, station]))) == "btp"
    assert street_files.force_of(write("export.csv", HEADER + "\n")) == ""


# promises


def test_made_ids_depend_neither_on_the_order_of_rows_nor_on_the_file(tidied) -> None:
    other = changed(ASB, Location="On or near Hill")
    one = tidied(ASB, other, ASB, BURGLARY)
    turned = tidied(BURGLARY, other, ASB, ASB, name="copy-of-september.csv")
    assert sorted(one["incident_id"]) == sorted(turned["incident_id"])
    assert set(one["incident_id"][[0, 2]]) == set(turned["incident_id"][[2, 3]])


def test_made_ids_differ_by_force_month_type_and_place(tidied) -> None:
    differing = [
        ASB,
        changed(ASB, Month="2025-08"),
        changed(ASB, Location="x"),
        changed(ASB, Longitude="-1.786"),
        changed(ASB, LSOA_code="E9"),
    ]
    made = [*tidied(*differing)["incident_id"], *tidied(ASB, force="hampshire")["incident_id"]]
    assert len(set(made)) == 6


def test_a_bad_number_elsewhere_moves_no_point_and_changes_no_id(tidied) -> None:
    clean, beside = tidied(ASB, BURGLARY), tidied(ASB, BURGLARY, changed(ASB, Longitude="west"))
    assert clean["incident_id"].tolist() == beside["incident_id"].tolist()[:2]
    assert (clean.geometry.to_numpy() == beside.geometry.to_numpy()[:2]).all()


def test_usable_rows_make_the_declared_table_and_raw_rows_stay(write) -> None:
    raw, _ = street_files.read_street(write(NAME, "\n".join([HEADER, ASB, ASB, BURGLARY])))
    before = raw.to_pylist()
    shaped = tables.conform(incident_rows.to_frame(street_files.tidy_street(raw, "wiltshire")), tables.INCIDENTS)
    assert len(shaped) == 3
    assert raw.to_pylist() == before


def test_a_file_without_rows_is_an_empty_table(tidied) -> None:
    assert list(tables.conform(tidied(), tables.INCIDENTS).columns) == list(tables.empty(tables.INCIDENTS).columns)


@pytest.mark.real_data
def test_a_real_month_keeps_every_row(shared_data: Path) -> None:
    path = shared_data / "police_uk" / "2025-09" / NAME
    if not path.is_file():
        pytest.skip(f"no real data: {path} is missing")
    raw, broken = street_files.read_street(path)
    incidents = incident_rows.to_frame(street_files.tidy_street(raw, "wiltshire"))
    assert broken == []
    assert len(incidents) == path.read_text(encoding="utf-8").count("\n") - 1
    asb = incidents[incidents["category"] == "asb"]
    assert asb["incident_id"].is_unique
    assert (asb["incident_id"].str.endswith("-2")).mean() > 0.02
    assert incidents["reason"].isin(["", "no_coordinates"]).all()
    assert np.isfinite(incidents[incidents["reason"] == ""].geometry.x).all()
    assert incidents["team_name"].value_counts().index[:2].tolist() == ["Wiltshire", "Swindon"]
