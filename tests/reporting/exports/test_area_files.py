import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import made_up_report as examples
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from hotspots import crs, tables
from hotspots.reporting import formatting
from hotspots.reporting.exports import area_files
from hotspots.reporting.report import Report

KML = "{http://www.opengis.net/kml/2.2}"
CONTRACT = [
    "rank",
    "patrol_area_id",
    "family",
    "team_name",
    "main_location",
    "longitude",
    "latitude",
    "easting",
    "northing",
    "radius_m",
    "area_m2",
    "expected",
    "expected_low",
    "expected_high",
    "top_k_chance",
    "score",
    "concern_status",
    "reason",
]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# answers


def test_the_csv_has_the_columns_of_the_contract_first(written: Path) -> None:
    rows = rows_of(written / "patrol_areas.csv")
    assert list(rows[0])[: len(CONTRACT)] == CONTRACT
    assert {"incidents", "flags", "rank_by_method", "score_forecast"} <= set(rows[0])


def test_asb_comes_before_burglary_and_the_first_area_first(written: Path) -> None:
    rows = rows_of(written / "patrol_areas.csv")
    assert [(row["family"], int(row["rank"])) for row in rows] == [
        (family, rank) for family in ("asb", "burglary") for rank in range(1, 51)
    ]


def test_the_point_given_is_the_centre_of_the_circle_around_the_area() -> None:
    areas = examples.made_areas(1)
    areas.geometry = [shapely.box(415_000, 184_000, 415_100, 184_060), shapely.Point(0, 0).buffer(10)]
    listed = area_files.areas_for_export(areas)
    assert listed.loc[0, ["easting", "northing"]].tolist() == [415_050.0, 184_030.0]
    longitude, latitude = crs.to_degrees(415_050.0, 184_030.0)
    assert listed.loc[0, "longitude"] == pytest.approx(float(longitude), abs=1e-7)
    assert listed.loc[0, "latitude"] == pytest.approx(float(latitude), abs=1e-7)


def test_the_geojson_is_wgs84_without_crs_and_turns_anticlockwise(written: Path) -> None:
    for name in ("patrol_areas", "hotspots", "public/figures"):
        collection = json.loads((written / f"{name}.geojson").read_text(encoding="utf-8"))
        assert set(collection) == {"type", "features"} and collection["type"] == "FeatureCollection"
        for feature in collection["features"]:
            shape = shapely.geometry.shape(feature["geometry"])
            assert all(part.exterior.is_ccw for part in shapely.get_parts(shape)) and shape.is_valid
            west, south, east, north = shape.bounds
            assert -9 < west < east < 2 and 49 < south < north < 61


@pytest.mark.parametrize("name", ["patrol_areas", "hotspots", "public/figures"])
def test_geojson_coordinates_have_seven_decimals_at_most(written: Path, name: str) -> None:
    collection = json.loads((written / f"{name}.geojson").read_text(encoding="utf-8"), parse_float=str)
    held = json.dumps([feature["geometry"]["coordinates"] for feature in collection["features"]])
    decimals = re.findall(r'"-?\d+\.(\d+)"', held)
    assert len(decimals) > 8 and max(map(len, decimals)) <= 7


def test_a_strip_narrower_than_the_last_decimal_does_not_make_a_shape_invalid(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    x, y = 415_000 + rng.uniform(0, 100, 400), 184_000 + rng.uniform(0, 100, 400)
    shapes = [
        shapely.Polygon([(a, b), (a + 60, b + 0.004), (a + 60, b + 40), (a + 59, b + 0.006), (a, b + 0.005)])
        for a, b in zip(x, y, strict=True)
    ]
    assert shapely.is_valid(shapes).all()
    areas = examples.made_areas(200)
    areas.geometry = shapes
    listed = area_files.areas_for_export(areas)
    plain = shapely.transform(crs.geometries_to_degrees(np.array(shapes)), lambda xy: np.round(xy, 7))
    assert not shapely.is_valid(plain).all(), "plain rounding would do"
    text = area_files.write_geojson(tmp_path / "a.geojson", listed).read_text(encoding="utf-8")
    drawn = [shapely.from_geojson(json.dumps(one["geometry"])) for one in json.loads(text)["features"]]
    assert all(shape.is_valid and not shape.is_empty for shape in drawn)
    assert max(len(digits) for digits in re.findall(r"-?\d+\.(\d+)", text.split('"properties"')[0])) <= 7


def test_holes_turn_clockwise_in_geojson(tmp_path: Path) -> None:
    areas = examples.made_areas(1)
    ring = shapely.Point(415_000, 184_000).buffer(100).difference(shapely.Point(415_000, 184_000).buffer(40))
    areas.geometry = [ring, ring]
    path = area_files.write_geojson(tmp_path / "a.geojson", area_files.areas_for_export(areas))
    shape = shapely.geometry.shape(json.loads(path.read_text(encoding="utf-8"))["features"][0]["geometry"])
    assert shape.exterior.is_ccw and not shape.interiors[0].is_ccw


def test_the_geopackage_holds_both_layers_in_metres(written: Path, run: Report) -> None:
    path = written / "patrol_areas.gpkg"
    assert [name for name, _ in pyogrio.list_layers(path)] == ["patrol_areas", "hotspots", "layer_styles"]
    areas = pyogrio.read_dataframe(path, layer="patrol_areas")
    hotspots = pyogrio.read_dataframe(path, layer="hotspots")
    assert areas.crs.to_epsg() == hotspots.crs.to_epsg() == 27700
    assert (len(areas), len(hotspots)) == (len(run.patrol_areas), len(run.hotspots))
    assert areas["rank"].dtype == "int64" and areas["expected"].dtype == "float64"
    assert areas.geometry.area.sum() == pytest.approx(run.patrol_areas.geometry.area.sum(), rel=1e-6)


def test_the_kml_has_a_folder_for_each_family(written: Path) -> None:
    root = ElementTree.parse(written / "patrol_areas.kml").getroot()
    folders = root.findall(f"{KML}Document/{KML}Folder")
    assert [folder.findtext(f"{KML}name") for folder in folders] == ["Anti-social behaviour", "Burglary"]
    assert [len(folder.findall(f"{KML}Placemark")) for folder in folders] == [50, 50]
    first = folders[0].find(f".//{KML}coordinates").text.split()[0].split(",")
    assert -9 < float(first[0]) < 2 and 49 < float(first[1]) < 61


def test_gdal_opens_geojson_and_kml_with_the_right_crs_and_counts(written: Path, run: Report) -> None:
    (middles,) = crs.geometries_to_degrees(np.array([run.patrol_areas.geometry.union_all().envelope]))
    for name, count in (("patrol_areas.geojson", 100), ("hotspots.geojson", 60)):
        read = pyogrio.read_dataframe(written / name)
        assert read.crs.to_epsg() == 4326 and len(read) == count
    layers = [name for name, _ in pyogrio.list_layers(written / "patrol_areas.kml")]
    assert layers == ["Anti-social behaviour", "Burglary"]
    for layer in layers:
        read = pyogrio.read_dataframe(written / "patrol_areas.kml", layer=layer)
        assert read.crs.to_epsg() == 4326 and len(read) == 50
        assert read.geometry.is_valid.all() and middles.buffer(0.01).contains(read.geometry.union_all())


def test_quality_csv_has_the_columns_of_the_contract(written: Path) -> None:
    rows = rows_of(written / "quality.csv")
    assert list(rows[0]) == ["source", "file", "month", "rows_in", "rows_kept", "reason", "rows_set_aside"]
    assert [row["reason"] for row in rows] == ["", "no_coordinates", "outside_force"]


# hostile texts


def texts_of(frame: pd.DataFrame, table: tables.Table) -> list[str]:
    listed = [name for name, column in table.columns.items() if column.kind == "str" and name in frame.columns]
    return [text for name in listed for text in frame[name]]


@pytest.mark.parametrize(
    ("name", "table"), [("patrol_areas", tables.PATROL_AREAS), ("hotspots", tables.HOTSPOTS), ("quality", tables.TALLY)]
)
def test_no_text_in_a_csv_is_a_formula(hostile_written: Path, name: str, table: tables.Table) -> None:
    frame = pd.read_csv(hostile_written / f"{name}.csv", dtype="str", keep_default_na=False)
    texts = texts_of(frame, table)
    assert any(text.startswith("'=") for text in texts) or name == "quality"
    assert not [text for text in texts if text.startswith(tuple("=+-@\t\r\n＝＋－＠"))]


def test_a_hostile_csv_has_as_many_rows_as_areas(hostile_written: Path, hostile_run: Report) -> None:
    rows = rows_of(hostile_written / "patrol_areas.csv")
    assert len(rows) == len(hostile_run.patrol_areas) and all(None not in row for row in rows)


def test_a_hostile_geojson_and_kml_still_parse_and_keep_long_texts(hostile_written: Path) -> None:
    collection = json.loads((hostile_written / "patrol_areas.geojson").read_text(encoding="utf-8"))
    assert max(len(feature["properties"]["reason"] or "") for feature in collection["features"]) == 10_000
    root = ElementTree.parse(hostile_written / "patrol_areas.kml").getroot()
    descriptions = [element.text.replace("<br/>", "") for element in root.iter(f"{KML}description")]
    assert len(descriptions) == 220 and not [text for text in descriptions if "<" in text]


def test_a_hostile_geopackage_can_be_read_back(hostile_written: Path, hostile_run: Report) -> None:
    areas = pyogrio.read_dataframe(hostile_written / "patrol_areas.gpkg", layer="patrol_areas")
    assert len(areas) == len(hostile_run.patrol_areas)
    assert "</script><script>alert(1)</script>" in set(areas["reason"])


# promises


def test_texts_are_cleaned_of_what_turns_or_breaks_lines() -> None:
    assert formatting.clean("\u202egnp.exe\u2066 a\nb\u2028c\x00\x07\ufffe") == "gnp.exe a b c"
    assert formatting.clean(None) == formatting.clean(pd.NA) == formatting.clean(float("nan")) == ""
    assert formatting.clean("شارع الملك 👮‍♀️") == "شارع الملك 👮‍♀️"


def test_empty_tables_give_files_with_columns_and_no_rows(tmp_path: Path) -> None:
    areas, hotspots = (
        area_files.areas_for_export(tables.empty(tables.PATROL_AREAS)),
        area_files.hotspots_for_export(tables.empty(tables.HOTSPOTS)),
    )
    assert rows_of(area_files.write_csv(tmp_path / "a.csv", areas)) == []
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith(",".join(CONTRACT))
    geojson = area_files.write_geojson(tmp_path / "a.geojson", areas)
    assert json.loads(geojson.read_text(encoding="utf-8"))["features"] == []
    gpkg = area_files.write_gpkg(tmp_path / "a.gpkg", areas, hotspots, examples.AS_OF)
    assert pyogrio.read_info(gpkg, layer="hotspots")["crs"] == "EPSG:27700"
    ElementTree.parse(area_files.write_kml(tmp_path / "a.kml", areas, "None"))


def test_listing_leaves_the_table_as_it_was(run: Report) -> None:
    before = run.patrol_areas.copy()
    area_files.areas_for_export(run.patrol_areas)
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(run.patrol_areas))
