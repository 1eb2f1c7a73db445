"""Base maps from files with the columns of OS Open Roads, OS Open Zoomstack, Geofabrik and OpenStreetMap."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from examples.openstreetmap_file import Extract

from hotspots import crs, tables
from hotspots.errors import SourceError
from hotspots.sources.geography import base_map, base_map_kinds

OUTLINE = shapely.box(410_000, 150_000, 420_000, 160_000)
FAR = shapely.LineString([(500_000, 300_000), (500_500, 300_000)])


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(410_000 + x, 150_000 + y) for x, y in points])


def square(x: float, y: float, size: float) -> shapely.Polygon:
    return shapely.box(410_000 + x, 150_000 + y, 410_000 + x + size, 150_000 + y + size)


def kinds(features: gpd.GeoDataFrame) -> dict[str, str]:
    """Kind by name."""
    named = features.dropna(subset=["name"])
    return dict(zip(named["name"], named["kind"].astype(str), strict=True))


OPEN_ROADS = {
    "High Street": ("B Road", "B4040", line((0, 0), (500, 0))),
    "Mill Lane": ("Local Road", None, line((500, 0), (500, 700))),
    "London Road": ("A Road", "A361", line((500, 0), (2000, 100))),
    "M4": ("Motorway", "M4", line((0, 5000), (9000, 5000))),
    "Farm Track": ("Restricted Local Access Road", None, line((500, 700), (600, 900))),
    "Far Road": ("Local Road", None, FAR),
}


def open_roads(function: str, number: str, name: str) -> gpd.GeoDataFrame:
    rows = [(one, value[0], value[1], "Single Carriageway") for one, value in OPEN_ROADS.items()]
    frame = pd.DataFrame(rows, columns=[name, function, number, "form_of_way"])
    return gpd.GeoDataFrame(frame, geometry=[value[2] for value in OPEN_ROADS.values()], crs=crs.BNG)


EXPECTED_ROADS = {
    "High Street": "b_road", "Mill Lane": "local_road", "London Road": "a_road", "M4": "motorway",
    "Farm Track": "access_road",
}  # fmt: skip


# inputs


def test_a_file_without_a_layer_of_a_base_map_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "beats.gpkg"
    gpd.GeoDataFrame({"beat": ["B1"]}, geometry=[square(0, 0, 10)], crs=crs.BNG).to_file(path)
    with pytest.raises(SourceError, match=r"beats.gpkg: the file has no layer of a base map"):
        base_map.read_base_map(path, OUTLINE)


@pytest.mark.parametrize(("name", "content"), [("x.pbf", b"\0\0\0\x0dnothing"), ("x.osm", b"[out:json]")])
def test_a_file_that_is_no_openstreetmap_extract_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=r"cannot be opened as a map: it is no OpenStreetMap extract"):
        base_map.read_base_map(tmp_path / name, OUTLINE)


# answers


def test_open_roads_as_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "oproad_gb.gpkg"
    roads = open_roads("road_function", "road_classification_number", "name_1")
    roads.assign(road_classification="Unclassified").to_file(path, layer="road_link")
    gpd.GeoDataFrame({"number": [1]}, geometry=[shapely.Point(410_000, 150_000)], crs=crs.BNG).to_file(
        path, layer="motorway_junction"
    )
    found = base_map.read_base_map(path, OUTLINE)
    assert kinds(found) == EXPECTED_ROADS and set(found["source"]) == {"OS Open Roads"}
    assert dict(zip(found["name"], found["number"], strict=True))["London Road"] == "A361"


def test_open_roads_as_a_shapefile(tmp_path: Path) -> None:
    path = tmp_path / "SU_RoadLink.shp"
    roads = open_roads("function", "roadNumber", "name1").rename(columns={"form_of_way": "formOfWay"})
    roads.assign(**{"class": "Unclassified"}).to_file(path)
    found = base_map.read_base_map(path, OUTLINE)
    assert kinds(found) == EXPECTED_ROADS and "B4040" in set(found["number"])


def test_open_zoomstack_has_more_than_roads(tmp_path: Path) -> None:
    path, at = tmp_path / "OS_Open_Zoomstack.gpkg", shapely.Point(411_000, 151_000)
    layers = {
        "roads_national": ("Primary", "name", "A30", line((0, 0), (500, 0))),
        "roads_regional": ("B Road", "name", "Ridgeway", line((0, 100), (500, 100))),
        "roads_local": ("Local", "name", "Elm Close", line((0, 200), (500, 200))),
        "rail": ("Multi Track", "name", "Main Line", line((0, 300), (500, 300))),
        "waterlines": ("National", "name", "River Till", line((0, 400), (500, 400))),
        "surfacewater": ("National", "name", "Long Pond", square(0, 600, 200)),
        "woodland": ("National", "name", "Great Wood", square(0, 900, 200)),
        "names": ("Village", "name1", "Nether Wick", at),
        "contours": ("Index", "name", "100", line((0, 500), (500, 500))),
    }
    for layer, (kind, column, name, shape) in layers.items():
        gpd.GeoDataFrame({"type": [kind], column: [name]}, geometry=[shape], crs=crs.BNG).to_file(path, layer=layer)
    assert kinds(base_map.read_base_map(path, OUTLINE)) == {
        "A30": "a_road", "Ridgeway": "b_road", "Elm Close": "local_road", "Main Line": "railway",
        "River Till": "river", "Long Pond": "water", "Great Wood": "wood", "Nether Wick": "village",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["gis_osm_{}_free_1.shp", "extract.gpkg"])
def test_extracts_of_geofabrik(tmp_path: Path, form: str) -> None:
    layers = {
        "roads": [
            ("residential", "Elm Close", line((0, 0), (300, 0))),
            ("footway", "The Cut", line((300, 0), (400, 9))),
        ],
        "railways": [("rail", "Main Line", line((0, 300), (500, 300)))],
        "water_a": [("river", "River Till", square(0, 600, 200))],
        "landuse_a": [("forest", "Great Wood", square(0, 900, 200)), ("farmland", "Field", square(300, 900, 200))],
        "places": [("town", "Oldtown", shapely.Point(411_000, 151_000))],
    }
    for layer, rows in layers.items():
        frame = pd.DataFrame(rows, columns=["fclass", "name", "geometry"])
        degrees = gpd.GeoDataFrame(frame, geometry="geometry", crs=crs.BNG).to_crs(crs.WGS84)
        degrees.to_file(tmp_path / form.format(layer), layer=f"gis_osm_{layer}_free")
    found = pd.concat([base_map.read_base_map(path, OUTLINE) for path in tmp_path.glob("*.[sg]*p*")])
    assert kinds(found) == {
        "Elm Close": "local_road", "The Cut": "path", "Main Line": "railway", "River Till": "water",
        "Great Wood": "wood", "Oldtown": "town",
    }  # fmt: skip
    assert set(found["source"]) == {"OpenStreetMap"}


def an_extract() -> Extract:
    """A street that crosses another at a shared node, a bridge that does not, a wood, a lake, and a village."""
    extract = Extract()
    longitude, latitude = crs.to_degrees([411_000], [151_000])
    at = lambda east, north: (float(longitude[0]) + east / 70_000, float(latitude[0]) + north / 111_000)  # noqa: E731
    west, middle, east = (extract.node(*at(x, 0)) for x in (-200, 0, 200))
    south, north = (extract.node(*at(0, y)) for y in (-200, 200))
    over, under = (extract.node(*at(100, y)) for y in (-200, 200))
    extract.way([west, middle, east], highway="residential", name="Mill Lane")
    extract.way([south, middle, north], highway="primary", name="London Road", ref="A361")
    extract.way([over, under], highway="footway", name="High Bridge", bridge="yes")
    corners = [extract.node(*at(x, y)) for x, y in ((500, 500), (700, 500), (700, 700))]
    extract.way([*corners, corners[0]], natural="wood", name="Great Wood")
    more = [extract.node(*at(x, y)) for x, y in ((900, 500), (1100, 500), (1100, 700))]
    extract.way([*more, more[0]], natural="water", name="Long Pond")
    extract.node(*at(50, 400), place="village", name="Nether Wick")
    extract.node(*at(60, 400), amenity="bench", name="A bench")
    extract.way([extract.node(-1.0, 52.5), extract.node(-1.01, 52.5)], highway="residential", name="Far Road")
    return extract


def test_an_openstreetmap_extract_as_pbf_is_a_network_that_meets_only_at_shared_points(tmp_path: Path) -> None:
    path = an_extract().write_pbf(tmp_path / "made-up.osm.pbf")
    assert pyogrio.read_info(path, layer="lines")["driver"] == "OSM"
    found = base_map.read_base_map(path, OUTLINE)
    assert kinds(found) == {
        "Mill Lane": "local_road", "London Road": "a_road", "High Bridge": "path", "Great Wood": "wood",
        "Long Pond": "water", "Nether Wick": "village",
    }  # fmt: skip
    assert found["name"].value_counts()[["Mill Lane", "London Road", "High Bridge"]].tolist() == [2, 2, 1]
    assert set(found.loc[found["name"] == "London Road", "number"]) == {"A361"}
    mill = found[found["name"] == "Mill Lane"].union_all()
    assert mill.length == pytest.approx(400, rel=0.02) and shapely.distance(mill, shapely.Point(411_000, 151_000)) < 2


def test_an_openstreetmap_extract_as_xml(tmp_path: Path) -> None:
    path = tmp_path / "made-up.osm"
    nodes = "".join(f'<node id="{n}" lat="51.25{n}" lon="-1.84"/>' for n in (1, 2, 3))
    refs = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3))
    tags = '<tag k="highway" v="unclassified"/><tag k="name" v="The Hill"/>'
    way = f'<way id="9">{refs}{tags}</way>'
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    assert kinds(base_map.read_base_map(path, OUTLINE)) == {"The Hill": "minor_road"}


def test_each_theme_is_taken_from_the_first_file_that_has_it(tmp_path: Path) -> None:
    open_roads("road_function", "number", "name_1").to_file(tmp_path / "roads.gpkg", layer="road_link")
    osm = an_extract().write_pbf(tmp_path / "made-up.osm.pbf")
    files = [(path.name, base_map.read_base_map(path, OUTLINE)) for path in (tmp_path / "roads.gpkg", osm)]
    joined, notes = base_map.join_base_maps(files)
    assert "High Street" in kinds(joined) and "Mill Lane" in kinds(joined) and "High Bridge" not in kinds(joined)
    assert kinds(joined)["Great Wood"] == "wood" and joined["feature_id"].is_unique
    assert notes == ["made-up.osm.pbf: roads are not used, because OS Open Roads has them."]


# promises


def test_every_kind_of_the_look_up_is_one_of_a_base_map_and_has_a_theme() -> None:
    from hotspots import reference

    rows = reference.rows("base_map_kinds")
    assert {row["kind"] for row in rows} <= set(tables.BASE_KINDS)
    assert {row["source"] for row in rows} == set(tables.BASE_SOURCES)
    assert set(tables.BASE_KINDS) == set(base_map_kinds.themes())
