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


def used_files(store: Store) -> list[str]:
    return [file["path"] for file in store.read_facts("ingest")["inputs"] if not file["not_used"]]


def unused_files(store: Store) -> dict[str, str]:
    """Files that were not used, by name, with the reason."""
    return {file["name"]: file["not_used"] for file in store.read_facts("ingest")["inputs"] if file["not_used"]}


def counts_of(store: Store) -> dict[str, int]:
    return store.read("incidents")["month"].value_counts().sort_index().to_dict()


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
    assert told["action"] == "The rows of 2025-08-barset-street.csv are used."
    assert not any("spring" in path for path in used_files(store))


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
    assert len(store.read("incidents")) == len(located) - 1, "one row repeats another"
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


def offence(reference: str = "x", month: str = "2025-09", longitude: str = "-1.80", kind: str = "Burglary"):
    return barset.row(crime_id=reference, month=month, longitude=longitude, crime_type=kind)


def test_offences_of_another_type_place_or_month_under_one_reference_all_count(raw: Path, run) -> None:
    september = [offence(), offence(longitude="-1.79"), offence(kind="Robbery"), offence(longitude="9.9"), offence()]
    barset.write_month(raw, "2025-09", rows=september)
    barset.write_month(raw, "2025-08", rows=[offence(month="2025-08"), offence(month="2025-08", longitude="")])
    store = run(max_set_aside_share=1.0)
    kept = store.read("incidents")
    assert kept["incident_id"].is_unique
    found = kept[["month", "category"]].astype("str").value_counts().to_dict()
    assert found == {("2025-08", "burglary"): 1, ("2025-09", "burglary"): 2, ("2025-09", "robbery"): 1}
    assert kept.loc[kept["incident_id"] == "x", "month"].tolist() == ["2025-08"]
    listed = store.read("quality")[["file", "row", "reason"]].to_numpy().tolist()
    assert (
        listed[:2]
        == [
            ["2025-08-barset-street.csv", 2, "no_coordinates"],
            ["2025-09-barset-street.csv", 4, "outside_force"],
        ]
        or [row[2] for row in listed].count("repeated_id") == 1
    )
    findings = store.read("findings").set_index("kind")["finding"]
    assert findings["repeated_offences"] == "1 row is an offence that another row has already: burglary 1."
    assert findings["shared_references"] == "4 offences share their reference with another one: burglary 3, robbery 1."


def test_a_force_that_numbers_its_crimes_anew_each_month_loses_none(settings: Settings, tmp_path: Path) -> None:
    months = [f"2024-{number:02d}" for number in range(10, 13)] + [f"2025-{number:02d}" for number in range(1, 10)]
    for month in months:
        rows = barset.month_rows(month)[:-3]
        ids = [row | {"Crime ID": row["Crime ID"] and str(number), "LSOA code": ""} for number, row in enumerate(rows)]
        named = [row | {"Reported by": "Police Service of Northern Ireland"} for row in ids]
        barset.write_month(tmp_path / "raw", month, "northern-ireland", rows=named)
    force = dataclasses.replace(settings.force, slug="northern-ireland", neighbours=())
    irish = dataclasses.replace(settings, force=force)
    store = ingest(irish, (tmp_path / "raw",), tmp_path / "out", SEPTEMBER)
    kept = store.read("incidents")
    assert len(kept) == 12 * (len(barset.month_rows("2025-09")) - 3) and kept["incident_id"].is_unique
    assert "repeated_id" not in set(store.read("tally")["reason"])


def test_ids_of_offences_that_share_a_reference_do_not_depend_on_the_order_of_rows(raw: Path, run) -> None:
    rows = [offence(), offence(longitude="-1.79"), offence(kind="Robbery"), offence(reference="y")]
    barset.write_month(raw, "2025-09", rows=rows)
    first = incidents_of(run())
    barset.write_month(raw, "2025-09", rows=rows[::-1])
    assert incidents_of(run()) == first


COPIES = {
    "2025-09-barset-street (1).csv": lambda rows: rows,
    "again/2025-09-barset-street.csv": lambda rows: rows[::-1],
    "2025-09-barset-street - Copy.csv": lambda rows: rows[: len(rows) // 2],
    "september.csv": lambda rows: rows[::-1],
    "2025-10-barset-street.csv": lambda rows: rows[1:],
    "2025-09-loamshire-street.csv": lambda rows: rows[:-1],
}


@pytest.mark.parametrize("name", COPIES)
def test_the_same_month_twice_counts_once_under_any_name(raw: Path, run, name: str) -> None:
    rows = [offence(), *(barset.row(month="2025-09") for _ in range(30)), offence("y")]
    barset.write_month(raw, "2025-09", rows=rows)
    (raw / name).parent.mkdir(exist_ok=True)
    (raw / name).write_text(barset.street_text(COPIES[name](rows)), encoding="utf-8")
    store = run()
    assert counts_of(store) == {"2025-09": 32}
    assert len(used_files(store)) == 2, "the outline and one street file"
    assert len(unused_files(store)) == 1


def test_the_same_month_in_an_archive_and_beside_it_counts_once(raw: Path, run) -> None:
    path = barset.write_month(raw, "2025-09", rows=[barset.row() for _ in range(30)])
    with zipfile.ZipFile(raw / "latest.zip", "w") as archive:
        archive.write(path, "2025-09/2025-09-barset-street.csv")
    store = run()
    assert counts_of(store) == {"2025-09": 30}
    (reason,) = unused_files(store).values()
    assert reason.endswith(" is used instead: the same release of 2025-09")
    assert "replaced_release" not in set(store.read("findings")["kind"])


def test_a_copy_that_is_cut_short_does_not_replace_the_whole_month(raw: Path, run) -> None:
    rows = [barset.row(month="2025-08") for _ in range(40)]
    barset.write_month(raw / "spring", "2025-08", rows=rows)
    barset.write_month(raw / "autumn", "2025-08", rows=rows[:10])
    barset.write_month(raw / "autumn", "2025-09")
    store = run()
    assert counts_of(store)["2025-08"] == 40
    reason = "2025-08-barset-street.csv is used instead: it has 40 rows of 2025-08, this file 10"
    assert list(unused_files(store).values()) == [reason]


def test_a_file_of_several_months_gives_those_that_no_better_file_has(raw: Path, run) -> None:
    several = [barset.row(month=month) for month in ("2025-07", "2025-08", "2025-09", "2025-10") for _ in range(20)]
    (raw / "summer.csv").write_text(barset.street_text(several), encoding="utf-8")
    barset.write_month(raw, "2025-08", rows=[barset.row(month="2025-08") for _ in range(25)])
    store = run()
    assert counts_of(store) == {"2025-07": 20, "2025-08": 25, "2025-09": 20}
    rows = store.read("tally").query("file == 'summer.csv'").set_index("month")
    reasons = {"2025-07": "", "2025-08": "other_release", "2025-09": "", "2025-10": "after_as_of"}
    assert rows["reason"].to_dict() == reasons
    assert rows["rows_set_aside"].tolist() == [0, 20, 0, 20]
    assert len(store.read("quality")) == 40


def test_rows_decide_the_month_where_the_name_says_another(raw: Path, run) -> None:
    barset.write_month(raw, "2025-09", rows=[barset.row(month="2025-08") for _ in range(20)])
    store = run()
    assert counts_of(store) == {"2025-08": 20}
    found = store.read("findings").set_index("kind").loc["other_month", "finding"]
    assert found == "2025-09-barset-street.csv: the rows are of 2025-08, not of 2025-09 as the name says."
