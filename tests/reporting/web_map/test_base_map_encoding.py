import base64
import gzip
import hashlib
import json
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspots import crs, tables
from hotspots.reporting.web_map import base_map_encoding
from hotspots.reporting.web_map.geometry_encoding import ALPHABET, ORIGIN

WEST, SOUTH = 410_000, 150_000


def features(*rows: tuple[str, str | None, str | None, object]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, columns=["kind", "name", "number", "geometry"], geometry="geometry", crs=crs.BNG)
    frame["feature_id"] = [f"f{number:05d}" for number in range(len(frame))]
    return tables.conform(frame, tables.BASE_MAP)


def road(
    kind: str, *points: tuple[float, float], name: str | None = None, number: str | None = None
) -> tuple[object, ...]:
    return kind, name, number, shapely.LineString([(WEST + x, SOUTH + y) for x, y in points])


def decode(text: str) -> dict[str, list[tuple[str, str, int, np.ndarray]]]:
    """The lines of each kind (name, number, position in its polygon, degrees), read by the format's description."""
    content = gzip.decompress(base64.b64decode(text))
    head, body = content.split(b"\n", 1)
    header, values, shift, value = json.loads(head), [], 0, 0
    for byte in body:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(value)
            shift, value = 0, 0
    texts = [""]
    for part in header["texts"]:
        texts.append(texts[-1][: ALPHABET.index(part[0])] + part[1:])
    numbers = iter(values)
    found = {}
    for layer in header["layers"]:
        names, roads, rings, counts = ([next(numbers) for _ in range(layer["lines"])] for _ in range(4))
        east, north = ([next(numbers) for _ in range(layer["points"])] for _ in range(2))
        steps = iter([(v // 2 if v % 2 == 0 else -(v + 1) // 2, w // 2 if w % 2 == 0 else -(w + 1) // 2)
                      for v, w in zip(east, north, strict=True)])  # fmt: skip
        first, lines = np.zeros(2), []
        for name, number, ring, count in zip(names, roads, rings, counts, strict=True):
            moves = np.array([next(steps) for _ in range(count)])
            points = np.cumsum(np.vstack([first + moves[0], moves[1:]]), axis=0)
            first = points[0]
            lines.append((texts[name], texts[number], ring, points / 1e5 + ORIGIN))
        found[layer["kind"]] = lines
    assert next(numbers, None) is None
    return found


def metres_apart(degrees: np.ndarray, shape: shapely.Geometry) -> float:
    """The largest distance of the points from a shape."""
    easting, northing = crs.to_grid(degrees[:, 0], degrees[:, 1])
    return float(shapely.distance(shapely.points(easting, northing), shape).max())


def a_town(streets: int, seed: int = 3) -> gpd.GeoDataFrame:
    """Streets of two bends each, paths among them, and access roads, in a square of 20 km."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(streets):
        start = rng.uniform(0, 20_000, 2)
        points = np.vstack([start, start + np.cumsum(rng.normal(0, 60, (5, 2)), axis=0)])
        kind = ("local_road", "local_road", "access_road", "path")[number % 4]
        rows.append(road(kind, *map(tuple, points), name=f"Street {number // 3}"))
    return features(*rows)


LAKE = shapely.Polygon(
    [(WEST, SOUTH), (WEST + 900, SOUTH), (WEST + 900, SOUTH + 900), (WEST, SOUTH + 900)],
    [[(WEST + 300, SOUTH + 300), (WEST + 600, SOUTH + 300), (WEST + 600, SOUTH + 600)]],
)
MILL = road("local_road", (0, 0), (120, 40), (300, -20), name="Mill Lane")
MAIN = road("a_road", (-4000, 900), (2000, 700), number="A361")
VILLAGE = ("village", "Nether Wick", None, shapely.Point(WEST - 50, SOUTH + 10))


def a_parish() -> gpd.GeoDataFrame:
    return features(MILL, MAIN, ("water", None, None, LAKE), VILLAGE)


# inputs


def test_nothing_to_draw_makes_no_base_map() -> None:
    assert base_map_encoding.encode(tables.empty(tables.BASE_MAP)) is None


# answers


def test_what_the_page_decodes_is_what_was_drawn_to_two_metres() -> None:
    encoded = base_map_encoding.encode(a_parish())
    assert encoded is not None and encoded.has_street_names and not encoded.left_out
    drawn = decode(encoded.text)
    assert list(drawn) == ["water", "local_road", "a_road", "village"]
    ((name, number, _, street),) = drawn["local_road"]
    assert (name, number) == ("Mill Lane", "") and metres_apart(street, MILL[3]) < 2
    assert drawn["a_road"][0][1] == "A361" and metres_apart(drawn["a_road"][0][3], MAIN[3]) < 2
    assert [ring for _, _, ring, _ in drawn["water"]] == [0, 1]
    assert all(metres_apart(ring, LAKE.boundary) < 2 for _, _, _, ring in drawn["water"])
    assert drawn["village"][0][0] == "Nether Wick" and metres_apart(drawn["village"][0][3], VILLAGE[3]) < 2


def test_links_of_one_street_are_joined_where_they_meet_and_others_are_not() -> None:
    links = [road("local_road", (n * 100, 0), (n * 100 + 100, 0), name="High Street") for n in range(4)]
    side = road("local_road", (400, 0), (400, 90), name="Side Street")
    drawn = decode(base_map_encoding.encode(features(*links, side)).text)["local_road"]
    assert [(name, len(line)) for name, _, _, line in drawn] == [("High Street", 2), ("Side Street", 2)]


def test_minor_lines_are_left_out_before_shapes_lose_detail_and_are_listed() -> None:
    town = a_town(3_000)
    full = base_map_encoding.encode(town)
    assert full.left_out == "" and "path" in decode(full.text)
    less = base_map_encoding.encode(town, max_bytes=int(0.75 * len(full.text)))
    assert len(less.text) <= 0.75 * len(full.text) and "path" not in decode(less.text)
    assert "local_road" in decode(less.text) and "paths" in less.left_out
    small = base_map_encoding.encode(town, max_bytes=3_000)
    assert "local_road" not in decode(small.text) and "local streets" in small.left_out


def test_each_detail_takes_no_more_than_the_one_before() -> None:
    town = a_town(400)
    layers = [base_map_encoding._Layer(kind, town[town["kind"] == kind]) for kind in base_map_encoding.ORDER]
    layers = [layer for layer in layers if len(layer.features)]
    sizes = [len(base_map_encoding._encode(layers, detail)) for detail in base_map_encoding.DETAILS]
    assert all(after <= before for before, after in pairwise(sizes)) and sizes[-1] < sizes[0] / 10


@pytest.mark.parametrize("numbers", [[0], [127, 128], [16_383, 16_384, 2**31], []])
def test_numbers_are_coded_in_groups_of_seven_bits(numbers: list[int]) -> None:
    coded = base_map_encoding._varints(np.array(numbers, dtype="int64"))
    read, value, shift = [], 0, 0
    for byte in coded:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            read.append(value)
            value, shift = 0, 0
    assert read == numbers


# promises


def test_the_order_of_rows_does_not_matter_and_the_same_map_has_the_same_bytes() -> None:
    town = a_town(200)
    shuffled = town.sample(frac=1, random_state=1)
    assert base_map_encoding.encode(town).text == base_map_encoding.encode(shuffled).text
    assert base64.b64decode(base_map_encoding.encode(town).text)[4:8] == b"\0\0\0\0"  # no time in the file


def test_another_encoding_has_another_version() -> None:
    content = gzip.decompress(base64.b64decode(base_map_encoding.encode(a_parish()).text))
    digests = {1: "e06b4d4b150a3456"}
    assert hashlib.sha256(content).hexdigest()[:16] == digests[base_map_encoding.VERSION]


def test_the_key_changes_with_everything_that_is_drawn() -> None:
    parish = a_parish()
    changed = [parish.assign(**{column: parish[column].shift()}) for column in ("feature_id", "kind", "name", "number")]
    moved = parish.assign(geometry=parish.translate(1))
    keys = {base_map_encoding.content_key(one) for one in (parish, moved, parish.iloc[1:], *changed)}
    assert len(keys) == 7 and base_map_encoding.content_key(a_parish()) in keys


def test_a_name_cannot_leave_its_place_in_the_page() -> None:
    evil = road("local_road", (0, 0), (300, 0), name="</script><b>Mill\u202e Lane")
    text = base_map_encoding.encode(features(evil)).text
    ((name, *_),) = decode(text)["local_road"]
    assert name == "</script><b>Mill Lane"  # plain text, which the canvas draws as it is
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
