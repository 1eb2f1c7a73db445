"""Recognise layers of OS Open Roads, OS Open Zoomstack and OpenStreetMap, and the kind of each of their features.

A layer is recognised by its columns, those of OS Open Zoomstack by its name as well. Which value of a column is which
kind of road, water or place is listed in `reference/base_map_kinds.csv`; `*` means any other value.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from hotspots import reference, tables

OWN = "own"
_NAMES = ("name", "name_1", "name1")
_NUMBERS = ("number", "road_classification_number", "roadnumber", "ref")
_SHAPES = {"LineString": "line", "MultiLineString": "line", "Polygon": "area", "MultiPolygon": "area", "Point": "point"}
_OTHER_TAGS = "other_tags"  # of GDAL's OpenStreetMap driver: "ref"=>"A361","lanes"=>"2"


@dataclass(frozen=True)
class LayerKinds:
    """A recognised layer: its source, and the kinds by column, value and shape.

    Attributes
    ----------
    source
        A source of `reference/base_map_kinds.csv`, or `own` for a file with a column `kind`.
    columns
        Columns that decide the kind, in order: the first that names a kind counts.
    kinds
        (column, value, shape) to kind.
    """

    source: str
    columns: tuple[str, ...]
    kinds: dict[tuple[str, str, str], str]

    def needed(self, fields: Iterable[str]) -> list[str]:
        """Return the columns of the layer to read."""
        wanted = {*self.columns, *_NAMES, *_NUMBERS, _OTHER_TAGS}
        return [field for field in fields if field.lower() in wanted]

    def tidy(self, layer: gpd.GeoDataFrame) -> pd.DataFrame:
        """Return `kind`, `name`, `number` and `source` of each feature; features of no kind have a missing one."""
        texts = pd.DataFrame(
            {name.lower(): layer[name].astype("str").str.strip() for name in layer.columns.drop(layer.geometry.name)},
            index=layer.index,
        )
        kind = pd.Series(pd.NA, index=layer.index, dtype="str")
        for column in self.columns:
            kind = kind.fillna(self._kinds_by(column, texts[column], layer.geom_type.map(_SHAPES)))
        return pd.DataFrame(
            {
                "kind": kind,
                "name": _first_text(texts, _NAMES),
                "number": _first_text(texts, _NUMBERS).fillna(_ref_tag(texts)),
                "source": pd.NA if self.source == OWN else self.source,
            }
        )

    def _kinds_by(self, column: str, values: pd.Series, shapes: pd.Series) -> pd.Series:
        """Return the kind that a column gives to each feature."""
        if self.source == OWN:
            return values.str.lower()
        found = pd.Series(pd.NA, index=values.index, dtype="str")
        for shape in shapes.dropna().unique():
            is_shape = shapes == shape
            known = {
                value: kind for (of, value, kind_of), kind in self.kinds.items() if (of, kind_of) == (column, shape)
            }
            kinds = values[is_shape].map(known).astype("str")
            found[is_shape] = kinds.fillna(known["*"]) if "*" in known else kinds
        return found


def recognise(layer: str, fields: Iterable[str]) -> LayerKinds | None:
    """Return the kinds of a layer by its name and columns; None if it is not part of a base map.

    Examples
    --------
    >>> recognise("road_link", ["id", "road_function", "name_1"]).source
    'OS Open Roads'
    """
    columns = {field.lower() for field in fields}
    if "kind" in columns:
        return LayerKinds(OWN, ("kind",), {})
    rows = [
        row
        for row in reference.rows("base_map_kinds")
        if row["column"] in columns and row["layer"] in ("", layer.lower())
    ]
    if not rows:
        return None
    source = rows[0]["source"]
    kinds = {(row["column"], row["value"], row["shape"]): row["kind"] for row in rows if row["source"] == source}
    return LayerKinds(source, tuple(dict.fromkeys(column for column, _, _ in kinds)), kinds)


def themes() -> dict[str, str]:
    """Return the theme of each kind: sources are combined by theme, so that no road is drawn twice."""
    by_theme = {
        "roads": tables.ROAD_KINDS,
        "railways": ("railway",),
        "water": ("river", "stream", "water"),
        "woods and parks": ("wood", "park"),
        "names of places": tables.PLACE_NAME_KINDS,
    }
    return {kind: theme for theme, kinds in by_theme.items() for kind in kinds}


def _first_text(texts: pd.DataFrame, names: Iterable[str]) -> pd.Series:
    """Return the first text of each row in some columns."""
    found = pd.Series(pd.NA, index=texts.index, dtype="str")
    for name in names:
        if name in texts:
            found = found.fillna(texts[name].where(texts[name] != ""))
    return found


def _ref_tag(texts: pd.DataFrame) -> pd.Series:
    """Return the road number in the tag `ref` of OpenStreetMap."""
    if _OTHER_TAGS not in texts:
        return pd.Series(pd.NA, index=texts.index, dtype="str")
    return texts[_OTHER_TAGS].str.extract(r'"ref"=>"([^"]*)"', expand=False).astype("str")
