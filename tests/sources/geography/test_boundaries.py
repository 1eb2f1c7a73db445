"""Outlines and areas: told by their properties, in any system; a cautious outline where none is given."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from hotspots import crs, tables
from hotspots.errors import SourceError
from hotspots.sources.geography import boundaries

SQUARE = shapely.box(410_000, 180_000, 420_000, 190_000)


@pytest.fixture
def saved(tmp_path: Path):
    """Polygons in metres with these properties, as a GeoJSON in degrees or a GeoPackage in metres."""

    def save(*shapes: shapely.Geometry, file: str = "areas.geojson", **properties: list) -> Path:
        in_metres = file.endswith(".gpkg")
        geometry = (
            np.array(shapes, dtype=object) if in_metres else crs.geometries_to_degrees(np.array(shapes, dtype=object))
        )
        frame = gpd.GeoDataFrame(properties, geometry=geometry, crs=crs.BNG if in_metres else crs.WGS84)
        frame.to_file(tmp_path / file)
        return tmp_path / file

    return save


# inputs


def test_a_file_that_is_no_map_is_named(write) -> None:
    with pytest.raises(SourceError, match=r"areas\.geojson: the file cannot be opened as areas"):
        boundaries.read_places(write("areas.geojson", "{not json"))


def test_a_table_without_shapes_is_refused(tmp_path: Path) -> None:
    pyogrio.write_dataframe(pd.DataFrame({"name": ["North"]}), tmp_path / "areas.gpkg")
    with pytest.raises(SourceError, match=r"areas\.gpkg: the file has no areas, only a table"):
        boundaries.read_places(tmp_path / "areas.gpkg")


def test_shapes_without_a_coordinate_system_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "areas.shp"
    with pytest.warns(UserWarning, match="crs"):
        gpd.GeoDataFrame({"name": ["a"]}, geometry=[SQUARE]).to_file(path)
    with pytest.raises(SourceError, match=r"areas\.shp: the file does not name its coordinate system"):
        boundaries.read_places(path)


# answers


def test_the_property_force_makes_an_outline(saved) -> None:
    places = boundaries.read_places(saved(SQUARE, SQUARE.buffer(9), file="a.geojson", force=["littleham", "bigham"]))
    outline = boundaries.outline_of(places, "littleham")
    assert shapely.hausdorff_distance(outline, SQUARE) < 0.5
    assert boundaries.outline_of(places, "elsewhere") is None
    assert places["kind"].tolist() == ["force", "force"]


def test_a_force_in_several_pieces_has_one_outline(saved) -> None:
    other = shapely.box(430_000, 180_000, 431_000, 181_000)
    places = boundaries.read_places(saved(SQUARE, other, file="a.gpkg", force=["littleham"] * 2))
    assert boundaries.outline_of(places, "littleham").area == pytest.approx(SQUARE.area + other.area)


def test_areas_go_by_kind_and_name_and_others_are_passed_over(saved) -> None:
    properties = {
        "kind": ["beat", "lake", None],
        "name": ["North", "Blue", "Nowhere"],
        "place_code": ["B1", "L1", None],
    }
    places = boundaries.read_places(saved(SQUARE, SQUARE, SQUARE, file="a.gpkg", **properties))
    assert places[["place_code", "kind", "name"]].to_numpy().tolist() == [["B1", "beat", "North"]]


def test_an_area_may_hold_for_a_time(saved) -> None:
    dates = {"valid_from": [None, "2026-01-19"], "valid_to": ["2026-01-19", None]}
    places = boundaries.read_places(saved(SQUARE, SQUARE, kind=["LPA"] * 2, Name=["Old", "New"], **dates))
    assert places["valid_to"][0] == places["valid_from"][1] == pd.Timestamp("2026-01-19")
    assert pd.isna(places["valid_from"][0])


def test_points_among_the_areas_are_passed_over(saved) -> None:
    places = boundaries.read_places(saved(SQUARE, shapely.Point(415_000, 185_000), kind=["beat"] * 2, Name=["a", "b"]))
    assert places["name"].tolist() == ["a"]


def test_a_derived_outline_holds_the_towns_and_leaves_lone_points_out() -> None:
    random = np.random.default_rng(1)
    easting, northing = random.normal(415_000, 3_000, 2_000), random.normal(184_000, 3_000, 2_000)
    far = np.array([[100_000.0, 900_000.0]] * 3 + [[650_000.0, 300_000.0]])
    outline = boundaries.derive_outline(np.append(easting, far[:, 0]), np.append(northing, far[:, 1]))
    assert shapely.contains_xy(outline, easting, northing).mean() > 0.999
    assert not shapely.contains_xy(outline, *far.T).any()


def test_a_second_town_with_one_record_in_a_hundred_is_part_of_the_force() -> None:
    points = np.array([[415_000.0, 184_000.0]] * 900 + [[480_000.0, 184_000.0]] * 60 + [[520_000.0, 184_000.0]] * 9)
    outline = boundaries.derive_outline(*points.T)
    assert shapely.contains_xy(outline, [415_000, 480_000, 520_000], [184_000] * 3).tolist() == [True, True, False]


def test_a_handful_of_records_still_has_an_outline() -> None:
    outline = boundaries.derive_outline(np.array([415_000.0, np.nan]), np.array([184_000.0, np.nan]))
    assert shapely.contains_xy(outline, 415_000, 184_000)
    assert boundaries.derive_outline(np.array([]), np.array([])).is_empty


# promises


def test_places_read_make_the_declared_table(saved) -> None:
    places = boundaries.read_places(saved(SQUARE, force=["littleham"]))
    assert len(tables.conform(places, tables.PLACES)) == 1


def test_the_order_of_points_does_not_matter() -> None:
    points = np.random.default_rng(2).normal(400_000, 20_000, (500, 2))
    one, other = boundaries.derive_outline(*points.T), boundaries.derive_outline(*points[::-1].T)
    assert shapely.equals(one, other)


@pytest.mark.real_data
def test_the_derived_outline_holds_nearly_all_of_a_real_force(shared_data: Path) -> None:
    from hotspots.sources import incident_rows
    from hotspots.sources.police_uk import street_files

    month, areas = (
        shared_data / "police_uk/2025-09/2025-09-wiltshire-street.csv",
        shared_data / "boundaries/force_areas.geojson",
    )
    if not (month.is_file() and areas.is_file()):
        pytest.skip(f"no real data: {month} or {areas} is missing")
    points = incident_rows.to_frame(street_files.tidy_street(street_files.read_street(month)[0], "wiltshire")).geometry
    points = points[points.notna()]
    real = boundaries.outline_of(boundaries.read_places(areas), "wiltshire")
    derived = boundaries.derive_outline(points.x.to_numpy(), points.y.to_numpy())
    own = points[points.within(real)]
    assert own.within(derived).mean() > 0.97
    assert points[~points.within(real.buffer(20_000))].within(derived).sum() == 0


def test_files_of_the_statistics_office_are_known_by_their_headings(saved) -> None:
    forces = {"PFA23CD": ["E23000038", "E23000016"], "PFA23NM": ["Wiltshire", "West Mercia"]}
    path = saved(SQUARE, shapely.box(0, 0, 9, 9), file="forces.geojson", **forces)
    assert boundaries.names_areas(path.read_bytes())
    found = boundaries.read_places(path)
    assert found[["kind", "force", "place_code"]].to_numpy().tolist() == [
        ["force", "wiltshire", "E23000038"], ["force", "west-mercia", "E23000016"],
    ]  # fmt: skip
    assert len(boundaries.read_places(path, only="wiltshire")) == 1
    wards = {"WD24CD": ["E05000001"], "WD24NM": ["Old Town"], "LAD24CD": ["E06000030"], "LAD24NM": ["Swindon"]}
    ward = boundaries.read_places(saved(SQUARE, file="wards.gpkg", **wards))
    assert ward[["kind", "name", "place_code"]].to_numpy().tolist() == [["ward", "Old Town", "E05000001"]]
    assert ward["force"].isna().all()
