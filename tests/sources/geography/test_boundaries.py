"""Outlines and areas: told by their properties, in any system; a cautious outline where none is given."""

import json
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


def test_shapes_whose_numbers_show_no_coordinate_system_are_refused(tmp_path: Path) -> None:
    path = without_system(tmp_path / "areas.shp", shapely.box(-2_000_000, 6e6, -1_000_000, 7e6))
    with pytest.raises(SourceError, match=r"areas\.shp: the file does not name its coordinate system, and its numbers"):
        boundaries.read_places(path)


def without_system(path: Path, *shapes: shapely.Geometry) -> Path:
    with pytest.warns(UserWarning, match="crs"):
        gpd.GeoDataFrame(
            {"name": ["littleham"] * len(shapes), "force": ["littleham"] * len(shapes)}, geometry=[*shapes]
        ).to_file(path)
    return path


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


def test_metres_and_degrees_without_a_coordinate_system_are_known_by_their_range(tmp_path: Path) -> None:
    degrees = crs.geometries_to_degrees(np.array([SQUARE]))[0]
    swapped = shapely.transform(degrees, lambda xy: xy[:, ::-1])
    for number, shape in enumerate((SQUARE, degrees, swapped)):
        found = boundaries.read_places(without_system(tmp_path / f"{number}.shp", shape))
        assert shapely.hausdorff_distance(boundaries.outline_of(found, "littleham"), SQUARE) < 1, number


def as_geojson(path: Path, *shapes: dict | None, **properties: object) -> Path:
    features = [{"type": "Feature", "geometry": shape, "properties": properties} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


RING = [[-2.0, 51.5, 7], [-1.9, 51.5, 7], [-1.9, 51.6, 7], [-2.0, 51.6, 7]]
IN_METRES = [[x, y] for x, y in SQUARE.exterior.coords]
PARTS = [{"type": "Point", "coordinates": [-2, 51.5]}, {"type": "Polygon", "coordinates": [[*RING, RING[0]]]}]
COLLECTION = {"type": "GeometryCollection", "geometries": PARTS}


@pytest.mark.parametrize(
    ("shape", "area_km2"),
    [
        ({"type": "Polygon", "coordinates": [RING]}, 77.1),
        ({"type": "Polygon", "coordinates": [[[y, x] for x, y, _ in RING]]}, 77.1),
        ({"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3]]]}, 38.6),
        ({"type": "Polygon", "coordinates": [IN_METRES]}, 100),
        (COLLECTION, 77.1),
        ({"type": "GeometryCollection", "geometries": [COLLECTION]}, 77.1),
    ],
    ids=["heights, not closed", "axes swapped", "crossing itself", "metres", "collection", "nested collection"],
)
def test_outlines_with_common_faults_are_used(tmp_path: Path, shape: dict, area_km2: float) -> None:
    found = boundaries.read_areas(as_geojson(tmp_path / "a.geojson", shape, force="barset"), "barset")
    assert found["not_used"].tolist() == [""] and not shapely.has_z(found.geometry[0])
    assert found.geometry.area[0] / 1e6 == pytest.approx(area_km2, rel=0.01)
    assert boundaries.outline_of(boundaries.used_areas(found), "barset").is_valid


def test_features_that_are_not_used_are_counted_with_the_reason(tmp_path: Path) -> None:
    empty = {"type": "Polygon", "coordinates": []}
    line = {"type": "LineString", "coordinates": RING}
    good = {"type": "Polygon", "coordinates": [RING]}
    path = as_geojson(tmp_path / "a.geojson", good, None, empty, line, kind="beat", name="North")
    found = boundaries.read_areas(path)
    assert found["not_used"].tolist() == ["", "no geometry", "no geometry", "no polygon"]
    assert boundaries.describe_unused(found, "a.geojson") == (
        "a.geojson: 3 of 4 features are not used (2 features with no geometry; 1 feature with no polygon, first "
        "'North')."
    )
    unknown = boundaries.read_areas(as_geojson(tmp_path / "b.geojson", good, good, name="North"))
    assert set(unknown["not_used"]) == {"neither force nor kind"}


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>"""
PLACEMARK = """<Placemark><name>{}</name>{}<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
-2.0,51.5,0 -1.9,51.5,0 -1.9,51.6,0 -2.0,51.6,0</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry>
</Placemark>"""


def test_a_kml_with_only_names_goes_by_the_name_of_the_force_or_of_the_file(write) -> None:
    outline = write("Force.kml", KML.format(PLACEMARK.format("Avon &amp; Somerset Constabulary", "")))
    assert boundaries.read_places(outline)[["kind", "force"]].to_numpy().tolist() == [["force", "avon-and-somerset"]]
    named = KML.format(PLACEMARK.format("Northside", "") + PLACEMARK.format("Southside", ""))
    beats = boundaries.read_places(write("Barset beats.kml", named))
    assert beats[["kind", "name"]].to_numpy().tolist() == [["beat", "Northside"], ["beat", "Southside"]]
    assert beats.geometry.area[0] == pytest.approx(77.1e6, rel=0.01)
    unknown = boundaries.read_areas(write("areas.kml", named))
    assert unknown["not_used"].tolist() == ["neither force nor kind"] * 2


def test_extended_data_of_a_kml_are_properties(write) -> None:
    data = "<ExtendedData><Data name='kind'><value>NPT</value></Data></ExtendedData>"
    found = boundaries.read_places(write("a.kml", KML.format(PLACEMARK.format("North", data))))
    assert found[["kind", "name"]].to_numpy().tolist() == [["NPT", "North"]]


def test_two_beats_of_one_name_in_different_districts_are_two(saved) -> None:
    other = shapely.box(430_000, 180_000, 431_000, 181_000)
    facts = {"kind": ["beat"] * 3, "name": ["Central"] * 3, "district": ["Swindon", "Salisbury", "Salisbury"]}
    places = boundaries.read_places(saved(SQUARE, other, other.buffer(500), file="a.gpkg", **facts))
    assert places["place_code"].tolist() == ["Central (Swindon)", "Central (Salisbury)"]
    assert places["name"].tolist() == ["Central", "Central"]
    assert places.geometry[1].area == pytest.approx(other.buffer(500).area)


def test_every_layer_of_a_geopackage_is_read(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    frame = gpd.GeoDataFrame({"name": ["North"]}, geometry=[SQUARE], crs=crs.BNG)
    frame.to_file(path, layer="beats")
    frame.assign(name="West").to_file(path, layer="wards")
    frame.assign(name="a point", geometry=frame.centroid).to_file(path, layer="stations")
    found = boundaries.read_areas(path)
    assert found[["kind", "name"]].dropna().to_numpy().tolist() == [["beat", "North"], ["ward", "West"]]
    assert found["not_used"].tolist() == ["", "", "no polygon"]


@pytest.mark.parametrize(("encoding", "name"), [("utf-8", "Tŷ Dû"), ("cp1252", "Café Lân")])
def test_a_shapefile_that_does_not_name_its_encoding_keeps_its_letters(
    tmp_path: Path, encoding: str, name: str
) -> None:
    path = tmp_path / "beats.shp"
    frame = gpd.GeoDataFrame({"name": [name], "kind": ["beat"]}, geometry=[SQUARE], crs=crs.BNG)
    frame.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    assert boundaries.read_places(path)["name"].tolist() == [name]


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
    assert boundaries.names_areas(path)
    found = boundaries.read_places(path)
    assert found[["kind", "force", "place_code"]].to_numpy().tolist() == [
        ["force", "wiltshire", "E23000038"], ["force", "west-mercia", "E23000016"],
    ]  # fmt: skip
    assert len(boundaries.read_places(path, only="wiltshire")) == 1
    wards = {"WD24CD": ["E05000001"], "WD24NM": ["Old Town"], "LAD24CD": ["E06000030"], "LAD24NM": ["Swindon"]}
    ward = boundaries.read_places(saved(SQUARE, file="wards.gpkg", **wards))
    assert ward[["kind", "name", "place_code"]].to_numpy().tolist() == [["ward", "Old Town", "E05000001"]]
    assert ward["force"].isna().all()
