"""Littleham's base map: streets along its street points, main roads, a railway, a river, woods, parks and names.

The streets run through the points at which incidents are recorded. They cross at shared points and end there, so that
they are a network. Main roads have numbers that no road in Great Britain has.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots import crs, tables
from hotspots.town import streets

_END_M = 25.0  # a street runs on beyond its first and last point
_BEND_M = 45.0  # of a main road between two places
_BUILT_M = 120.0  # around street points: no woods

# Main roads by number: places that they join, in kilometres from the origin or by district.
_ROADS = (
    ("a_road", "A9901", "Littleham Road", ((-1.5, 4.2), "Oakfield", "Victoria Park", streets.CENTRE, "Ropewalk",
                                           "Lock Quay", (11.5, 5.1))),
    ("a_road", "A9902", "North Road", ((4.3, 9.5), "Northgate", streets.CENTRE, "Southmead", (5.3, -1.2))),
    ("b_road", "B9903", "Saltholme Road", ("Ropewalk", "Fairmead", "Saltholme", (11.2, 7.4))),
    ("b_road", "B9904", "Wick Road", ("Northgate", (2.9, 6.2), "Upper Wick", (-1.2, 7.0))),
    ("b_road", "B9905", "Marsh Road", ("Southmead", "Hillside", "Marshford", (-1.4, 0.9))),
    ("minor_road", "", "Weir Lane", ("Ropewalk", "Weir Retail Park", "Birchwood", "Southmead")),
    ("minor_road", "", "Hill Lane", ("Oakfield", "Hillside")),
    ("minor_road", "", "Quay Lane", ("Lock Quay", (8.4, 5.5), "Saltholme")),
    ("minor_road", "", "Fairmead Lane", ("Northgate", "Fairmead")),
)  # fmt: skip
_RAILWAY_KM = ((-1.5, 5.6), (1.5, 5.2), (3.9, 4.65), (5.2, 4.62), (7.0, 4.95), (8.6, 5.2), (11.5, 5.9))
_RIVER_KM = (
    (5.9, 9.5), (5.7, 7.6), (5.55, 6.6), (5.6, 5.6), (5.42, 4.9), (5.38, 4.1), (5.75, 3.35), (6.9, 3.15), (8.2, 3.3),
    (9.4, 2.9), (11.5, 2.2),
)  # fmt: skip
_BROOK_KM = ((-1.0, 5.7), (1.1, 5.3), (2.2, 4.0), (2.3, 2.2), (3.8, 1.6), (4.1, -1.0))
_LAKES_KM = (((8.35, 4.05), (0.35, 0.14)), ((2.35, 6.65), (0.16, 0.26)))
_WOODS_KM = (
    ("Wick Wood", (2.3, 5.9), (0.75, 0.4)), ("Birch Wood", (7.7, 2.2), (0.55, 0.7)),
    ("Marsh Copse", (2.2, 0.9), (0.4, 0.25)), ("Hanger Wood", (1.9, 3.3), (0.5, 0.65)),
    ("North Plantation", (7.7, 6.8), (0.5, 0.3)), ("", (3.9, 1.5), (0.45, 0.3)),
)  # fmt: skip


def draw_base_map(points: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the base map of the town (`tables.BASE_MAP`).

    Parameters
    ----------
    points
        Street points, as `streets.draw_streets` returns them.
    """
    roads = _cross(pd.concat([_main_roads(), _streets(points)], ignore_index=True))
    built = shapely.union_all(shapely.buffer(shapely.points(points[["easting", "northing"]]), _BUILT_M, quad_segs=2))
    rows = [
        *(("wood", name, "", shapely.difference(_oval(centre, half), built)) for name, centre, half in _WOODS_KM),
        ("park", "Victoria Park", "", _oval(*_park())),
        *(("water", "", "", _oval(centre, half)) for centre, half in _LAKES_KM),
        ("stream", "Wick Brook", "", _curve(_BROOK_KM)),
        ("river", "River Lidd", "", _curve(_RIVER_KM)),
        ("railway", "", "", _curve(_RAILWAY_KM)),
        *(_place_name(district) for district in streets.DISTRICTS if district.kind not in ("park", "retail")),
    ]
    others = pd.DataFrame(rows, columns=["kind", "name", "number", "geometry"])
    features = pd.concat([others, roads], ignore_index=True)
    shapes = shapely.transform(features["geometry"].to_numpy(), lambda xy: np.round(xy, 1))
    frame = gpd.GeoDataFrame(features.drop(columns="geometry"), geometry=shapes, crs=crs.BNG)
    texts = frame[["name", "number"]].astype("str")
    frame[["name", "number"]] = texts.where(texts != "")
    frame["feature_id"] = [f"base-{number:04d}" for number in range(1, len(frame) + 1)]
    return tables.conform(frame[frame.is_valid & ~frame.is_empty], tables.BASE_MAP)


def _streets(points: pd.DataFrame) -> pd.DataFrame:
    """Return a line through the points of each street, in order along it."""
    rows = []
    for (kind, name), street in points.groupby(["kind", "street"], sort=True):
        xy = street[["easting", "northing"]].to_numpy(dtype=float)
        along = xy - xy.mean(axis=0)
        direction = np.linalg.svd(along, full_matrices=False)[2][0]
        direction = direction * (1 if direction[0] >= 0 else -1)
        xy = xy[np.argsort(along @ direction, kind="stable")]
        xy = np.vstack([xy[0] - _END_M * direction, xy, xy[-1] + _END_M * direction])
        road = "path" if kind == "park" else "access_road" if kind in ("industry", "retail") else "local_road"
        rows.append((road, name, "", shapely.LineString(xy)))
    return pd.DataFrame(rows, columns=["kind", "name", "number", "geometry"])


def _main_roads() -> pd.DataFrame:
    rows = [(kind, name, number, _curve([_at(place) for place in places])) for kind, number, name, places in _ROADS]
    return pd.DataFrame(rows, columns=["kind", "name", "number", "geometry"])


def _cross(roads: pd.DataFrame) -> pd.DataFrame:
    """Split all roads where they cross; each piece keeps the name of its road."""
    lines = shapely.set_precision(roads["geometry"].to_numpy(), 0.1)
    pieces = shapely.get_parts(shapely.union_all(lines, grid_size=0.1))
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    piece, road = shapely.STRtree(lines).query_nearest(middle, all_matches=False)
    of_piece = pd.Series(road, index=piece).sort_index()
    split = roads.iloc[of_piece.to_numpy()].assign(geometry=pieces)
    return split[shapely.length(pieces) > 1]


def _place_name(district: streets.District) -> tuple[str, str, str, shapely.Geometry]:
    """Return the name of a district: the town at its centre, suburbs and villages around it."""
    kind, name = {"centre": ("town", "Littleham"), "village": ("village", district.name)}.get(
        district.kind, ("suburb", district.name)
    )
    return kind, name, "", shapely.Point(streets.centre_of(district.name))


def _at(place: str | tuple[float, float]) -> tuple[float, float]:
    """Return a place in kilometres from the origin."""
    if not isinstance(place, str):
        return place
    east, north = streets.centre_of(place)
    return (east - streets.ORIGIN[0]) / 1000, (north - streets.ORIGIN[1]) / 1000


def _curve(points_km: tuple[tuple[float, float], ...] | list[tuple[float, float]]) -> shapely.LineString:
    """Return a smooth line through points (a Catmull-Rom spline with gentle bends), in metres."""
    given = np.array(points_km) * 1000 + streets.ORIGIN
    padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    t = np.linspace(0, 1, 12, endpoint=False)[:, None]
    parts = [_spline(padded[n : n + 4], t) for n in range(len(given) - 1)]
    return shapely.LineString(np.vstack([*parts, given[-1:]]))


def _spline(four: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points of a Catmull-Rom spline between the second and the third of four points."""
    a, b, c, d = four
    bent = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    across = np.array([b[1] - c[1], c[0] - b[0]]) / max(float(np.hypot(*(c - b))), 1.0)
    return np.asarray(bent + across * _BEND_M * np.sin(2 * np.pi * t) * min(1.0, float(np.hypot(*(c - b))) / 2000))


def _oval(centre_km: tuple[float, float], half_km: tuple[float, float]) -> shapely.Polygon:
    """Return an oval with an irregular edge, in metres."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    edge = 1 + 0.1 * np.sin(3 * turn + centre_km[0]) + 0.05 * np.sin(7 * turn + centre_km[1])
    xy = np.column_stack(
        [centre_km[0] + half_km[0] * edge * np.cos(turn), centre_km[1] + half_km[1] * edge * np.sin(turn)]
    )
    return shapely.Polygon(xy * 1000 + streets.ORIGIN)


def _park() -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the centre and the half axes of Victoria Park in kilometres."""
    park = next(district for district in streets.DISTRICTS if district.kind == "park")
    return (park.centre[0] / 1000, park.centre[1] / 1000), (park.half_axes_m[0] / 900, park.half_axes_m[1] / 900)
