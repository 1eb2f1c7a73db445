"""Areas in which answers, records and residents are located, so that all three can be compared by area."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from hotspots import districts, location_names
from hotspots.containing_areas import first_containing_area

AREA_COLUMNS = ("team_name", "beat_code", "lsoa_code", "district_code")
# Areas found from their polygons; teams and beats are assigned at ingest.
POLYGON_KINDS = ("ward", "parish")
# A record farther away than this is no evidence of the area of a point.
MAX_DISTANCE_M = 1_000.0


def with_coordinates(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return incidents or concerns with `easting` and `northing` in place of the geometry, missing without a point."""
    xy = incidents.get_coordinates()
    return pd.DataFrame(incidents.drop(columns="geometry")).assign(easting=xy["x"], northing=xy["y"])


def locate_population(records: pd.DataFrame, postcodes: pd.DataFrame, lsoas: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return points with the `people` who live there, and the unit in which `people` are counted.

    The residents of each LSOA are divided equally among its postcodes, or among its street points if there are no
    postcodes. Without numbers of residents, each postcode or street point counts as one.

    Parameters
    ----------
    records
        The force's own incidents, as returned by `with_coordinates`, with `district_code`. Each point gets the
        areas of the nearest record.
    postcodes
        `tables.POSTCODES`; may be empty.
    lsoas
        `tables.LSOAS`; may be empty.
    """
    record_points = _distinct_points(records)
    if len(postcodes):
        points = postcodes[["easting", "northing", "district_code"]].reset_index(drop=True)
        homes = points.join(_nearest_areas(points, record_points).drop(columns="district_code"))
    else:
        homes = record_points
    residents = homes["lsoa_code"].map(lsoas.set_index("lsoa_code")["population"])
    if residents.notna().any():
        people = residents / homes.groupby("lsoa_code")["lsoa_code"].transform("size")
        return homes.assign(people=people.astype("float64").fillna(0.0)), "residents"
    return homes.assign(people=1.0), "postcodes" if len(postcodes) else "street points"


def nearest_streets(points: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """Return the street of the record nearest to each point, missing without a point or a record within a kilometre.

    Other locations named by data.police.uk, such as "Parking Area", are not streets.
    """
    named = pd.DataFrame(records[["easting", "northing"]]).assign(
        street=location_names.without_prefix(records["location_text"])
    )
    named = named[(named["street"].fillna("") != "") & ~named["street"].isin(location_names.KINDS_OF_PLACE)]
    named = named.value_counts(sort=False).rename("count").reset_index()
    order = ["easting", "northing", "count", "street"]
    named = named.sort_values(order, ascending=[True, True, False, True]).drop_duplicates(["easting", "northing"])
    street = pd.Series(pd.NA, index=points.index, dtype="str", name="street")
    has_point = points["easting"].notna()
    if has_point.any() and len(named):
        tree = cKDTree(named[["easting", "northing"]].to_numpy())
        distance, nearest = tree.query(points.loc[has_point, ["easting", "northing"]].to_numpy())
        street.loc[has_point] = np.where(distance <= MAX_DISTANCE_M, named["street"].to_numpy()[nearest], None)
    return street


def name_smallest_area(concerns: pd.DataFrame, names: dict[str, str]) -> pd.Series:
    """Return the name of each concern's beat, or else its parish or ward; missing if none is known."""
    codes = concerns["beat_code"].astype("str")
    for kind in reversed(POLYGON_KINDS):
        codes = codes.fillna(concerns[kind].astype("str"))
    return codes.map(names).fillna(codes).astype("str").rename("area")


def name_lsoas(records: pd.DataFrame) -> dict[str, str]:
    """Return a name for each LSOA, from the street with most records in it.

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


def fill_missing_areas(concerns: gpd.GeoDataFrame, records: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the concerns with missing areas filled from the nearest record within a kilometre."""
    xy = concerns.get_coordinates().reindex(concerns.index)
    has_point = xy["x"].notna().to_numpy()
    points = xy[has_point].set_axis(["easting", "northing"], axis="columns")
    near = _nearest_areas(points, _distinct_points(records)).reindex(concerns.index)
    filled = {column: concerns[column].astype("str").fillna(near[column].astype("str")) for column in AREA_COLUMNS}
    return concerns.assign(**filled)


def fill_missing_districts(
    concerns: pd.DataFrame, population: pd.DataFrame, of_teams: dict[str, str], of_areas: dict[str, str]
) -> pd.Series:
    """Return the code of the district of each concern, filled from its areas or its point where it is missing.

    The areas are its LSOA, ward, parish, beat and team. One whose district the file of areas does not give is in the
    district in which most of its people live.

    Parameters
    ----------
    concerns
        With `district_code`, `beat_code`, `team_name`, `easting` and `northing`.
    population
        As returned by `locate_population`.
    of_teams
        District of each team that covers only one, by name.
    of_areas
        District of each other area, by code, where the file of areas gives it.
    """
    given = concerns["district_code"].astype("str")
    district = districts.codes_of(given).fillna(given)
    for area in ("lsoa_code", *POLYGON_KINDS, "beat_code"):
        if area in concerns:
            district = district.fillna(concerns[area].map(of_areas).astype("str"))
    known = population.dropna(subset=["district_code"])
    known = known.assign(district_code=districts.codes_of(known["district_code"]).fillna(known["district_code"]))
    if len(known):
        is_missing = concerns["easting"].notna() & district.isna()
        tree = cKDTree(known[["easting", "northing"]].to_numpy())
        distance, nearest = tree.query(concerns.loc[is_missing, ["easting", "northing"]].to_numpy().reshape(-1, 2))
        found = known["district_code"].to_numpy()[np.minimum(nearest, len(known) - 1)]
        district.loc[is_missing] = np.where(distance <= MAX_DISTANCE_M, found, None)
    for area in ("lsoa_code", "beat_code", "team_name"):
        main = location_names.most_common(known.groupby([area, "district_code"])["people"].sum())
        district = district.fillna(concerns[area].map(main).astype("str"))
    team = concerns["team_name"].map(of_teams).astype("str").fillna(concerns["team_name"])
    return district.fillna(districts.codes_of(team)).astype("str").rename("district_code")


def districts_of_places(places: pd.DataFrame) -> dict[str, str]:
    """Return the district of each area, by code: as the file gives it, or as the name of an LSOA does."""
    named = (
        places["district"].astype("str") if "district" in places else pd.Series(pd.NA, index=places.index, dtype="str")
    )
    in_names = places["name"].where(places["kind"] == "lsoa").map(districts.in_lsoa_name, na_action="ignore")
    codes = districts.codes_of(named).fillna(districts.codes_of(in_names.astype("str")))
    known = codes.notna()
    return dict(zip(places.loc[known, "place_code"], codes[known], strict=True))


def parish_names(points: pd.DataFrame, places: gpd.GeoDataFrame) -> pd.Series:
    """Return the name of the parish that contains each point, missing if there is none."""
    parishes = places[places["kind"] == "parish"]
    names = dict(zip(parishes["place_code"], parishes["name"], strict=True))
    return containing_areas(points, places, "parish").map(names).rename("parish")


def containing_areas(points: pd.DataFrame, places: gpd.GeoDataFrame, kind: str) -> pd.Series:
    """Return the code of the first area of a kind that contains each point; missing if none does.

    Parameters
    ----------
    points
        With `easting` and `northing`, metres, or missing. A row without a point may have the code or name of such an
        area in `place_code`.
    places
        `tables.PLACES`.
    kind
        Kind of area, such as "ward".
    """
    areas = places[places["kind"] == kind].sort_values("place_code")
    found = pd.Series(pd.NA, index=points.index, dtype="str", name=kind)
    if areas.empty:
        return found
    distinct, number = np.unique(points[["easting", "northing"]].to_numpy(), axis=0, return_inverse=True)
    geometries = shapely.points(np.nan_to_num(distinct, nan=-1e9))
    codes = areas["place_code"].reset_index(drop=True)
    of_distinct = codes.reindex(first_containing_area(geometries, areas))
    found = of_distinct.astype("str").iloc[number.ravel()].set_axis(points.index)
    if "place_code" in points:
        by_name = dict(zip(areas["name"], codes, strict=True)) | {code: code for code in codes}
        found = found.fillna(points["place_code"].map(by_name).astype("str"))
    return found.rename(kind)


def _distinct_points(records: pd.DataFrame) -> pd.DataFrame:
    """Return the distinct points of the records with their areas, sorted."""
    columns = ["easting", "northing", *AREA_COLUMNS]
    ordered = records[columns].sort_values(columns, kind="stable", na_position="last")
    return ordered.drop_duplicates(["easting", "northing"], ignore_index=True)


def _nearest_areas(points: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the areas of the nearest of the other points, missing if none is near enough."""
    if others.empty or points.empty:
        return pd.DataFrame(pd.NA, index=points.index, columns=list(AREA_COLUMNS)).astype("str")
    tree = cKDTree(others[["easting", "northing"]].to_numpy())
    distance, nearest = tree.query(points[["easting", "northing"]].to_numpy())
    areas = others[list(AREA_COLUMNS)].iloc[nearest].set_axis(points.index)
    return areas.loc[distance <= MAX_DISTANCE_M].reindex(points.index)
