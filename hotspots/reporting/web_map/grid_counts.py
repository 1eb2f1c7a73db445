"""Count incidents and survey responses by grid square or place, never for a single resident."""

from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, location_names, surveys
from hotspots.reporting import formatting

INCIDENT_CELL_M = 250
CONCERN_CELL_M = 500
SHADES = (1, 5, 20, 50)  # lowest number of incidents of each shade


@dataclass(frozen=True, kw_only=True)
class ConcernCount:
    """Number of residents who responded about one place, and the issues that enough of them named."""

    easting: float
    northing: float
    name: str
    answers: int
    issues: tuple[tuple[str, int], ...]


def incident_cells(incidents: gpd.GeoDataFrame, family: str) -> pd.DataFrame:
    """Return grid squares with incidents of a family: easting and northing of the centre, and shade (0 is palest)."""
    own = incidents[incidents["is_own_force"]]
    points = gpd.GeoSeries(categories.of_family(own, family)["geometry"])
    xy = points.get_coordinates().dropna().to_numpy()
    squares, count = np.unique(np.floor(xy / INCIDENT_CELL_M).astype("int64"), axis=0, return_counts=True)
    centre = (squares.reshape(-1, 2) + 0.5) * INCIDENT_CELL_M
    shade = np.searchsorted(SHADES, count, side="right") - 1
    return pd.DataFrame({"easting": centre[:, 0], "northing": centre[:, 1], "shade": shade})


def shade_labels() -> list[str]:
    """Return the range of each shade: "1 to 4", ..., "50 or more"."""
    upper = [f"{low} to {high - 1}" for low, high in pairwise(SHADES)]
    return [*upper, f"{SHADES[-1]} or more"]


def count_concerns(concerns: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> list[ConcernCount]:
    """Count responses in squares of 500 m, and in named places; fewer than three are not shown.

    Responses with a point count in their square, those with only a place code in that place.
    """
    located = concerns[concerns.geometry.notna()]
    xy = located.get_coordinates()
    squares = np.floor(xy / CONCERN_CELL_M).astype("int64")
    found = []
    for (column, row), answers in located.groupby([squares["x"], squares["y"]], sort=True):
        middle = (np.array([column, row]) + 0.5) * CONCERN_CELL_M
        found.append(_concern_count(answers, middle, f"Within a square of {CONCERN_CELL_M} m"))
    shapes = places.sort_values(["place_code", "kind"]).drop_duplicates("place_code").set_index("place_code")
    for code, answers in concerns[concerns.geometry.isna()].groupby("place_code", sort=True):
        if code in shapes.index:
            point = shapes.geometry[code].representative_point()
            found.append(_concern_count(answers, np.array([point.x, point.y]), f"Somewhere in {shapes['name'][code]}"))
    return [count for count in found if count.answers >= formatting.FEW]


def count_residents(concerns: pd.DataFrame) -> int:
    """Count the residents behind these rows; in a survey without respondent ids, the rows."""
    return int(surveys.respondents_of(concerns).nunique())


def street_names(incidents: gpd.GeoDataFrame, areas: gpd.GeoDataFrame | None, around_m: float) -> pd.DataFrame:
    """Return the streets of map points, or of those near the areas: easting, northing and name, busiest first.

    Only records at a map point or street are used; other location texts might identify somebody's home. Kinds of places
    that data.police.uk names, such as "Parking Area", are no streets.
    """
    own = incidents[incidents["location_precision"].isin(["snap", "street"]) & incidents["location_text"].notna()]
    names = {text: formatting.street(text) for text in own["location_text"].unique()}
    names = {text: name for text, name in names.items() if name not in location_names.KINDS_OF_PLACE}
    xy = own.get_coordinates()
    spots = pd.DataFrame({"easting": xy["x"], "northing": xy["y"], "name": own["location_text"].map(names)}).dropna()
    counted = spots.value_counts(sort=False).rename("count").reset_index()
    counted = counted.sort_values(["count", "name", "easting", "northing"], ascending=[False, True, True, True])
    first = counted.drop_duplicates(["easting", "northing"])
    if areas is None:
        return first.drop(columns="count").reset_index(drop=True)
    points = gpd.GeoSeries.from_xy(first["easting"], first["northing"], crs=incidents.crs)
    near = points.sindex.query(areas.geometry.buffer(around_m), predicate="contains")[1]
    return first.iloc[np.unique(near)].drop(columns="count").reset_index(drop=True)


def _concern_count(concerns: pd.DataFrame, middle: np.ndarray, name: str) -> ConcernCount:
    """Count the responses about one place, and the issues that at least three rows name."""
    by_issue = concerns["issue"].astype("str").value_counts()
    enough = sorted(
        ((issue, int(n)) for issue, n in by_issue.items() if n >= formatting.FEW), key=lambda i: (-i[1], i[0])
    )
    issues = tuple((categories.ISSUE_LABELS[str(issue)], n) for issue, n in enough[:5])
    easting, northing = (float(value) for value in middle)
    return ConcernCount(
        easting=easting,
        northing=northing,
        name=formatting.place(name),
        answers=count_residents(concerns),
        issues=issues,
    )
