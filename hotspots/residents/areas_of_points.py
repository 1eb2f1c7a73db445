"""Where answers, records and people are: the same kinds of areas for all three, to be set side by side."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from hotspots import location_names

AREAS = ("team_name", "beat_code", "lsoa_code")
# Polygons that are looked up here; teams and beats were given at ingest.
POLYGONS = ("ward", "parish")
# A record farther away tells nothing about the area a point lies in.
REACH_M = 1_000.0


def records_of(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """Incidents or concerns as a plain table with `easting` and `northing`, missing where there is no point."""
    xy = incidents.get_coordinates()
    return pd.DataFrame(incidents.drop(columns="geometry")).assign(easting=xy["x"], northing=xy["y"])


def people_of(records: pd.DataFrame, postcodes: pd.DataFrame, lsoas: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Where people live, with `people` and the areas of the nearest record, and what `people` counts.

    Residents of each LSOA are spread evenly over its postcodes, or over its street points where no postcodes are given;
    without residents each postcode, or street point, counts one.

    Parameters
    ----------
    records
        The force's own incidents, as `records_of` gives them.
    postcodes
        `tables.POSTCODES`; may be empty.
    lsoas
        `tables.LSOAS`; may be empty.
    """
    points = _distinct(records)
    if len(postcodes):
        own = postcodes[["easting", "northing", "district_code"]].reset_index(drop=True)
        homes = own.join(_areas_nearby(own, points))
    else:
        homes = points.assign(district_code=pd.Series(pd.NA, index=points.index, dtype="str"))
    residents = homes["lsoa_code"].map(lsoas.set_index("lsoa_code")["population"])
    if residents.notna().any():
        people = residents / homes.groupby("lsoa_code")["lsoa_code"].transform("size")
        return homes.assign(people=people.astype("float64").fillna(0.0)), "residents"
    return homes.assign(people=1.0), "postcodes" if len(postcodes) else "street points"


def streets_of(points: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """The street named by the record nearest to each point, missing without a point or where none is within reach.

    Kinds of places that data.police.uk names, "Parking Area", are no streets.
    """
    named = pd.DataFrame(records[["easting", "northing"]]).assign(
        street=location_names.without_prefix(records["location_text"])
    )
    named = named[(named["street"].fillna("") != "") & ~named["street"].isin(location_names.KINDS_OF_PLACE)]
    named = named.value_counts(sort=False).rename("count").reset_index()
    order = ["easting", "northing", "count", "street"]
    named = named.sort_values(order, ascending=[True, True, False, True]).drop_duplicates(["easting", "northing"])
    street = pd.Series(pd.NA, index=points.index, dtype="str", name="street")
    placed = points["easting"].notna()
    if placed.any() and len(named):
        tree = cKDTree(named[["easting", "northing"]].to_numpy())
        gap, nearest = tree.query(points.loc[placed, ["easting", "northing"]].to_numpy())
        street.loc[placed] = np.where(gap <= REACH_M, named["street"].to_numpy()[nearest], None)
    return street


def finest_area(concerns: pd.DataFrame, names: dict[str, str]) -> pd.Series:
    """Name of the beat, else the parish, else the ward of each concern, as far as one is known."""
    codes = concerns["beat_code"].astype("str")
    for kind in reversed(POLYGONS):
        codes = codes.fillna(concerns[kind].astype("str"))
    return codes.map(names).fillna(codes).astype("str").rename("area")


def name_lsoas(records: pd.DataFrame) -> dict[str, str]:
    """LSOAs named by the street most is recorded in, since nobody knows their codes.

    Examples
    --------
    >>> rows = pd.DataFrame({"lsoa_code": ["E01000001"] * 2, "location_text": ["On or near Mill Lane", "Parking Area"]})
    >>> name_lsoas(rows)
    {'E01000001': 'Area of Mill Lane (LSOA E01000001)'}
    """
    streets = location_names.without_prefix(records["location_text"])
    named = records["lsoa_code"].notna() & (streets.fillna("") != "") & ~streets.isin(location_names.KINDS_OF_PLACE)
    main = location_names.main_location(records.loc[named, "lsoa_code"], streets[named])
    return {str(code): f"Area of {street} (LSOA {code})" for code, street in main.items()}


def fill_areas(concerns: gpd.GeoDataFrame, records: pd.DataFrame) -> gpd.GeoDataFrame:
    """Concerns whose missing areas are those of the nearest record, at most a kilometre away."""
    xy = concerns.get_coordinates().reindex(concerns.index)
    placed = xy["x"].notna().to_numpy()
    points = xy[placed].set_axis(["easting", "northing"], axis="columns")
    near = _areas_nearby(points, _distinct(records)).reindex(concerns.index)
    return concerns.assign(**{area: concerns[area].astype("str").fillna(near[area].astype("str")) for area in AREAS})


def fill_districts(concerns: pd.DataFrame, people: pd.DataFrame, of_teams: dict[str, str]) -> pd.Series:
    """The district of each concern: the one it has, else its beat's or team's, where that is known.

    Parameters
    ----------
    concerns
        With `district_code`, `beat_code`, `team_name`, `easting` and `northing`.
    people
        As `people_of` gives them.
    of_teams
        District of each team that has but one, by name.
    """
    district = concerns["district_code"].astype("str")
    known = people.dropna(subset=["district_code"])
    if len(known):
        placed = concerns["easting"].notna() & district.isna()
        tree = cKDTree(known[["easting", "northing"]].to_numpy())
        gap, nearest = tree.query(concerns.loc[placed, ["easting", "northing"]].to_numpy().reshape(-1, 2))
        found = known["district_code"].to_numpy()[np.minimum(nearest, len(known) - 1)]
        district.loc[placed] = np.where(gap <= REACH_M, found, None)
    for area in ("beat_code", "team_name"):
        district = district.fillna(concerns[area].map(_commonest(known, area)).astype("str"))
    return district.fillna(concerns["team_name"].map(of_teams).astype("str")).astype("str").rename("district_code")


def in_polygons(points: pd.DataFrame, places: gpd.GeoDataFrame, kind: str) -> pd.Series:
    """Code of the first place of a kind that each point lies in; missing for none.

    Parameters
    ----------
    points
        With `easting` and `northing`, metres; missing ones lie in none. A `place_code` that is a code or name of such a
        place counts where there is no point.
    places
        `tables.PLACES`.
    """
    areas = places[places["kind"] == kind].sort_values("place_code")
    found = pd.Series(pd.NA, index=points.index, dtype="str", name=kind)
    if areas.empty:
        return found
    distinct, number = np.unique(points[["easting", "northing"]].to_numpy(), axis=0, return_inverse=True)
    placed = shapely.points(np.nan_to_num(distinct, nan=-1e9))
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(placed, predicate="intersects")
    first = pd.Series(area).groupby(point).min().reindex(range(len(distinct)))
    codes = areas["place_code"].to_numpy()
    named = [codes[int(position)] if position == position else None for position in first]
    found = pd.Series(named, dtype="str").iloc[number.ravel()].set_axis(points.index)
    if "place_code" in points:
        by_word = dict(zip(areas["name"], codes, strict=True)) | {code: code for code in codes}
        found = found.fillna(points["place_code"].map(by_word).astype("str"))
    return found.rename(kind)


def _distinct(records: pd.DataFrame) -> pd.DataFrame:
    """The distinct points of the records with their areas, in an order of their own."""
    columns = ["easting", "northing", *AREAS]
    ordered = records[columns].sort_values(columns, kind="stable", na_position="last")
    return ordered.drop_duplicates(["easting", "northing"], ignore_index=True)


def _areas_nearby(points: pd.DataFrame, of: pd.DataFrame) -> pd.DataFrame:
    """Areas of the nearest of the other points, missing where none is within reach."""
    if of.empty or points.empty:
        return pd.DataFrame(pd.NA, index=points.index, columns=list(AREAS)).astype("str")
    gap, nearest = cKDTree(of[["easting", "northing"]].to_numpy()).query(points[["easting", "northing"]].to_numpy())
    areas = of[list(AREAS)].iloc[nearest].set_axis(points.index)
    return areas.loc[gap <= REACH_M].reindex(points.index)


def _commonest(people: pd.DataFrame, area: str) -> dict[str, str]:
    """District in which most people of each area live."""
    summed = people.groupby([area, "district_code"])["people"].sum().reset_index()
    ordered = summed.sort_values([area, "people", "district_code"], ascending=[True, False, True])
    return dict(ordered.drop_duplicates(area)[[area, "district_code"]].itertuples(index=False, name=None))
