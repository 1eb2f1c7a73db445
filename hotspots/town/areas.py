"""Littleham's outline, beats, teams and made-up postcodes."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots import crs, tables
from hotspots.containing_areas import first_containing_area
from hotspots.town import streets

SLUG = "littleham"
BEAT_DISTRICTS = tuple(district for district in streets.DISTRICTS if district.team_name)
TEAMS = (streets.TOWN, streets.EAST, streets.WEST)

# Corners of the outline, kilometres from the origin, anticlockwise from the south-west.
_OUTLINE_KM = (
    (0.5, 0.7), (2.1, 0.2), (3.6, 0.9), (5.2, 0.5), (6.9, 1.1), (8.3, 0.8), (9.1, 2.0), (8.9, 3.3), (9.6, 4.6),
    (9.4, 5.7), (9.9, 6.9), (8.9, 7.7), (7.4, 7.2), (5.9, 7.8), (4.2, 7.0), (2.6, 7.7), (1.0, 7.5), (0.2, 6.3),
    (0.9, 4.9), (0.6, 3.4), (1.2, 2.5), (0.4, 1.7),
)  # fmt: skip
_UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # C, I, K, M, O and V do not occur in the last two letters of postcodes
_ADDRESSES_PER_POSTCODE = 15
DISTRICT, UNITARY = "E07999901", "E06999902"


def draw_places() -> gpd.GeoDataFrame:
    """Return the force and its twelve beats, the Voronoi cells of their districts' centres (`tables.PLACES`)."""
    outline = shapely.Polygon(np.array(_OUTLINE_KM) * 1000 + streets.ORIGIN)
    middles = np.array([streets.centre_of(district.name) for district in BEAT_DISTRICTS])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=outline.buffer(2000)))
    order = shapely.STRtree(cells).query(shapely.points(middles), predicate="within")[1]
    beats = shapely.transform(shapely.intersection(cells[order], outline), np.rint)
    whole = shapely.union_all(beats)
    places = gpd.GeoDataFrame(
        {
            "place_code": ["LH", *beat_codes().values()],
            "kind": ["force"] + ["beat"] * len(beats),
            "name": ["Littleham Constabulary", *beat_codes()],
            "team_name": [None, *(district.team_name for district in BEAT_DISTRICTS)],
        },
        geometry=[whole, *beats],
        crs=crs.BNG,
    )
    return tables.conform(places, tables.PLACES)


def beat_codes() -> dict[str, str]:
    """Return the code of each beat by name."""
    return {district.name: f"LHB{number:02d}" for number, district in enumerate(BEAT_DISTRICTS, start=1)}


def assign_beats(points: pd.DataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the street points with `beat_code`, `beat_name` and `team_name` of the beat that contains each."""
    beats = places[places["kind"] == "beat"].reset_index(drop=True)
    here = shapely.points(points["easting"], points["northing"])
    found = beats.loc[first_containing_area(here, beats), ["place_code", "name", "team_name"]]
    return points.assign(
        beat_code=found["place_code"].to_numpy(),
        beat_name=found["name"].to_numpy(),
        team_name=found["team_name"].to_numpy(),
    )


def assign_postcodes(points: pd.DataFrame) -> pd.Series:
    """Return the postcode of each street point: one for about fifteen neighbouring addresses of a beat."""
    district = points["beat_code"].str[-2:].astype("int64")
    by_beat = points["addresses"].groupby(points["beat_code"])
    number = (by_beat.cumsum() - points["addresses"]) // _ADDRESSES_PER_POSTCODE
    letters = len(_UNIT_LETTERS)
    sector, unit = number // letters**2 + 1, number % letters**2
    return pd.Series(
        [
            f"LH{d} {s}{_UNIT_LETTERS[u // letters]}{_UNIT_LETTERS[u % letters]}"[:8]
            for d, s, u in zip(district, sector, unit, strict=True)
        ],
        index=points.index,
        name="postcode",
    )


def list_postcodes(points: pd.DataFrame) -> pd.DataFrame:
    """Return the postcodes in the ten columns of Code-Point Open, with made-up area codes.

    The east has a unitary council, and the rest a district council and a county council.
    """
    grouped = points.groupby("postcode", sort=True)
    middle = grouped[["easting", "northing"]].mean().round().astype("int64").reset_index()
    beat = grouped["beat_code"].first().str[-2:].to_numpy()
    is_east = (grouped["team_name"].first() == streets.EAST).to_numpy()
    return middle.assign(
        quality=10,
        country="E92999999",
        region="",
        health="",
        county="",
        authority=np.where(is_east, UNITARY, DISTRICT),
        ward="E059999" + beat,
    )[["postcode", "quality", "easting", "northing", "country", "region", "health", "county", "authority", "ward"]]
