import sqlite3
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyogrio

from hotspots.reporting.exports import gis_styles

SLD = "{http://www.opengis.net/sld}"


def test_the_geopackage_carries_a_default_style_for_each_layer(written: Path) -> None:
    styles = pyogrio.read_dataframe(written / "patrol_areas.gpkg", layer="layer_styles")
    assert styles["f_table_name"].tolist() == ["patrol_areas", "hotspots"]
    assert styles["useAsDefault"].all() and (styles["f_table_schema"] == "").all()
    assert set(styles["update_time"]) == {pd.Timestamp("2025-09-30")}
    with sqlite3.connect(written / "patrol_areas.gpkg") as store:
        geometry = dict(store.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall())
    assert dict(zip(styles["f_table_name"], styles["f_geometry_column"], strict=True)) == geometry


def test_every_area_is_drawn_by_one_rule(written: Path) -> None:
    for layer in ("patrol_areas", "hotspots"):
        frame = pyogrio.read_dataframe(written / "patrol_areas.gpkg", layer=layer, read_geometry=False)
        filters = [
            rule.get("filter", "").replace(" AND ", " and ").replace(" = ", " == ").replace('"', "`")
            for rule in ElementTree.fromstring(_qml(written, layer)).iter("rule")
        ]
        drawn = pd.concat([frame.query(rule) for rule in filters])
        assert len(drawn) == len(frame) and not drawn.index.has_duplicates


def test_every_rule_has_its_symbol_and_its_pair_in_the_sld(written: Path) -> None:
    root = ElementTree.fromstring(_qml(written, "patrol_areas"))
    rules = [rule.get("symbol") for rule in root.iter("rule")]
    assert rules == [symbol.get("name") for symbol in root.iter("symbol")] == [str(n) for n in range(6)]
    styles = pyogrio.read_dataframe(written / "patrol_areas.gpkg", layer="layer_styles")
    sld = ElementTree.fromstring(styles["styleSLD"][0])
    assert [rule.findtext(f"{SLD}Title") for rule in sld.iter(f"{SLD}Rule")] == [
        rule.get("label") for rule in root.iter("rule")
    ]


def test_families_differ_in_hatching_and_line_not_only_in_colour() -> None:
    root = ElementTree.fromstring(gis_styles.layer_styles(pd.Timestamp("2025-09-30"))["styleQML"][0])
    looks = [
        tuple(prop.get("v") for prop in symbol.iter("prop") if prop.get("k") in ("style", "outline_style"))
        for symbol in root.iter("symbol")
    ]
    assert not set(looks[:3]) & set(looks[3:])


def _qml(written: Path, layer: str) -> str:
    styles = pyogrio.read_dataframe(written / "patrol_areas.gpkg", layer="layer_styles").set_index("f_table_name")
    return str(styles["styleQML"][layer])
