"""Counts of data.police.uk's files made without the project: the csv module and shapely only.

Nothing here is shared with the code that it checks: rows are read with `csv`, the force is the GeoJSON polygon in
degrees, and metres come from Ordnance Survey's published formulas (datum shift and transverse Mercator), written out.
"""

import csv
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import shapely
import shapely.geometry

TYPES = {"Anti-social behaviour": "asb", "Burglary": "burglary"}
# Types are put in the order of the report's own categories; this is the one whose name changes its place.
CATEGORIES = {"Possession of weapons": "Weapons"}


@dataclass
class Counts:
    """What a force's files hold up to a month: rows by month and reason, and the places of what is left."""

    rows_in: Counter = field(default_factory=Counter)
    aside: Counter = field(default_factory=Counter)
    kept: Counter = field(default_factory=Counter)
    # (month, family) -> longitude and latitude of each incident kept
    places: dict = field(default_factory=lambda: defaultdict(list))

    def window(self, family: str, months: list[str]) -> list[tuple[float, float]]:
        """Places of a family's incidents in these months."""
        return [place for month in months for place in self.places[month, family]]


def count_force(folder: Path, outline: shapely.Geometry, force: str, last_month: str) -> Counts:
    """Every row of the force's street files up to a month; an offence (ID, type, month and place) counts once."""
    counts, by_id = Counts(), defaultdict(list)
    shapely.prepare(outline)
    for path in sorted(folder.glob(f"*/*-{force}-street.csv")):
        if path.name[:7] > last_month:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        located = [row for row in rows if row["Longitude"] and row["Latitude"]]
        degrees = [(float(row["Longitude"]), float(row["Latitude"])) for row in located]
        is_inside = shapely.contains_xy(outline, [x for x, _ in degrees], [y for _, y in degrees])
        for row in rows:
            counts.rows_in[row["Month"]] += 1
            counts.aside[row["Month"], "no_coordinates"] += not (row["Longitude"] and row["Latitude"])
        for row, place, inside in zip(located, degrees, is_inside, strict=True):
            counts.aside[row["Month"], "outside_force"] += not inside
            if inside:
                kind = CATEGORIES.get(row["Crime type"], row["Crime type"])
                offence = (row["Crime ID"], kind, row["Month"], *map(round, to_metres(*place)))
                by_id[offence if row["Crime ID"] else object()].append((*to_metres(*place), kind, row["Month"], place))
    for rows in by_id.values():
        first, *others = sorted(rows) if len(rows) > 1 else rows
        counts.kept[first[3]] += 1
        counts.places[first[3], TYPES.get(first[2], "other")].append(first[4])
        for row in others:
            counts.aside[row[3], "repeated_id"] += 1
    return counts


def outline_of(path: Path, force: str) -> shapely.Geometry:
    """The polygon, in degrees, whose property `force` is the slug."""
    return next(shape for facts, shape in features(path) if facts["force"] == force)


def features(path: Path) -> Iterator[tuple[dict, shapely.Geometry]]:
    """Properties and geometry of each feature of a GeoJSON file."""
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        yield feature["properties"], shapely.geometry.shape(feature["geometry"])


def number_inside(shape: shapely.Geometry, places: list[tuple[float, float]]) -> int:
    """How many places lie in a polygon."""
    shapely.prepare(shape)
    return int(shapely.intersects_xy(shape, [x for x, _ in places], [y for _, y in places]).sum())


def in_metres(shape: shapely.Geometry) -> shapely.Geometry:
    """A polygon in degrees as one in metres."""
    return shapely.transform(shape, lambda xy: [to_metres(x, y) for x, y in xy])


def to_metres(longitude: float, latitude: float) -> tuple[float, float]:
    """Easting and northing to the centimetre: OS's seven-parameter datum shift, then its transverse Mercator series.

    A guide to coordinate systems in Great Britain, Ordnance Survey, sections 6.2, 6.6 and annexes B and C.
    """
    lon, lat = math.radians(longitude), math.radians(latitude)
    a, b = 6378137.0, 6356752.314245
    e2 = 1 - b * b / (a * a)
    nu = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    x, y, z = nu * math.cos(lat) * math.cos(lon), nu * math.cos(lat) * math.sin(lon), nu * (1 - e2) * math.sin(lat)
    # WGS84 to OSGB36: metres, seconds of arc, parts per million; the inverse of the shift is exact to a millimetre.
    scale = 1 - 20.489e-6
    rx, ry, rz = (math.radians(seconds / 3600) for seconds in (0.15, 0.247, 0.842))
    x, y, z = _solve(scale, (rx, ry, rz), (x - 446.448, y + 125.157, z - 542.06))
    a, b = 6377563.396, 6356256.909
    e2 = 1 - b * b / (a * a)
    p, lon = math.hypot(x, y), math.atan2(y, x)
    lat = math.atan2(z, p * (1 - e2))
    for _ in range(8):
        nu = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + e2 * nu * math.sin(lat), p)
    return _mercator(lat, lon, a, b, e2)


def _solve(
    scale: float, turn: tuple[float, float, float], at: tuple[float, float, float]
) -> tuple[float, float, float]:
    """The point that the small rotation and the scale take to `at`, by fixed-point steps."""
    (rx, ry, rz), (u, v, w) = turn, at
    x, y, z = u, v, w
    for _ in range(6):
        x, y, z = u / scale + rz * y - ry * z, v / scale - rz * x + rx * z, w / scale + ry * x - rx * y
    return x, y, z


def _mercator(lat: float, lon: float, a: float, b: float, e2: float) -> tuple[float, float]:
    """Transverse Mercator on the National Grid."""
    f0, lat0, lon0, east0, north0 = 0.9996012717, math.radians(49), math.radians(-2), 400_000.0, -100_000.0
    n = (a - b) / (a + b)
    sin, cos, tan = math.sin(lat), math.cos(lat), math.tan(lat)
    nu = a * f0 / math.sqrt(1 - e2 * sin * sin)
    rho = a * f0 * (1 - e2) / (1 - e2 * sin * sin) ** 1.5
    eta2 = nu / rho - 1
    d, s = lat - lat0, lat + lat0
    m = b * f0 * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * d
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(d) * math.cos(s)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * math.sin(2 * d) * math.cos(2 * s)
        - 35 / 24 * n**3 * math.sin(3 * d) * math.cos(3 * s)
    )  # fmt: skip
    dl, t2 = lon - lon0, tan * tan
    north = (
        m + north0 + nu / 2 * sin * cos * dl**2 + nu / 24 * sin * cos**3 * (5 - t2 + 9 * eta2) * dl**4
        + nu / 720 * sin * cos**5 * (61 - 58 * t2 + t2 * t2) * dl**6
    )  # fmt: skip
    east = (
        east0 + nu * cos * dl + nu / 6 * cos**3 * (nu / rho - t2) * dl**3
        + nu / 120 * cos**5 * (5 - 18 * t2 + t2 * t2 + 14 * eta2 - 58 * t2 * eta2) * dl**5
    )  # fmt: skip
    return round(east, 2), round(north, 2)
