"""A map as a picture on a sheet: ground, outlines, areas with their numbers, a scale and north."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from hotspots.reporting.briefings import fonts
from hotspots.reporting.briefings.pdf_pages import INK, RULE, SOFT, Colour, Sheet

FILLS: dict[str, Colour] = {"asb": (247, 221, 171), "burglary": (205, 230, 246)}
LINES: dict[str, Colour] = {"asb": (160, 60, 0), "burglary": (0, 86, 138)}
GROUND: Colour = (233, 234, 230)
WATER: Colour = (150, 185, 205)
_MARK_MM = 2.5
_AROUND = [(np.cos(turn), np.sin(turn)) for turn in np.arange(8) * np.pi / 4]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Where on the sheet a stretch of country is drawn: upper left corner and size in mm, and its scale.

    Parameters
    ----------
    x, y, width, height : float
        On the sheet, mm.
    west, north : float
        Of the upper left corner, BNG metres.
    metres_a_mm : float
        Scale.
    """

    x: float
    y: float
    width: float
    height: float
    west: float
    north: float
    metres_a_mm: float

    def on_sheet(self, shape: shapely.Geometry) -> shapely.Geometry:
        """A shape in metres as one in millimetres of the sheet, cut to the frame and without needless corners."""
        east, south = self.west + self.width * self.metres_a_mm, self.north - self.height * self.metres_a_mm
        cut = shapely.clip_by_rect(shape, self.west, south, east, self.north)
        return shapely.transform(shapely.simplify(cut, 0.15 * self.metres_a_mm), self.place)

    def visible(self, xy: np.ndarray) -> np.ndarray:
        """The points in metres that the frame shows, and those a little outside."""
        at = self.place(xy)
        beside = 5.0
        is_in = (at[:, 0] > self.x - beside) & (at[:, 0] < self.x + self.width + beside)
        return xy[is_in & (at[:, 1] > self.y - beside) & (at[:, 1] < self.y + self.height + beside)]

    def place(self, xy: np.ndarray) -> np.ndarray:
        """Points in metres as millimetres of the sheet."""
        return np.column_stack(
            [self.x + (xy[:, 0] - self.west) / self.metres_a_mm, self.y + (self.north - xy[:, 1]) / self.metres_a_mm]
        )


@dataclass(frozen=True, kw_only=True)
class Country:
    """What a map shows besides areas.

    Parameters
    ----------
    recorded : array
        Points at which anything was recorded, BNG metres.
    streets : DataFrame
        `name`, `easting`, `northing`, the best known first.
    outlines : list of shapely.Geometry
        Of the force and its teams and beats.
    towns : DataFrame
        As `streets`: names of places, where the force supplies them.
    roads, rivers : list of shapely.Geometry
        Where the force supplies them.
    """

    recorded: np.ndarray
    streets: pd.DataFrame
    outlines: list[shapely.Geometry]
    towns: pd.DataFrame
    roads: list[shapely.Geometry] = field(default_factory=list)
    rivers: list[shapely.Geometry] = field(default_factory=list)


def fit(bounds: Iterable[float], box: tuple[float, float, float, float], least_m: float = 1_500.0) -> Frame:
    """A frame in a box of the sheet (x, y, width, height in mm) that holds bounds in metres with room around them."""
    west, south, east, north = (float(value) for value in bounds)
    x, y, width, height = box
    scale = 1.16 * max((east - west) / width, (north - south) / height, least_m / max(width, height))
    middle = ((west + east) / 2, (south + north) / 2)
    return Frame(
        x=x, y=y, width=width, height=height, west=middle[0] - scale * width / 2,
        north=middle[1] + scale * height / 2, metres_a_mm=scale,
    )  # fmt: skip


def draw_ground(sheet: Sheet, frame: Frame, country: Country) -> None:
    """Squares where anything was recorded, in pale grey, and outlines over them: what shows where one is."""
    size = _square(frame.metres_a_mm)
    corners = np.unique(np.floor(frame.visible(country.recorded) / size), axis=0) * size
    boxes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + size, corners[:, 1] + size)
    sheet.shape(frame.on_sheet(shapely.union_all(boxes)), fill=GROUND)
    for lines, colour in ((country.rivers, WATER), (country.roads, RULE)):
        for line in lines:
            drawn = frame.on_sheet(line)
            sheet.shape(shapely.boundary(drawn) if drawn.area else drawn, line=colour, width=0.4)
    for outline in country.outlines:
        sheet.shape(shapely.boundary(frame.on_sheet(outline)), line=SOFT, width=0.25)


def _square(metres_a_mm: float) -> int:
    """Side in metres of the squares on the ground: a millimetre or two."""
    return next((size for size in (25, 50, 100, 250, 500) if size >= 1.2 * metres_a_mm), 1000)


def draw_border(sheet: Sheet, frame: Frame) -> None:
    """The frame's edge, a scale of a round length, and an arrow to grid north."""
    sheet.box(frame.x, frame.y, frame.width, frame.height, line=SOFT)
    length_m = round_length(frame.width * frame.metres_a_mm / 4)
    length, base = length_m / frame.metres_a_mm, frame.y + frame.height - 3.5
    left = frame.x + 4
    sheet.box(left - 2, base - 5, length + 6, 7, fill=(255, 255, 255))
    sheet.rule(left, base, left + length, base, colour=INK, width=0.5)
    for end in (left, left + length):
        sheet.rule(end, base - 1.2, end, base, colour=INK, width=0.4)
    said = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    sheet.text(left + length / 2, base - 1.6, said, 7, align="middle")
    tip = (frame.x + frame.width - 5, frame.y + 2.5)
    sheet.box(tip[0] - 3, tip[1] - 1, 6, 11, fill=(255, 255, 255))
    arrow = [(tip[0], tip[1]), (tip[0] + 1.6, tip[1] + 5), (tip[0], tip[1] + 4), (tip[0] - 1.6, tip[1] + 5)]
    sheet.shape(shapely.Polygon(arrow), fill=INK)
    sheet.text(tip[0], tip[1] + 8.6, "N", 8, bold=True, align="middle")


def round_length(metres: float) -> float:
    """The longest of 1, 2, 5, 10, 20, 50, ... metres that is not longer.

    Examples
    --------
    >>> round_length(1234.0)
    1000.0
    """
    size = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * size for step in (1, 2, 5) if step * size <= metres))


def draw_areas(sheet: Sheet, frame: Frame, areas: Iterable[tuple[str, shapely.Geometry]]) -> None:
    """Outlines of areas of a family."""
    for family, shape in areas:
        sheet.shape(frame.on_sheet(shape), fill=FILLS[family], line=LINES[family], width=0.3)


def place_numbers(frame: Frame, shapes: Iterable[shapely.Geometry]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Where each area's middle is, and where its number stands: there, or beside it where an earlier one stands."""
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for shape in shapes:
        at = frame.place(shapely.get_coordinates(shapely.centroid(shape)))[0]
        taken = [spot for _, spot in found]
        found.append((at, next((spot for spot in _spots(at) if _is_free(spot, taken, frame)), at)))
    return found


def draw_numbers(sheet: Sheet, numbers: list[tuple[str, str]], placed: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Numbers of areas (family, number) where `place_numbers` put them, with lines to those that had to move."""
    for (family, _), (at, spot) in zip(numbers, placed, strict=True):
        if np.hypot(*(spot - at)) > 0.1:
            sheet.rule(at[0], at[1], spot[0], spot[1], colour=LINES[family], width=0.25)
            sheet.disc(at[0], at[1], 0.5, fill=LINES[family])
    for (family, number), (_, spot) in zip(numbers, placed, strict=True):
        draw_mark(sheet, spot[0], spot[1], family, number)


def draw_mark(sheet: Sheet, x: float, y: float, family: str, number: str) -> None:
    """A number in the shape of its family: a disc for ASB, a square for burglary."""
    if family == "asb":
        sheet.disc(x, y, _MARK_MM, fill=(255, 255, 255), line=LINES[family])
    else:
        half = _MARK_MM - 0.2
        sheet.box(x - half, y - half, 2 * half, 2 * half, fill=(255, 255, 255), line=LINES[family])
    sheet.text(x, y + 0.95, number, 7.5, bold=True, align="middle", colour=LINES[family])


def draw_names(sheet: Sheet, frame: Frame, streets: pd.DataFrame, keep_clear: Iterable[np.ndarray] = ()) -> None:
    """Names of streets, each once, where room is left for them, in the order given."""
    taken = [(x - _MARK_MM, y - _MARK_MM, x + _MARK_MM, y + _MARK_MM) for x, y in keep_clear]
    told: set[str] = set()
    at = frame.place(streets[["easting", "northing"]].to_numpy())
    for name, (x, y) in zip(streets["name"], at, strict=True):
        if name in told or not (frame.x < x < frame.x + frame.width and frame.y < y < frame.y + frame.height):
            continue
        wide = sheet.width(fonts.shown(name), 6) / 2
        box = (x - wide - 0.6, y - 2.4, x + wide + 0.6, y + 1.2)
        inside = frame.x + wide + 1 < x < frame.x + frame.width - wide - 1
        inside = inside and frame.y + 3 < y < frame.y + frame.height - 10
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            told.add(name)
            sheet.text(x, y, name, 6, align="middle", colour=SOFT)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes (left, top, right, bottom) share room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _spots(at: np.ndarray) -> Iterable[np.ndarray]:
    """Where a number may stand: in its place, then around it, further and further."""
    yield at
    for ring in (1, 2, 3, 4, 5):
        for turn in _AROUND:
            yield at + np.array(turn) * ring * 2.3 * _MARK_MM


def _is_free(spot: np.ndarray, taken: list[np.ndarray], frame: Frame) -> bool:
    """Whether a number there stands inside the frame and covers no other."""
    x, y = spot[0] - frame.x, spot[1] - frame.y
    is_inside = _MARK_MM + 0.5 < x < frame.width - _MARK_MM - 0.5 and _MARK_MM + 0.5 < y < frame.height - _MARK_MM - 0.5
    covers_scale = y > frame.height - 11 and x < frame.width / 3
    covers_north = y < 14 and x > frame.width - 11
    apart = all(np.hypot(*(spot - other)) > 2.05 * _MARK_MM for other in taken)
    return is_inside and not covers_scale and not covers_north and apart
