"""The weekly run on real files of data.police.uk, against counts made with csv and shapely only."""

import csv
import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import forked_command
import independent_counts
import numpy as np
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[1]
MONTHS = [f"2025-{number:02d}" for number in range(1, 10)]
LAST_MONTH, MAX_RADIUS_M = "2025-09", 150.0
FORCES = ("wiltshire", "staffordshire", "west-mercia")
FAMILIES = ("asb", "burglary")

pytestmark = pytest.mark.real_data


@dataclass(frozen=True)
class Run:
    """One force's report, and what its files hold by another count."""

    force: str
    report: Path
    counts: independent_counts.Counts

    @cached_property
    def summary(self) -> dict:
        return json.loads((self.report / "run.json").read_text(encoding="utf-8"))["counts"]

    def listed(self, name: str) -> list[dict[str, str]]:
        """Lines of a CSV file of the report."""
        with (self.report / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def shapes(self, name: str) -> list[tuple[dict, shapely.Geometry]]:
        """Properties and polygons, in degrees, of a GeoJSON file of the report."""
        return list(independent_counts.features(self.report / name))


@pytest.fixture(scope="module", params=FORCES)
def run(request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder, force = tmp_path_factory.mktemp(request.param), request.param
    police_uk, outlines = shared_data / "police_uk", shared_data / "boundaries" / "force_areas.geojson"
    words = ["weekly", "--force", force, "--raw", police_uk, "--raw", outlines, "--as-of", LAST_MONTH, "--direct"]
    done = forked_command.run([str(word) for word in words], folder)
    assert done.returncode in (0, 4), done.stderr
    outline = independent_counts.outline_of(outlines, force)
    counts = independent_counts.count_force(police_uk, outline, force, LAST_MONTH)
    return Run(force, folder / "reports" / force / "2025-09-30", counts)


def test_rows_in_kept_and_set_aside_are_those_of_the_files(run: Run) -> None:
    counts = run.counts
    assert run.summary["rows_in"] == sum(counts.rows_in.values())
    assert run.summary["rows_kept"] == sum(counts.kept.values())
    aside = Counter()
    for (_, reason), number in counts.aside.items():
        aside[reason] += number
    assert run.summary["set_aside"] == {reason: number for reason, number in aside.items() if number}


def test_every_month_is_accounted_for_by_reason(run: Run) -> None:
    counts, lines = run.counts, run.listed("quality.csv")
    assert {line["file"].split("-", 2)[2] for line in lines} == {f"{run.force}-street.csv"}
    assert {line["month"]: int(line["rows_in"]) for line in lines} == dict(counts.rows_in)
    assert {line["month"]: int(line["rows_kept"]) for line in lines} == dict(counts.kept)
    told = {(line["month"], line["reason"]): int(line["rows_set_aside"]) for line in lines if line["reason"]}
    assert told == {key: number for key, number in counts.aside.items() if number}


def test_asb_and_burglary_in_the_window_are_those_of_the_files(run: Run) -> None:
    for family in FAMILIES:
        assert run.summary[f"{family}_in_window"] == len(run.counts.window(family, MONTHS))
    kept = sum(run.counts.kept[month] for month in MONTHS)
    assert run.summary["incidents_in_window"] == kept


@pytest.mark.parametrize("name", ["patrol_areas", "hotspots"])
def test_every_polygon_holds_as_many_incidents_as_the_table_says(run: Run, name: str) -> None:
    shapes, lines = run.shapes(f"{name}.geojson"), run.listed(f"{name}.csv")
    key = "patrol_area_id" if name == "patrol_areas" else "hotspot_id"
    told = {line[key]: int(line["incidents"]) for line in lines}
    listed_now = [line for line in lines if line.get("status") != "gone"]
    assert len(shapes) == len(lines) == len(told) and len(listed_now) == sum(run.summary[name].values())
    inside = {
        facts[key]: independent_counts.number_inside(shape, run.counts.window(facts["family"], MONTHS))
        for facts, shape in shapes
    }
    assert inside == told


def test_hotspots_list_as_many_members_as_they_count(run: Run) -> None:
    pyarrow = pytest.importorskip("pyarrow.parquet")
    stored = run.report.parents[2] / "data" / "processed" / run.force / "2025-09-30" / "members.parquet"
    members = Counter(pyarrow.read_table(stored)["hotspot_id"].to_pylist())
    assert members == {line["hotspot_id"]: int(line["incidents"]) for line in run.listed("hotspots.csv")}


def test_areas_fit_their_circle(run: Run) -> None:
    circles = {line["patrol_area_id"]: line for line in run.listed("patrol_areas.csv")}
    for facts, shape in run.shapes("patrol_areas.geojson"):
        circle, metres = circles[facts["patrol_area_id"]], independent_counts.in_metres(shape)
        radius = float(circle["radius_m"])
        assert radius <= MAX_RADIUS_M
        assert shapely.minimum_bounding_radius(metres) == pytest.approx(radius, abs=0.1)
        centre = shapely.Point(float(circle["easting"]), float(circle["northing"]))
        assert shapely.hausdorff_distance(metres, centre) <= radius + 0.2
        assert metres.area == pytest.approx(float(circle["area_m2"]), rel=1e-3)
        assert independent_counts.to_metres(float(circle["longitude"]), float(circle["latitude"])) == pytest.approx(
            (centre.x, centre.y), abs=0.03
        )


def test_no_two_areas_of_a_family_overlap_by_more_than_a_tenth(run: Run) -> None:
    for family in FAMILIES:
        shapes = [shape for facts, shape in run.shapes("patrol_areas.geojson") if facts["family"] == family]
        for number, shape in enumerate(shapes):
            others = shapely.area(shapely.intersection(shape, shapes[number + 1 :]))
            assert (others <= 0.1 * shape.area).all()


def test_everything_published_lies_inside_the_force(run: Run, shared_data: Path) -> None:
    outline = independent_counts.outline_of(shared_data / "boundaries" / "force_areas.geojson", run.force)
    for name in ("patrol_areas", "hotspots"):
        for facts, shape in run.shapes(f"{name}.geojson"):
            assert shapely.area(shapely.difference(shape, outline)) <= 1e-3 * shape.area, facts


def test_ranks_are_one_to_k_and_intervals_hold_what_is_expected(run: Run) -> None:
    lines = run.listed("patrol_areas.csv")
    for family in FAMILIES:
        listed = [line for line in lines if line["family"] == family]
        assert [int(line["rank"]) for line in listed] == list(range(1, len(listed) + 1))
        assert 0 < len(listed) <= 50
        scores = [float(line["score"]) for line in listed]
        assert scores == sorted(scores, reverse=True)
    for line in [*lines, *run.listed("hotspots.csv")]:
        low, expected, high = (float(line[name]) for name in ("expected_low", "expected", "expected_high"))
        # The shortest run of whole numbers that holds 4 in 5: where 0.25 are expected it is 0 alone.
        assert 0 <= low <= np.ceil(expected)
        assert np.floor(expected) <= high
