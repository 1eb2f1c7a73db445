"""Which rows under one reference are the same offence, and which of its updates counts."""

import dataclasses
from datetime import date
from pathlib import Path

import made_up_files as barset
import pandas as pd
import pytest

from pipelines.flows.ingest import ingest
from pipelines.settings import Settings
from pipelines.storage.store import Store

DAY = date(2025, 9, 30)
HEADINGS = "Ref,Type,Sub,Recorded,From,Updated,Lon,Lat,Place"
COLUMNS = {"subtype": "Sub", "committed_from": "From", "updated_at": "Updated"}


def line(
    ref: str = "R1", kind: str = "Burglary", sub: str = "Dwelling", recorded: str = "03/09/2025 10:00",
    start: str = "02/09/2025 22:00", updated: str = "", lon: str = "-1.785", place: str = "Mill Lane",
) -> str:  # fmt: skip
    return f"{ref},{kind},{sub},{recorded},{start},{updated},{lon},51.558,{place}"


@pytest.fixture
def run(settings: Settings, tmp_path: Path):
    """Ingest exports, each a list of lines, as of a day."""
    params = settings.force_export
    own = dataclasses.replace(settings, force_export=dataclasses.replace(params, columns=params.columns | COLUMNS))

    def ingested(*exports: list[str], day: date = DAY) -> Store:
        raw = tmp_path / "raw"
        raw.mkdir(exist_ok=True)
        barset.write_outline(raw / "outlines.geojson")
        for number, lines in enumerate(exports):
            (raw / f"export {number}.csv").write_text("\n".join([HEADINGS, *lines, ""]), encoding="utf-8")
        return ingest(own, (raw,), tmp_path / "out", day)

    return ingested


def places(store: Store) -> list[str]:
    return store.read("incidents")["location_text"].tolist()


def findings_of(store: Store) -> pd.Series:
    return store.read("findings").set_index("kind")["finding"]


# answers


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "Nuisance"},
        {"kind": "Criminal damage"},
        {"sub": "Shed"},
        {"lon": "-1.786"},
        {"start": "03/08/2025 22:00"},
        {"start": "09/09/2025 22:00"},
    ],
)
def test_an_offence_of_another_type_place_or_day_counts_beside_the_first(run, other: dict) -> None:
    store = run([line(), line(**other)])
    ids = store.read("incidents")["incident_id"]
    assert len(ids) == 2 and ids.is_unique
    assert {found.split("-")[0] for found in ids} == {"R1"}
    assert "shared_references" in findings_of(store).index


@pytest.mark.parametrize(
    "other", [{}, {"kind": "BURGLARY"}, {"start": "02/09/2025 22:30"}, {"recorded": "04/09/2025 10:00"}]
)
def test_the_same_offence_again_counts_once_and_is_reported_by_type(run, other: dict) -> None:
    store = run([line(), line(**other), line("R2")])
    assert store.read("incidents")["incident_id"].tolist() == ["R1", "R2"]
    assert findings_of(store)["repeated_offences"] == "1 row is an offence that another row has already: burglary 1."


def test_of_updates_the_latest_known_on_the_day_counts(run) -> None:
    versions = [
        line(updated="05/09/2025 09:00", place="Second Lane"),
        line(updated="03/09/2025 11:00", place="First Lane"),
        line(updated="02/10/2025 09:00", place="Third Lane"),
    ]
    assert places(run(versions)) == ["Second Lane"]
    assert places(run(versions, day=date(2025, 10, 2))) == ["Third Lane"]
    assert places(run([line(updated="02/10/2025 09:00", place="Only Lane")])) == ["Only Lane"]


def test_of_two_exports_the_one_with_the_later_records_counts(run) -> None:
    old, new = [line(place="Old Road")], [line(place="New Road"), line("R2", recorded="20/09/2025 10:00")]
    assert places(run(new, old)) == ["New Road", "Mill Lane"]
    assert places(run(old, new)) == ["New Road", "Mill Lane"]


def test_references_that_a_spreadsheet_changed_are_missing_and_never_equal(run) -> None:
    changed = ["5.43E+09", "5.43E9", "########", "#REF!", "1.23457E+14"]
    lines = [line(ref) for ref in changed for _ in range(2)]
    store = run([*lines, line()])
    incidents = store.read("incidents")
    assert len(incidents) == 11 and incidents["incident_id"].is_unique
    assert not incidents["incident_id"].str.contains("E|#").any()
    assert "a spreadsheet has changed 10 of 11 references" in findings_of(store)["changed_references"]
    assert "repeated_offences" not in findings_of(store).index


def test_a_row_with_a_changed_reference_that_is_in_two_exports_counts_once(run) -> None:
    lines = [line("5.43E+09"), line("5.43E+09", place="Church Lane"), line("5.43E+09")]
    assert len(run(lines, [*lines[::-1], line("R9")]).read("incidents")) == 4


def test_what_was_recorded_after_the_day_is_not_known_on_it(run) -> None:
    lines = [line("R1"), line("R2", recorded="01/10/2025 00:10"), line("R3", recorded="")]
    store = run(lines)
    assert store.read("incidents")["incident_id"].tolist() == ["R1", "R3"]
    assert store.read("quality")[["row", "reason"]].to_numpy().tolist() == [[2, "after_as_of"]]
    assert run(lines, day=date(2025, 10, 2)).read("incidents")["incident_id"].tolist() == ["R1", "R2", "R3"]


# promises


def test_neither_the_order_of_rows_nor_of_files_matters(run) -> None:
    lines = [line(), line(sub="Shed"), line(place="Church Lane"), line(lon="-1.79"), line("5.43E+09"), line("R2")]
    one = run(lines[:4], lines[2:]).read("incidents")
    other = run(lines[2:][::-1], lines[:4][::-1]).read("incidents")
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
