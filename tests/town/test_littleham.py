import ast
import hashlib
import json
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs, period, tables
from hotspots.errors import ParameterError
from hotspots.town import crimes, littleham


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


# inputs


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"months": 11}, "months must be at least 12, the evidence window, got 11"),
        ({"hotspots_per_family": -1}, "must not be negative"),
        ({"seed": -1}, "must not be negative"),
        ({"monthly_asb": 0}, "must be at least 1"),
    ],
)
def test_an_invalid_parameter_is_refused(params, message):
    with pytest.raises(ParameterError, match=message):
        littleham.TownParams(**params)


def test_too_little_background_for_hotspots_raises():
    params = littleham.TownParams(monthly_asb=10)
    with pytest.raises(ParameterError, match=r"no place left with enough asb for hotspot 1 of 6.*raise monthly_asb"):
        littleham.build_town(params)


# answers


def test_a_month_has_about_a_thousand_records(towns):
    for town in towns:
        monthly = town.incidents["category"].value_counts() / 24
        assert 250 <= monthly["asb"] <= 350
        assert 50 <= monthly["burglary"] <= 80
        assert 900 <= monthly.sum() <= 1100


def test_a_town_without_hotspots_has_none_and_the_same_background(town):
    plain = littleham.build_town(littleham.TownParams(hotspots_per_family=0))
    assert plain.truth_hotspots.empty and plain.truth_members.empty and plain.truth_series.empty
    planted = set(town.truth_members["reference"]) | set(town.truth_series["reference"])
    kept = town.incidents[~town.incidents["incident_id"].isin(planted)]
    assert len(kept) == len(plain.incidents)
    columns = ["category", "committed_from", "recorded_at", "location_text"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(kept[columns]).reset_index(drop=True), pd.DataFrame(plain.incidents[columns])
    )


def test_the_written_files_hold_what_the_town_holds(town, tmp_path):
    littleham.write_town(town, tmp_path)
    names = ["base_map.geojson", "incidents.csv", "patrol_log.csv", "places.geojson", "postcodes.csv", "survey.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    rows = pd.read_csv(tmp_path / "incidents.csv", dtype="str", keep_default_na=False)
    assert ",".join(rows.columns) == "Reference,Type,Sub type,Recorded,From,To,Easting,Northing,Location,Beat,Team"
    pd.testing.assert_frame_equal(rows, town.incident_rows)
    postcodes = pd.read_csv(tmp_path / "postcodes.csv", header=None)
    assert postcodes.shape == (len(town.postcodes), 10)
    assert b"\r" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_the_written_places_are_the_force_and_its_beats_in_degrees(town, tmp_path):
    littleham.write_town(town, tmp_path)
    features = json.loads((tmp_path / "places.geojson").read_text(encoding="utf-8"))["features"]
    force, *beats = [feature["properties"] for feature in features]
    assert force == {"force": "littleham", "kind": "force", "place_code": "LH", "name": "Littleham Constabulary"}
    assert all(set(beat) == {"kind", "place_code", "name", "team_name"} for beat in beats)
    shapes = np.array([shapely.geometry.shape(feature["geometry"]) for feature in features])
    assert shapely.is_valid(shapes).all()
    assert shapely.is_ccw(shapely.get_exterior_ring(shapes)).all()
    back = crs.geometries_to_grid(shapes)
    assert shapely.hausdorff_distance(back, town.places.geometry.to_numpy()).max() < 0.1


def test_the_good_incidents_are_a_table_of_incidents(town):
    assert tables.check(town.incidents, tables.INCIDENTS) is town.incidents
    assert set(town.incidents["category"].unique()) == {kind.category for kind in crimes.TYPES.values()}


def test_all_times_are_within_the_town_s_period_and_in_order(towns):
    for town in towns:
        known = period.evidence_window(town.params.last_day, town.params.months)
        incidents = town.incidents
        assert (incidents["committed_from"] >= pd.Timestamp(known.start)).all()
        assert (incidents["committed_from"] <= incidents["committed_to"]).all()
        assert (incidents["committed_to"] < incidents["recorded_at"]).all()
        assert (incidents["recorded_at"] < pd.Timestamp(known.end)).all()
        assert period.latest_as_of(incidents) == town.params.last_day


def test_no_burglary_begins_in_the_quiet_week(towns):
    for town in towns:
        begun = town.incidents["committed_from"]
        week = begun.between(pd.Timestamp(town.quiet_week.start), pd.Timestamp(town.quiet_week.end), inclusive="left")
        assert set(town.incidents.loc[week, "category"]) == set(town.incidents["category"]) - {"burglary"}


# promises


def test_the_same_seed_gives_the_same_bytes_and_another_others(tmp_path):
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        littleham.write_town(littleham.build_town(littleham.TownParams(seed=seed)), tmp_path / name)
    one, again, other = (digests(tmp_path / name) for name in ("one", "again", "other"))
    assert one == again
    assert {name for name in one if one[name] != other[name]} == set(one) - {"places.geojson"}


def test_the_truth_is_not_written(town, tmp_path):
    littleham.write_town(town, tmp_path)
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir()).lower()
    assert not any(word in text for word in ("hotspot", "planted", "truth", "series", "hidden", "ratio"))


def test_another_last_day_moves_the_whole_town():
    town = littleham.build_town(littleham.TownParams(last_day=date(2025, 8, 31), months=14, hotspots_per_family=3))
    months = town.incidents["month"]
    assert (months.min(), months.max()) == ("2024-07", "2025-08")
    assert town.truth_hotspots["family"].value_counts().to_dict() == {"asb": 4, "burglary": 3}
    assert town.truth_hotspots["first_day"].min() == date(2024, 7, 1)


def test_a_town_of_twelve_months_has_all_planted_incidents_in_the_window():
    town = littleham.build_town(littleham.TownParams(months=12))
    assert town.truth_members["is_in_window"].all()
    counts = town.truth_members["hotspot_number"].value_counts().sort_index()
    assert counts.tolist() == town.truth_hotspots["planted"].tolist()


def test_a_town_is_built_fast_enough_to_build_twenty():
    started = time.process_time()
    littleham.build_town(littleham.TownParams(seed=9))
    assert time.process_time() - started < 1.5


def test_the_town_imports_the_vocabulary_only():
    allowed = {"errors", "crs", "tables", "period", "categories", "quality", "town", "containing_areas"}
    for path in Path(littleham.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "hotspots":
                used = [node.module.split(".")[1]] if "." in node.module else [alias.name for alias in node.names]
                assert set(used) <= allowed, f"{path.name} imports {used}"
