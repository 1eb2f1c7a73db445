"""Draw a map on a PDF page: base map, outlines, areas with their ranks, scale bar and north arrow."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.reporting.briefings import fonts
from hotspots.reporting.briefings.pdf_pages import INK, SOFT, Colour, Sheet

FILLS: dict[str, Colour] = {"asb": (247, 221, 171), "burglary": (205, 230, 246)}
LINES: dict[str, Colour] = {"asb": (160, 60, 0), "burglary": (0, 86, 138)}
RECORDED: Colour = (233, 234, 230)
_MARK_MM = 2.5
_DIRECTIONS = [(np.cos(turn), np.sin(turn)) for turn in np.arange(8) * np.pi / 4]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Position of a map on the page: upper left corner and size in mm, and the scale.

    Parameters
    ----------
    x, y, width, height : float
        On the page, mm.
    west, north : float
        BNG coordinates of the upper left corner, metres.
    metres_per_mm : float
        Scale.
    """

    x: float
    y: float
    width: float
    height: float
    west: float
    north: float
    metres_per_mm: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north, BNG metres."""
        east, south = self.west + self.width * self.metres_per_mm, self.north - self.height * self.metres_per_mm
        return self.west, south, east, self.north

    def to_page(self, shape: Any) -> Any:
        """Return a shape, or an array of them, in millimetres of the page, clipped to the frame and simplified."""
        cut = shapely.clip_by_rect(shape, *self.bounds)
        return shapely.transform(shapely.simplify(cut, 0.15 * self.metres_per_mm), self.place)

    def visible(self, xy: np.ndarray) -> np.ndarray:
        """Return the points inside the frame or just outside it."""
        at = self.place(xy)
        margin = 5.0
        is_in = (at[:, 0] > self.x - margin) & (at[:, 0] < self.x + self.width + margin)
        return xy[is_in & (at[:, 1] > self.y - margin) & (at[:, 1] < self.y + self.height + margin)]

    def place(self, xy: np.ndarray) -> np.ndarray:
        """Return points in millimetres of the page."""
        return np.column_stack(
            [
                self.x + (xy[:, 0] - self.west) / self.metres_per_mm,
                self.y + (self.north - xy[:, 1]) / self.metres_per_mm,
            ]
        )


@dataclass(frozen=True, kw_only=True)
class BaseMap:
    """Features of a map besides areas.

    Parameters
    ----------
    recorded : array
        Locations of recorded incidents, BNG metres.
    streets : DataFrame
        `name`, `easting`, `northing`, the busiest first.
    outlines : list of shapely.Geometry
        Outlines of the force, its teams and beats.
    features : GeoDataFrame
        `tables.BASE_MAP`; may be empty.
    """

    recorded: np.ndarray
    streets: pd.DataFrame
    outlines: list[shapely.Geometry]
    features: gpd.GeoDataFrame


def fit(bounds: Iterable[float], box: tuple[float, float, float, float], min_m: float = 1_500.0) -> Frame:
    """Return a frame in a box of the page (x, y, width, height in mm) that contains bounds in metres, with a margin."""
    west, south, east, north = (float(value) for value in bounds)
    x, y, width, height = box
    scale = 1.16 * max((east - west) / width, (north - south) / height, min_m / max(width, height))
    middle = ((west + east) / 2, (south + north) / 2)
    return Frame(
        x=x, y=y, width=width, height=height, west=middle[0] - scale * width / 2,
        north=middle[1] + scale * height / 2, metres_per_mm=scale,
    )  # fmt: skip


def draw_recorded(sheet: Sheet, frame: Frame, base_map: BaseMap) -> None:
    """Draw squares with recorded incidents in pale grey, and outlines."""
    size = _square(frame.metres_per_mm)
    corners = np.unique(np.floor(frame.visible(base_map.recorded) / size), axis=0) * size
    boxes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + size, corners[:, 1] + size)
    sheet.shape(frame.to_page(shapely.union_all(boxes)), fill=RECORDED)
    for outline in base_map.outlines:
        sheet.shape(shapely.boundary(frame.to_page(outline)), line=SOFT, width=0.25)


def _square(metres_per_mm: float) -> int:
    """Return the side in metres of squares that measure about a millimetre or two."""
    return next((size for size in (25, 50, 100, 250, 500) if size >= 1.2 * metres_per_mm), 1000)


def draw_border(sheet: Sheet, frame: Frame, *, has_north: bool = True) -> None:
    """Draw the frame's edge, a scale bar and, if there is room for it, a north arrow."""
    sheet.box(frame.x, frame.y, frame.width, frame.height, line=SOFT)
    length_m = round_length(frame.width * frame.metres_per_mm / 4)
    length, base = length_m / frame.metres_per_mm, frame.y + frame.height - 3.5
    left = frame.x + 4
    sheet.box(left - 2, base - 5, length + 6, 7, fill=(255, 255, 255))
    sheet.rule(left, base, left + length, base, colour=INK, width=0.5)
    for end in (left, left + length):
        sheet.rule(end, base - 1.2, end, base, colour=INK, width=0.4)
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    sheet.text(left + length / 2, base - 1.6, label, 7, align="middle")
    if not has_north:
        return
    tip = (frame.x + frame.width - 5, frame.y + 2.5)
    sheet.box(tip[0] - 3, tip[1] - 1, 6, 11, fill=(255, 255, 255))
    arrow = [(tip[0], tip[1]), (tip[0] + 1.6, tip[1] + 5), (tip[0], tip[1] + 4), (tip[0] - 1.6, tip[1] + 5)]
    sheet.shape(shapely.Polygon(arrow), fill=INK)
    sheet.text(tip[0], tip[1] + 8.6, "N", 8, bold=True, align="middle")


def round_length(metres: float) -> float:
    """Return the largest of 1, 2, 5, 10, 20, 50, ... metres up to a length.

    Examples
    --------
    >>> round_length(1234.0)
    1000.0
    """
    size = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * size for step in (1, 2, 5) if step * size <= metres))


def draw_areas(sheet: Sheet, frame: Frame, areas: Iterable[tuple[str, shapely.Geometry]]) -> None:
    """Draw the outlines of areas with their families."""
    for family, shape in areas:
        sheet.shape(frame.to_page(shape), fill=FILLS[family], line=LINES[family], width=0.3)


def place_ranks(frame: Frame, shapes: Iterable[shapely.Geometry]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the centre of each area, and the position of its rank: there or, if that is taken, nearby."""
    placed: list[tuple[np.ndarray, np.ndarray]] = []
    for shape in shapes:
        centre = frame.place(shapely.get_coordinates(shapely.centroid(shape)))[0]
        taken = [position for _, position in placed]
        free = (position for position in _positions(centre) if _is_free(position, taken, frame))
        placed.append((centre, next(free, centre)))
    return placed


def draw_ranks(sheet: Sheet, ranks: list[tuple[str, str]], placed: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Draw ranks (family, rank) at the positions of `place_ranks`, with lines to the centres of those that moved."""
    for (family, _), (centre, position) in zip(ranks, placed, strict=True):
        if np.hypot(*(position - centre)) > 0.1:
            sheet.rule(centre[0], centre[1], position[0], position[1], colour=LINES[family], width=0.25)
            sheet.disc(centre[0], centre[1], 0.5, fill=LINES[family])
    for (family, rank), (_, position) in zip(ranks, placed, strict=True):
        draw_mark(sheet, position[0], position[1], family, rank)


def draw_mark(sheet: Sheet, x: float, y: float, family: str, rank: str) -> None:
    """Draw a rank in the symbol of its family: a disc for ASB, a square for burglary."""
    if family == "asb":
        sheet.disc(x, y, _MARK_MM, fill=(255, 255, 255), line=LINES[family])
    else:
        half = _MARK_MM - 0.2
        sheet.box(x - half, y - half, 2 * half, 2 * half, fill=(255, 255, 255), line=LINES[family])
    sheet.text(x, y + 0.95, rank, 7.5, bold=True, align="middle", colour=LINES[family])


def draw_names(sheet: Sheet, frame: Frame, streets: pd.DataFrame, keep_clear: Iterable[np.ndarray] = ()) -> None:
    """Draw each street name once, in the given order, where there is room."""
    taken = [(x - _MARK_MM, y - _MARK_MM, x + _MARK_MM, y + _MARK_MM) for x, y in keep_clear]
    drawn: set[str] = set()
    at = frame.place(streets[["easting", "northing"]].to_numpy())
    for name, (x, y) in zip(streets["name"], at, strict=True):
        if name in drawn or not (frame.x < x < frame.x + frame.width and frame.y < y < frame.y + frame.height):
            continue
        wide = sheet.width(fonts.printable(name), 6) / 2
        box = (x - wide - 0.6, y - 2.4, x + wide + 0.6, y + 1.2)
        inside = frame.x + wide + 1 < x < frame.x + frame.width - wide - 1
        inside = inside and frame.y + 3 < y < frame.y + frame.height - 10
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            drawn.add(name)
            sheet.text(x, y, name, 6, align="middle", colour=SOFT)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Return whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _positions(centre: np.ndarray) -> Iterable[np.ndarray]:
    """Yield possible positions of a rank: the centre, then rings around it."""
    yield centre
    for ring in (1, 2, 3, 4, 5):
        for direction in _DIRECTIONS:
            yield centre + np.array(direction) * ring * 2.3 * _MARK_MM


def _is_free(position: np.ndarray, taken: list[np.ndarray], frame: Frame) -> bool:
    """Return whether a rank fits inside the frame without covering another, the scale bar or the north arrow."""
    x, y = position[0] - frame.x, position[1] - frame.y
    is_inside = _MARK_MM + 0.5 < x < frame.width - _MARK_MM - 0.5 and _MARK_MM + 0.5 < y < frame.height - _MARK_MM - 0.5
    covers_scale = y > frame.height - 11 and x < frame.width / 3
    covers_north = y < 14 and x > frame.width - 11
    apart = all(np.hypot(*(position - other)) > 2.05 * _MARK_MM for other in taken)
    return is_inside and not covers_scale and not covers_north and apart
