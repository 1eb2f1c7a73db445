"""Encode the base map for the map's script: a compressed file of a few hundred kilobytes that is drawn on a canvas.

The file is gzip, in base 64. Inside are a line of JSON and a body of whole numbers, each in groups of seven bits with
the lowest first (LEB128). The line lists the layers in drawing order, with their kind and numbers of lines, and the
texts. In the body, each layer has in turn for all its lines: name, road number, position in its polygon, and number of
points; then all steps east and all steps north. Steps are 0.00001 degrees from point to point, and from the
first point of one line to that of the next. They are zigzag-encoded: 2n for a step n east or north, -2n - 1 otherwise.
"""

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import tables
from hotspots.reporting import formatting
from hotspots.reporting.web_map import geometry_encoding

# Number of this encoding. A change that alters the text needs a new one, so that stored texts are encoded again.
VERSION = 1
# With it, a map of up to 1 MB stays below 3 MB.
MAX_BYTES = 1_900_000
# Kinds in drawing order: the last is on top.
ORDER = (
    "wood", "park", "water", "stream", "river", "path", "access_road", "local_road", "road", "minor_road", "b_road",
    "a_road", "motorway", "railway", "hamlet", "village", "suburb", "place", "town", "city",
)  # fmt: skip
_AREAS = ("wood", "park", "water")
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """What is drawn: tolerance of the simplification in metres, smallest area in hectares, and kinds left out."""

    simplify_m: float
    min_hectares: float = 0.0
    without: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is left out; empty for the full detail."""
        kinds = ", ".join(KIND_NAMES[kind] for kind in self.without)
        areas = f"woods, parks and water below {self.min_hectares:g} ha" if self.min_hectares else ""
        left_out = " and ".join(part for part in (kinds, areas) if part)
        return f"Left out of the base map for its size: {left_out}." if left_out else ""


KIND_NAMES = {
    "path": "paths", "stream": "streams", "access_road": "access roads", "local_road": "local streets",
}  # fmt: skip
# From full detail to what fits any force: minor lines are left out before shapes lose detail.
DETAILS = (
    Detail(simplify_m=1.5),
    Detail(simplify_m=2.5, min_hectares=0.25, without=("stream",)),
    Detail(simplify_m=2.5, min_hectares=0.5, without=("stream", "path")),
    Detail(simplify_m=4.0, min_hectares=1, without=("stream", "path")),
    Detail(simplify_m=4.0, min_hectares=1, without=("stream", "path", "access_road")),
    Detail(simplify_m=7.0, min_hectares=2, without=("stream", "path", "access_road")),
    Detail(simplify_m=12.0, min_hectares=5, without=("stream", "path", "access_road")),
    Detail(simplify_m=20.0, min_hectares=10, without=("stream", "path", "access_road", "local_road")),
    Detail(simplify_m=60.0, min_hectares=40, without=("stream", "path", "access_road", "local_road")),
)


@dataclass(frozen=True)
class EncodedMap:
    """The base map as the page embeds it, a sentence on what is left out, and whether streets have names."""

    text: str
    left_out: str
    has_street_names: bool


def encode(features: gpd.GeoDataFrame, max_bytes: int = MAX_BYTES) -> EncodedMap | None:
    """Return the base map in as much detail as fits; None if there is nothing to draw.

    Parameters
    ----------
    features
        `tables.BASE_MAP`.
    max_bytes
        Longest text.
    """
    if features.empty:
        return None
    layers = [_Layer(kind, features[features["kind"] == kind]) for kind in ORDER]
    layers = [layer for layer in layers if len(layer.features)]
    has_names = any(layer.kind in tables.ROAD_KINDS and layer.features["name"].notna().any() for layer in layers)
    for detail in DETAILS:
        text = _encode(layers, detail)
        if len(text) <= max_bytes:
            break
    return EncodedMap(text, detail.sentence, has_names)


def content_key(features: gpd.GeoDataFrame) -> str:
    """Return a key that is the same as long as `encode` returns the same for these features (`tables.BASE_MAP`)."""
    columns = pd.DataFrame(features[["feature_id", "kind", "name", "number"]])
    rows = pd.util.hash_pandas_object(columns.assign(shape=features.geometry.to_wkb()), index=False)
    version = f"{VERSION} {shapely.geos_version_string}\n"
    return hashlib.sha256(version.encode() + rows.to_numpy().tobytes()).hexdigest()


class _Layer:
    """The features of one kind: rings of polygons, joined lines, or points."""

    def __init__(self, kind: str, features: gpd.GeoDataFrame) -> None:
        self.kind = kind
        self.features = features.sort_values("feature_id")

    @cached_property
    def labels(self) -> pd.DataFrame:
        """Name and road number of each feature, empty where there is none."""
        names = self.features["name"].astype("str")
        shown = {name: formatting.place(name, 40) for name in names.dropna().unique()}
        number = self.features["number"].astype("str").fillna("").str.slice(0, 8)
        return pd.DataFrame({"name": names.map(shown).astype("str").fillna(""), "number": number}).reset_index(
            drop=True
        )

    @cached_property
    def shapes(self) -> tuple[NDArray[np.object_], pd.DataFrame]:
        """Shapes with their labels: polygons and points one by one, lines of the same labels joined where they meet."""
        shapes, row = shapely.get_parts(self.features.geometry.to_numpy(), return_index=True)
        wanted = 2 if self.kind in _AREAS else 0 if self.kind in tables.PLACE_NAME_KINDS else 1
        if wanted == 0:
            shapes = shapely.point_on_surface(shapes)
        elif wanted == 1:
            shapes = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
        is_wanted = shapely.get_dimensions(shapes) == wanted
        shapes, labels = shapes[is_wanted], self.labels.iloc[row[is_wanted]]
        if wanted != 1 or not len(shapes):
            return shapes, labels
        group = labels.groupby(["name", "number"], sort=True).ngroup().to_numpy()
        order = np.argsort(group, kind="stable")
        shapes, of_shape = shapely.get_parts(shapes[order], return_index=True)
        several = shapely.multilinestrings(shapes, indices=group[order][of_shape])
        joined, of_group = shapely.get_parts(shapely.line_merge(several), return_index=True)
        first = labels.drop_duplicates(["name", "number"]).sort_values(["name", "number"])
        return joined, first.iloc[of_group]


def _encode(layers: list[_Layer], detail: Detail) -> str:
    """Return the text of the page."""
    drawn = [layer for layer in layers if layer.kind not in detail.without]
    texts = sorted({text for layer in drawn for name in ("name", "number") for text in layer.shapes[1][name]} - {""})
    position = {text: n for n, text in enumerate(texts, start=1)} | {"": 0}
    heads, bodies = [], []
    for layer in drawn:
        head, body = _encode_layer(layer, detail, position)
        heads.append(head)
        bodies.append(body)
    header = json.dumps({"layers": heads, "texts": geometry_encoding.front_coded(texts)}, separators=(",", ":"))
    content = header.encode() + b"\n" + _varints(np.concatenate(bodies) if bodies else np.empty(0, dtype="int64"))
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")


def _encode_layer(layer: _Layer, detail: Detail, position: dict[str, int]) -> tuple[dict[str, object], Integers]:
    """Return the entry of a layer in the header, and its numbers in the body."""
    shapes, labels = layer.shapes
    is_area = layer.kind in _AREAS
    simple = shapely.simplify(shapes, detail.simplify_m * (2 if is_area else 1))
    if is_area:
        is_large = shapely.area(simple) >= detail.min_hectares * 10_000
        simple, labels = simple[is_large], labels[is_large]
    order = np.argsort(_z_order(simple), kind="stable")
    rings, shape = shapely.get_rings(simple[order], return_index=True) if is_area else (simple[order], None)
    label = labels.iloc[order if shape is None else order[shape]]
    within = np.zeros(len(rings), dtype="int64") if shape is None else _ring_numbers(shape)
    xy, line = shapely.get_coordinates(rings, return_index=True)
    steps, line = _without_repeats(geometry_encoding.steps(xy[:, 0], xy[:, 1]), line)
    counts = np.bincount(line, minlength=len(rings))
    parts = [label["name"].map(position), label["number"].map(position), within, counts, *_zigzag_deltas(steps, line).T]
    body = np.concatenate([np.asarray(part, dtype="int64") for part in parts])
    return {"kind": layer.kind, "lines": len(rings), "points": len(steps)}, body


def _without_repeats(steps: Integers, line: Integers) -> tuple[Integers, Integers]:
    """Leave out points that are the same as the one before in their line."""
    is_same = np.zeros(len(steps), dtype=bool)
    is_same[1:] = (steps[1:] == steps[:-1]).all(axis=1) & (line[1:] == line[:-1])
    return steps[~is_same], line[~is_same]


def _zigzag_deltas(steps: Integers, line: Integers) -> Integers:
    """Return steps from point to point and from first point to first point, zigzag-encoded."""
    before = np.vstack([np.zeros((1, 2), dtype="int64"), steps[:-1]]) if len(steps) else steps
    first = np.append(True, line[1:] != line[:-1])[: len(steps)]
    before[first] = np.vstack([np.zeros((1, 2), dtype="int64"), steps[first][:-1]])[: first.sum()]
    delta = steps - before
    return np.where(delta >= 0, 2 * delta, -2 * delta - 1)


def _ring_numbers(shape: Integers) -> Integers:
    """Return the number of each ring in its polygon: 0 for the outer one, 1, 2, ... for holes."""
    starts = np.flatnonzero(np.append(True, shape[1:] != shape[:-1])[: len(shape)])
    return np.arange(len(shape)) - np.repeat(starts, np.diff(np.append(starts, len(shape))))


def _z_order(shapes: NDArray[np.object_]) -> Integers:
    """Return the position of each shape along a Z-order curve, so that neighbours in the file are near each other."""
    west, south = shapely.bounds(shapes)[:, :2].T if len(shapes) else np.empty((2, 0))
    code = np.zeros(len(shapes), dtype="int64")
    for bit in range(16):  # squares of 20 metres
        code |= ((west // 20).astype("int64") >> bit & 1) << (2 * bit)
        code |= ((south // 20).astype("int64") >> bit & 1) << (2 * bit + 1)
    return code


def _varints(numbers: Integers) -> bytes:
    """Return whole numbers in groups of seven bits, the lowest first; all but the last group have the eighth bit set.

    Examples
    --------
    >>> _varints(np.array([1, 300])).hex()
    '01ac02'
    """
    groups = np.maximum(1, -(-np.frexp(numbers.astype(float))[1] // 7)).astype("int64")
    ends = np.cumsum(groups)
    out = np.zeros(ends[-1] if len(ends) else 0, dtype="uint8")
    for group in range(int(groups.max(initial=0))):
        has_it = groups > group
        value = numbers[has_it] >> (7 * group) & 127
        out[ends[has_it] - groups[has_it] + group] = value | np.where(groups[has_it] > group + 1, 128, 0)
    return out.tobytes()
