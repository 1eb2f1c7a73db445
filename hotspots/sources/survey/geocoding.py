"""Geocodes survey answers: to a point, a postcode, a street, a ward or a parish.

Each answer is geocoded as precisely as its location fields allow. The first that works is used: coordinates, a known
postcode unit, an unambiguous street, a postcode sector, a ward or parish. Misspelt names are matched where only one
place can be meant (`fuzzy_names`). A resident's own words are never kept: only names from our own lists.
"""

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hotspots import crs, tables
from hotspots.sources.force_export import export_cells
from hotspots.sources.geography import areas_at_points, postcodes, street_names
from hotspots.sources.parsing import coordinates, fuzzy_names, grid_references

LOCATION_FIELDS = (
    "longitude", "latitude", "easting", "northing", "postcode", "street", "ward", "parish", "town", "team",
    "grid_reference",
)  # fmt: skip
WARD_KINDS = (*tables.BEAT_KINDS, "ward")
MAIN_SHARE = 0.8  # of a sector's postcode units, or a ward's area, within one team's area: then the team gets it all
UNIT_RADIUS_M, RECORD_RADIUS_M = 2_000.0, 500.0  # maximum distance to the nearest postcode, and to the nearest record


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """Reference data for geocoding answers; any part may be missing.

    Attributes
    ----------
    areas
        `tables.PLACES` valid on the day.
    units
        Postcode units, as `postcodes.read_code_point` gives them.
    incidents
        The force's own incidents: they give the streets, and the nearest one gives the LSOA and team where no area
        does.
    teams
        Names of teams, in addition to those of the areas.
    """

    areas: gpd.GeoDataFrame = field(default_factory=lambda: gpd.GeoDataFrame(tables.empty(tables.PLACES)))
    units: pd.DataFrame | None = None
    incidents: gpd.GeoDataFrame | None = None
    teams: tuple[str, ...] = ()


def geocode_answers(answers: pd.DataFrame, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
    """Return the answers with their locations in place of the location fields; answers with equal fields once.

    Parameters
    ----------
    answers
        With any of `LOCATION_FIELDS`, as text.
    gazetteer
        The reference data.

    Returns
    -------
    GeoDataFrame
        The answers, in order, without `LOCATION_FIELDS`, with `location_precision`, `place_code`, `district_code`,
        `lsoa_code`, `beat_code`, `team_name`, and a point, BNG metres: missing unless the precision is `point` or
        `postcode_unit`.
    """
    fields = [name for name in LOCATION_FIELDS if name in answers.columns]
    place = answers.groupby(fields, dropna=False, sort=False).ngroup() if fields else pd.Series(0, answers.index)
    located = (
        _locate(answers.loc[~place.duplicated(), fields], gazetteer).iloc[place.to_numpy()].set_axis(answers.index)
    )
    kept = answers.drop(columns=fields).join(located.drop(columns="geometry"))
    return gpd.GeoDataFrame(kept, geometry=located.geometry.array, crs=crs.BNG)


def _locate(answers: pd.DataFrame, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
    """Return the location of each answer, as `geocode_answers` does, without its other columns."""
    units = _unique_units(gazetteer.units)
    found = _at_points(answers)
    found = _fill_unplaced(found, _at_units(answers, units))
    area = _named_area(answers, gazetteer)
    found = _fill_unplaced(found, _in_streets(answers, area, gazetteer))
    unplaced = answers.where(found["location_precision"] == "unplaced")
    found = _fill_unplaced(found, _in_sectors(unplaced, units, gazetteer.areas))
    found = _fill_unplaced(found, _in_areas(answers, area, gazetteer.areas))
    found = _with_areas(found, answers, units, gazetteer)
    points = gpd.points_from_xy(found["easting"], found["northing"])
    points[~(np.isfinite(found["easting"]) & found["location_precision"].isin(["point", "postcode_unit"]))] = None
    return gpd.GeoDataFrame(found.drop(columns=["easting", "northing"]), geometry=points, crs=crs.BNG)


def _not_located(answers: pd.DataFrame) -> pd.DataFrame:
    """Return answers without a location yet; `easting` and `northing` are a representative point of it."""
    text = pd.Series(pd.NA, index=answers.index, dtype="str")
    names = ("place_code", "district_code", "lsoa_code", "beat_code", "team_name")
    return pd.DataFrame(
        {"location_precision": "unplaced", "easting": np.nan, "northing": np.nan} | dict.fromkeys(names, text),
        index=answers.index,
    )


def _fill_unplaced(found: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the locations found, filled from others (or at least with their team) where an answer has none."""
    other = other.assign(team_name=other["team_name"].fillna(found["team_name"]))
    return found.where(found["location_precision"] != "unplaced", other)


def _at_points(answers: pd.DataFrame) -> pd.DataFrame:
    """Locate answers with coordinates or a grid reference in Great Britain; 0, 0 means that the location is unknown."""
    number = {
        name: coordinates.numbers(export_cells.field_of(answers, name), are_metres=name in LOCATION_FIELDS[2:4])
        for name in LOCATION_FIELDS[:4]
    }
    is_degrees = coordinates.degree_faults(number["longitude"], number["latitude"]) == ""
    from_degrees = crs.to_grid(*(np.where(is_degrees, number[name], np.nan) for name in LOCATION_FIELDS[:2]))
    is_metres = coordinates.metre_faults(number["easting"], number["northing"]) == ""
    east = np.where(is_metres, number["easting"], from_degrees[0])
    north = np.where(is_metres, number["northing"], from_degrees[1])
    *centre, size_m = grid_references.read(export_cells.field_of(answers, "grid_reference"))
    use = np.isnan(east) & (size_m <= grid_references.MAX_SIZE_M)
    east, north = np.where(use, centre[0], east), np.where(use, centre[1], north)
    return _placed(answers, east, north, "point", pd.Series(pd.NA, index=answers.index, dtype="str"))


def _at_units(answers: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Locate answers with a known postcode unit."""
    unit = postcodes.unit_of(export_cells.field_of(answers, "postcode"))
    known = units.reindex(unit.to_numpy())
    placed = _placed(answers, known["easting"].to_numpy(), known["northing"].to_numpy(), "postcode_unit", unit)
    district = pd.Series(known["district"].to_numpy(), index=answers.index, dtype="str")
    return placed.assign(district_code=district.replace("", pd.NA))


def _in_streets(answers: pd.DataFrame, area: pd.Series, gazetteer: Gazetteer) -> pd.DataFrame:
    """Locate answers with an unambiguous street at the middle of it."""
    named = export_cells.field_of(answers, "street")
    if gazetteer.incidents is None or named.isna().all():
        return _not_located(answers)
    streets = street_names.list_streets(gazetteer.incidents)
    row = street_names.find_streets(
        named, area, export_cells.field_of(answers, "town"), streets, gazetteer.areas, words=_words_of(gazetteer)
    )
    chosen = streets.reindex(row.to_numpy(dtype=float, na_value=np.nan))
    name = pd.Series(chosen["name"].to_numpy(), index=answers.index, dtype="str")
    return _placed(answers, chosen["easting"].to_numpy(float), chosen["northing"].to_numpy(float), "street", name)


def _in_sectors(answers: pd.DataFrame, units: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Locate answers with a postcode sector; with beat and team where nearly all of its units share them."""
    sector = postcodes.sector_of(export_cells.field_of(answers, "postcode"))
    found = _not_located(answers).assign(place_code=sector)
    found["location_precision"] = np.where(sector.notna(), "postcode_sector", "unplaced")
    inside = units[units.index.str[:-2].isin(sector.dropna().unique())]
    if inside.empty:
        return found
    beat, team = areas_at_points.at_points(inside["easting"].to_numpy(), inside["northing"].to_numpy(), areas)
    inside = inside.assign(beat_code=beat, team_name=team, sector=inside.index.str[:-2])
    middle = inside.groupby("sector")[["easting", "northing"]].mean().reindex(sector.to_numpy())
    columns = {"beat_code": "beat_code", "team_name": "team_name", "district_code": "district"}
    shares = {name: _main_value(inside[column], inside["sector"]) for name, column in columns.items()}
    return found.assign(
        easting=middle["easting"].to_numpy(),
        northing=middle["northing"].to_numpy(),
        **{name: sector.map(main).astype("str") for name, main in shares.items()},
    )


def _main_value(values: pd.Series, group: pd.Series) -> pd.Series:
    """Return the value that nearly all rows of each group share; groups without one are left out."""
    counts = values.astype("str").groupby([group, values.astype("str")]).size()
    shares = counts / group.value_counts().reindex(counts.index.get_level_values(0)).to_numpy()
    main = shares[shares >= MAIN_SHARE].index
    return pd.Series(main.get_level_values(1), index=main.get_level_values(0), dtype="str")


def _in_areas(answers: pd.DataFrame, area: pd.Series, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Locate answers with a known ward, beat or parish; the area of a team or town gives only the team."""
    at = area.dropna()
    chosen = areas.loc[at.to_numpy()].set_axis(at.index)
    found = _not_located(answers)
    middle = chosen.geometry.representative_point()
    kind = chosen["kind"].astype("str")
    found.loc[at.index, "easting"], found.loc[at.index, "northing"] = middle.x, middle.y
    found.loc[at.index, "location_precision"] = np.select(
        [kind.isin(WARD_KINDS), kind == "parish"], ["ward", "parish"], "unplaced"
    )
    is_small = found.loc[at.index, "location_precision"] != "unplaced"
    found.loc[at.index, "place_code"] = chosen["place_code"].where(is_small)
    found.loc[at.index, "beat_code"] = chosen["place_code"].where(kind.isin(tables.BEAT_KINDS))
    is_team = kind.isin(tables.TEAM_KINDS)
    around = {label: _team_around(label, areas) for label in at.unique()}
    team = chosen["team_name"].fillna(chosen["name"].where(is_team)).astype("str").fillna(at.map(around).astype("str"))
    found.loc[at.index, "team_name"] = team
    return found


def _team_around(label: object, areas: gpd.GeoDataFrame) -> str | None:
    """Return the team whose beats or own area contain nearly all of an area."""
    area = areas.geometry[label]
    for kinds, name in ((tables.BEAT_KINDS, "team_name"), (tables.TEAM_KINDS, "name")):
        near = areas[areas["kind"].isin(kinds)]
        near = near[near.intersects(area) & near[name].notna()]
        shares = near.intersection(area).area.groupby(near[name].astype("str")).sum() / area.area
        if len(shares) and shares.max() >= MAIN_SHARE:
            return str(shares.idxmax())
    return None


def _named_area(answers: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """Return the index label of the area that each answer names as its ward, parish, town or team, smallest first.

    A misspelt name matches where only one area can be meant.
    """
    areas = gazetteer.areas
    area = pd.Series(pd.NA, index=answers.index, dtype="object")
    orders = {
        "ward": (*WARD_KINDS, "parish"), "parish": ("parish", *WARD_KINDS),
        "town": ("parish", *WARD_KINDS, *tables.TEAM_KINDS, "district"), "team": tables.TEAM_KINDS,
    }  # fmt: skip
    texts = {name: export_cells.field_of(answers, name).dropna().unique() for name in orders}
    if areas.empty or not any(map(len, texts.values())):
        return area
    words = _words_of(gazetteer)
    for name, kinds in orders.items():
        known = [_by_name(areas[areas["kind"] == kind]) for kind in dict.fromkeys(kinds)] if len(texts[name]) else []
        listed = fuzzy_names.NameList((key for one in known for key in one if key), words)
        meant = {text: listed.find(fuzzy_names.plain_area(text)) for text in texts[name]}
        for one in known:
            area = area.fillna(
                export_cells.field_of(answers, name).map({text: one.get(key) for text, key in meant.items()})
            )
    return area


def _by_name(areas: gpd.GeoDataFrame) -> dict[str | None, object]:
    """Return the index labels of areas by name and by code; None where two areas share it."""
    names = pd.concat([areas["name"], areas["place_code"]])
    pairs = pd.Series(names.index, index=names.map(fuzzy_names.plain_area).to_numpy()).reset_index().drop_duplicates()
    twice = pairs["index"].duplicated(keep=False)
    return dict(zip(pairs["index"], pairs[0].mask(twice, None), strict=True))


def _words_of(gazetteer: Gazetteer) -> list[str]:
    """Return the names of streets and areas, whose words are spelt correctly."""
    texts = [gazetteer.areas["name"]]
    texts += [] if gazetteer.incidents is None else [street_names.name_of(gazetteer.incidents["location_text"])]
    return [" ".join(fuzzy_names.plain_words(str(text))) for text in pd.concat(texts).dropna().unique()]


def _with_areas(found: pd.DataFrame, answers: pd.DataFrame, units: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Return the locations with beat, team, district and LSOA, from the location or from a team that is named."""
    east, north = found["easting"].to_numpy(float), found["northing"].to_numpy(float)
    is_exact = found["location_precision"].isin(["point", "postcode_unit", "street"]).to_numpy()
    at = np.where(is_exact, east, np.nan)
    beat, team = (
        pd.Series(names, index=found.index, dtype="str")
        for names in areas_at_points.at_points(at, north, gazetteer.areas)
    )
    found = found.assign(beat_code=found["beat_code"].fillna(beat), team_name=found["team_name"].fillna(team))
    found["team_name"] = found["team_name"].fillna(_team_named(answers, gazetteer))
    districts = gazetteer.areas[gazetteer.areas["kind"] == "district"]
    inside = areas_at_points.inside(east, north, districts)
    inside = pd.Series(inside.map(districts["place_code"]).to_numpy(), index=found.index, dtype="str")
    nearest = _nearest(east, north, units, ("district",), UNIT_RADIUS_M)["district"]
    found["district_code"] = inside.fillna(found["district_code"]).fillna(nearest.set_axis(found.index))
    is_home = found["location_precision"].isin(["point", "postcode_unit"]).to_numpy()
    inside_lsoa = _lsoa_at(at, north, gazetteer.areas).set_axis(found.index)
    found["lsoa_code"] = inside_lsoa.where(is_home).astype("str")
    if gazetteer.incidents is None:
        return found
    xy = gazetteer.incidents.get_coordinates().rename(columns={"x": "easting", "y": "northing"})
    records = gazetteer.incidents[["lsoa_code", "team_name"]].join(xy).dropna(subset=["easting"])
    records = records.drop_duplicates(["easting", "northing"]).sort_values(["easting", "northing"])
    near = _nearest(at, north, records, ("lsoa_code",), RECORD_RADIUS_M).set_axis(found.index)
    team = found["team_name"].fillna(_team_nearby(east, north, records, gazetteer.areas).set_axis(found.index))
    lsoa = found["lsoa_code"].fillna(near["lsoa_code"]).fillna(inside_lsoa)
    return found.assign(lsoa_code=lsoa.astype("str"), team_name=team)


def _lsoa_at(east: NDArray[Any], north: NDArray[Any], areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the LSOA that contains each point, where outlines are given.

    For a street the records are better: its middle may lie in an LSOA with hardly any of the street.
    """
    lsoas = areas[areas["kind"] == "lsoa"]
    return areas_at_points.inside(east, north, lsoas).map(lsoas["place_code"]).astype("str")


def _team_nearby(east: NDArray[Any], north: NDArray[Any], records: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the team of the nearest record for locations outside every team's area.

    A team with an area of its own is left out: it ends where its area does.
    """
    has_area = {*areas.loc[areas["kind"].isin(tables.TEAM_KINDS), "name"]}
    has_area |= {*areas.loc[areas["kind"].isin(tables.BEAT_KINDS), "team_name"].dropna()}
    inside = np.array([team is not None for team in areas_at_points.at_points(east, north, areas)[1]], dtype=bool)
    others = records[~records["team_name"].isin(has_area)]
    return _nearest(np.where(inside, np.nan, east), north, others, ("team_name",), UNIT_RADIUS_M)["team_name"]


def _team_named(answers: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """Return the known team that each answer names."""
    areas = gazetteer.areas
    known = pd.concat([areas["team_name"], areas.loc[areas["kind"].isin(tables.TEAM_KINDS), "name"]]).dropna()
    names = {fuzzy_names.plain_area(name): name for name in sorted({*known, *gazetteer.teams})}
    listed, texts = fuzzy_names.NameList(names), export_cells.field_of(answers, "team")
    meant = {text: listed.find(fuzzy_names.plain_area(text)) for text in texts.dropna().unique()}
    return texts.map({text: names.get(name or "") for text, name in meant.items()}).astype("str")


def _nearest(
    east: NDArray[Any], north: NDArray[Any], known: pd.DataFrame, columns: tuple[str, ...], radius_m: float
) -> pd.DataFrame:
    """Return columns of the nearest known place within a radius; missing without one."""
    nearest = pd.DataFrame({name: pd.Series(pd.NA, index=range(len(east)), dtype="str") for name in columns})
    is_placed = np.isfinite(east)
    if known.empty or not is_placed.any():
        return nearest
    tree = cKDTree(known[["easting", "northing"]].to_numpy(float))
    distance, row = tree.query(np.column_stack([east[is_placed], north[is_placed]]), distance_upper_bound=radius_m)
    is_near = np.isfinite(distance)
    at = np.flatnonzero(is_placed)[is_near]
    for name in columns:
        nearest.loc[at, name] = known[name].astype("str").to_numpy()[row[is_near]]
    return nearest.replace("", pd.NA)


def _placed(
    answers: pd.DataFrame, easting: NDArray[Any], northing: NDArray[Any], precision: str, place: pd.Series
) -> pd.DataFrame:
    """Return answers with coordinates, their precision and the code of the place."""
    is_placed = np.isfinite(easting)
    return _not_located(answers).assign(
        location_precision=np.where(is_placed, precision, "unplaced"),
        easting=easting, northing=northing, place_code=place.where(is_placed),
    )  # fmt: skip


def _unique_units(units: pd.DataFrame | None) -> pd.DataFrame:
    """Return the postcode units without duplicates; an empty table where none are given."""
    if units is None:
        return pd.DataFrame(
            {"easting": [], "northing": [], "district": []}, index=pd.Index([], dtype="str"), dtype=float
        )
    return units[~units.index.duplicated()].assign(district=units.get("district", ""))
