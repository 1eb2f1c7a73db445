"""Months of data.police.uk as they come: archives, outcomes, newer releases, old codes, other forces' labels."""

import csv
import dataclasses
import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path

import made_up_files as barset
import pytest

from hotspots.errors import SourceError
from pipelines.flows.ingest import ingest
from pipelines.settings import Settings
from pipelines.storage.store import Store

SEPTEMBER = date(2025, 9, 30)
OUTCOME_COLUMNS = [*barset.COLUMNS[:9], "Outcome type"]


@pytest.fixture
def run(settings: Settings, tmp_path: Path):
    def ingested(*raw: Path, **changes: object) -> Store:
        force = dataclasses.replace(settings.force, neighbours=(), **changes)
        return ingest(
            dataclasses.replace(settings, force=force), raw or (tmp_path / "raw",), tmp_path / "out", SEPTEMBER
        )

    return ingested


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    barset.write_outline(tmp_path / "raw" / "o.geojson")
    return tmp_path / "raw"


def incidents_of(store: Store) -> list[tuple]:
    rows = store.read("incidents")
    return [tuple(row) for row in rows.drop(columns="geometry").astype("str").assign(x=rows.geometry.x).to_numpy()]


def write_outcomes(folder: Path, month: str, rows: list[tuple[str, str, str]]) -> None:
    """An outcomes file of Barset: crime, month of the outcome, and what it was."""
    text = io.StringIO()
    writer = csv.DictWriter(text, OUTCOME_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for crime, when, what in rows:
        cells = barset.row(crime_id=crime, month=when)
        writer.writerow({name: cells.get(name, "") for name in OUTCOME_COLUMNS} | {"Outcome type": what})
    path = folder / month / f"{month}-barset-outcomes.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8")


# errors


def test_a_month_under_another_month_s_name_is_refused(raw: Path, run) -> None:
    barset.write_month(raw, "2025-09", rows=barset.month_rows("2025-08"))
    said = (
        r"^2025-09-barset-street\.csv: most rows are of 2025-08, not of 2025-09 as the name says\. Download the month"
    )
    with pytest.raises(SourceError, match=said):
        run()


def test_a_damaged_archive_is_refused(raw: Path, run) -> None:
    (raw / "2025-09.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(SourceError, match=r"^2025-09\.zip: the archive is damaged or cut short"):
        run()


def test_a_line_of_a_hundred_megabytes_is_refused(raw: Path, run) -> None:
    path = barset.write_month(raw, "2025-09", rows=[barset.row()])
    with path.open("ab") as file:
        file.write(b"x" * 100_000_000)
    with pytest.raises(SourceError, match=r"line 3 is longer than 1 million characters\."):
        run()


# answers


def test_an_archive_gives_what_the_folders_in_it_give(raw: Path, run, tmp_path: Path) -> None:
    for month in barset.MONTHS:
        barset.write_month(raw, month)
    loose = run()
    packed = tmp_path / "packed"
    packed.mkdir()
    (packed / "o.geojson").write_bytes((raw / "o.geojson").read_bytes())
    with zipfile.ZipFile(packed / "latest.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(raw.rglob("*-street.csv")):
            archive.write(path, path.relative_to(raw).as_posix())
            path.unlink()
    assert incidents_of(run(packed)) == incidents_of(loose)


def test_the_latest_outcome_is_joined_and_no_crime_becomes_two(raw: Path, run) -> None:
    rows = [barset.row(crime_type="Burglary", crime_id=name, last_outcome_category="Open") for name in "abc"]
    barset.write_month(raw, "2025-09", rows=[*rows, barset.row(), barset.row()])
    write_outcomes(raw, "2025-08", [("a", "2025-08", "Charged"), ("", "2025-08", "Nobody's")])
    told = [("b", "2025-09", "First"), ("a", "2025-09", "Court"), ("b", "2025-09", "Second"), ("zz", "2025-09", "Else")]
    write_outcomes(raw, "2025-09", told)
    incidents = run().read("incidents").set_index("incident_id")
    assert len(incidents) == 5
    assert incidents.loc[list("abc"), "outcome"].tolist() == ["Court", "Second", "Open"]
    assert incidents.loc[incidents["category"] == "asb", "outcome"].isna().all()


def test_of_two_releases_the_newer_counts_and_the_page_says_what_changed(raw: Path, run) -> None:
    usual = barset.row(month="2025-08")
    old = [usual | {"Crime type": "Burglary", "Crime ID": name} for name in "abcd"] + [usual] * 3
    barset.write_month(raw / "spring", "2025-08", rows=old)
    new = [row | {"Last outcome category": "Charged"} for row in reversed(old[1:4])] + [usual] * 4
    new[0]["Longitude"] = "-1.80"
    barset.write_month(raw / "autumn", "2025-08", rows=new)
    barset.write_month(raw / "autumn", "2025-09")
    store = run()
    august = store.read("incidents").query("month == '2025-08'")
    assert sorted(august.loc[august["category"] == "burglary", "incident_id"]) == ["b", "c", "d"]
    assert (august["category"] == "asb").sum() == 4
    told = store.read("findings").set_index("kind").loc["replaced_release"]
    assert told["finding"] == (
        "2025-08 is in two releases; rows: 7 (before: 7); references added: 0, removed: 1; changed locations: 1, "
        "types: 0, outcomes: 3; ASB rows: 4 (before: 3)."
    )
    assert told["action"] == "The newer release (2025-09) is used."
    assert not any("spring" in name for name in store.read("tally")["file"])


def test_areas_of_the_former_census_are_brought_to_today_s(raw: Path, run) -> None:
    (raw / "lsoas.csv").write_text(
        "LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND\n"
        "E01000001,A,E01000001,A,U\nE01000002,B,E01033001,B,M\nE01000003,C,E01033002,C,S\nE01000003,C,E01033003,D,S\n",
        encoding="utf-8",
    )
    codes = ["E01000001", "E01000002", "E01000003", ""]
    barset.write_month(raw, "2025-09", rows=[barset.row(lsoa_code=code, crime_id=code or "none") for code in codes])
    found = run().read("incidents").set_index("incident_id")["lsoa_code"]
    assert found["E01000001"] == "E01000001" and found["E01000002"] == "E01033001"
    assert found[["E01000003", "none"]].isna().all(), "a split area cannot be told from the code alone"


def test_a_few_rows_of_another_month_are_kept_and_told_of(raw: Path, run) -> None:
    barset.write_month(raw, "2025-09", rows=[barset.row()] * 8 + [barset.row(month="2025-08")] * 2)
    barset.write_month(raw, "2025-08", rows=[barset.row(month="2025-08")] * 5)
    store = run()
    assert store.read("incidents")["month"].value_counts().to_dict() == {"2025-09": 8, "2025-08": 7}
    assert store.read("incidents")["incident_id"].is_unique
    told = store.read("findings").set_index("kind").loc["other_month", "finding"]
    assert told == "2025-09-barset-street.csv: 2 rows are of another month than the name says, most of 2025-08."


def test_what_transport_police_recorded_stands_at_a_station(raw: Path, run) -> None:
    rows = [barset.row(reported_by="British Transport Police", location="Barchester (station)"), barset.row()]
    barset.write_month(raw, "2025-09", rows=rows)
    store = run()
    found = store.read("incidents").set_index("location_text")["location_precision"]
    assert "at_stations" in set(store.read("findings")["kind"])
    assert found["Barchester (station)"] == "station" and found["On or near Mill Lane"] == "snap"


def test_a_force_without_lsoas_comes_in_whole(raw: Path, run) -> None:
    rows = [row | {"LSOA code": "", "LSOA name": ""} for row in barset.month_rows("2025-09")]
    barset.write_month(raw, "2025-09", rows=rows)
    store = run()
    located = [row for row in rows if row["Longitude"] and float(row["Longitude"]) < barset.BORDER]
    assert len(store.read("incidents")) == len({row["Crime ID"] or id(row) for row in located})
    assert store.read("incidents")["lsoa_code"].isna().all()
    assert "no_lsoas" in set(store.read("findings")["kind"])


def test_old_names_of_crime_types_are_today_s(raw: Path, run) -> None:
    barset.write_month(raw, "2025-09", rows=[barset.row(crime_id="a", crime_type="Public disorder and weapons")])
    assert run().read("incidents")["category"].astype("str").tolist() == ["public_disorder_weapons"]


def test_an_unchanged_file_is_not_read_again(raw: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    for month in barset.MONTHS:
        barset.write_month(raw, month)
    first = incidents_of(run())
    from hotspots.sources.police_uk import street_files

    def refuse(path: object) -> None:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(street_files, "read_street", refuse)
    assert incidents_of(run()) == first
    barset.write_month(raw, "2025-09", rows=[barset.row()])
    with pytest.raises(AssertionError, match="2025-09"):
        run()


def test_incidents_that_no_kept_run_rests_on_are_removed_after_a_week(raw: Path, run, tmp_path: Path) -> None:
    barset.write_month(raw, "2025-09")
    run(keep_runs=1)
    rest = tmp_path / "out" / "barset" / "incidents"
    (former,) = (path for path in rest.rglob("*.parquet"))
    barset.write_month(raw, "2025-09", rows=barset.month_rows("2025-09")[:-20])
    run(keep_runs=1)
    assert former.exists(), "another run may still read it"
    for path in [former, *(rest / "records").glob("*.json")]:
        is_old = path == former or json.loads(path.read_text(encoding="utf-8"))["months"]["2025-09"].endswith(
            former.name
        )
        if is_old:
            os.utime(path, (0, 0))
    kept = incidents_of(run(keep_runs=1))
    assert not former.exists() and len(list((rest / "records").glob("*.json"))) == 1
    assert incidents_of(run(keep_runs=1)) == kept


def test_of_a_repeated_reference_in_any_file_one_row_is_kept_by_place_type_and_month(raw: Path, run) -> None:
    def told(month: str, longitude: str, kind: str) -> dict[str, str]:
        return barset.row(crime_id="x", month=month, longitude=longitude, crime_type=kind)

    late = [
        told("2025-09", "-1.80", "Burglary"),
        told("2025-09", "-1.79", "Burglary"),
        told("2025-09", "9.9", "Robbery"),
    ]
    barset.write_month(raw, "2025-09", rows=late)
    early = [told("2025-08", "-1.80", "Robbery"), told("2025-08", "", "Burglary"), told("2025-08", "-1.80", "Burglary")]
    barset.write_month(raw, "2025-08", rows=early)
    store = run(max_set_aside_share=1.0)
    kept = store.read("incidents")
    assert kept[["month", "category"]].astype("str").to_numpy().tolist() == [["2025-08", "burglary"]]
    aside = store.read("quality")
    assert aside[["file", "row", "reason"]].to_numpy().tolist() == [
        ["2025-08-barset-street.csv", 1, "repeated_id"],
        ["2025-08-barset-street.csv", 2, "no_coordinates"],
        ["2025-09-barset-street.csv", 1, "repeated_id"],
        ["2025-09-barset-street.csv", 2, "repeated_id"],
        ["2025-09-barset-street.csv", 3, "outside_force"],
    ]
