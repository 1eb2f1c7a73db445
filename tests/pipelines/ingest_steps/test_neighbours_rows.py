"""Rows of a neighbour just over a real border: as many as another count finds, marked, and never the force's own."""

import csv
import dataclasses
from datetime import date
from pathlib import Path

import independent_counts
import pytest
import shapely

from pipelines import settings as force_settings
from pipelines.flows.ingest import ingest

pytestmark = pytest.mark.real_data
MONTH, BUFFER_M = "2025-09", 1_000.0


def test_rows_of_west_mercia_just_over_staffordshire_s_border(shared_data: Path, tmp_path: Path) -> None:
    outlines, months = shared_data / "boundaries" / "force_areas.geojson", shared_data / "police_uk" / MONTH
    chosen, _ = force_settings.read_settings("staffordshire")
    force = dataclasses.replace(chosen.force, neighbours=("west-mercia",), border_buffer_m=BUFFER_M)
    chosen = dataclasses.replace(chosen, force=force)
    incidents = ingest(chosen, (months, outlines), tmp_path, date(2025, 9, 30)).read("incidents")
    outline = independent_counts.in_metres(independent_counts.outline_of(outlines, "staffordshire"))
    with (months / f"{MONTH}-west-mercia-street.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Longitude"]]
    metres = [independent_counts.to_metres(float(row["Longitude"]), float(row["Latitude"])) for row in rows]
    distance = shapely.distance(outline, shapely.points(metres))
    near = [row for row, metre in zip(rows, distance, strict=True) if 0 < metre <= BUFFER_M]
    there = incidents[~incidents["is_own_force"]]
    ids = {row["Crime ID"] for row in near if row["Crime ID"]}
    assert len(there) == len(ids) + sum(not row["Crime ID"] for row in near) > 50
    assert set(there["force"]) == {"west-mercia"}
    assert set(incidents.loc[incidents["is_own_force"], "force"]) == {"staffordshire"}
