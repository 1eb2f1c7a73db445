"""Where an answer is from: a point, a postcode, a street, a ward, a parish, or nowhere that is known.

Each answer is placed as exactly as it says and no more. Of several places the first counts: coordinates, a known
postcode unit, a street that can be only one, a postcode sector, a ward or parish. Names are forgiven their spelling
where they can mean only one place (`fuzzy_names`). A place is never kept in a resident's words: only names of the lists
at hand get through.
"""

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hotspots import crs, tables
from hotspots.sources.geography import areas_at_points, postcodes, street_names
from hotspots.sources.parsing import coordinates, fuzzy_names

PLACE_FIELDS = (
    "longitude", "latitude", "easting", "northing", "postcode", "street", "ward", "parish", "town", "team",
)  # fmt: skip
WARD_KINDS = (*areas_at_points.BEAT_KINDS, "ward")
MOST_OF_AREA = 0.8  # of a sector's units, of a ward's ground, in one team's area: then it is that team's
UNIT_REACH_M, RECORD_REACH_M = 2_000.0, 500.0  # how far the nearest postcode, the nearest record, speaks for a place


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """What places answers; any part may be missing.

    Attributes
    ----------
    areas
        `tables.PLACES` that hold on the day.
    units
        Postcode units, as `postcodes.read_code_point` gives them.
    incidents
        The force's own incidents: streets by their names, and of the nearest one the LSOA and the team where no area
        tells them.
    teams
        Names of teams, besides those of the areas.
    """

    areas: gpd.GeoDataFrame = field(default_factory=lambda: gpd.GeoDataFrame(tables.empty(tables.PLACES)))
    units: pd.DataFrame | None = None
    incidents: gpd.GeoDataFrame | None = None
    teams: tuple[str, ...] = ()


def place_answers(answers: pd.DataFrame, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
    """The answers with where each is from, in place of what they say of it.

    Parameters
    ----------
    answers
        With any of `PLACE_FIELDS`, as text.
    gazetteer
        What is known of places.

    Returns
    -------
    GeoDataFrame
        The answers, in order, without `PLACE_FIELDS`, with `location_precision`, `place_code`, `district_code`,
        `lsoa_code`, `beat_code`, `team_name`, and a point, BNG metres: missing unless the precision is `point` or
        `postcode_unit`.
    """
    units = _without_repeats(gazetteer.units)
    found = _at_points(answers)
    found = _or_else(found, _at_units(answers, units))
    area = _named_area(answers, gazetteer)
    found = _or_else(found, _in_streets(answers, area, gazetteer))
    found = _or_else(found, _in_sectors(_unplaced(answers, found), units, gazetteer.areas))
    found = _or_else(found, _in_areas(answers, area, gazetteer.areas))
    found = _with_areas(found, answers, units, gazetteer)
    points = gpd.points_from_xy(found["easting"], found["northing"])
    points[~(np.isfinite(found["easting"]) & found["location_precision"].isin(["point", "postcode_unit"]))] = None
    said = found.drop(columns=["easting", "northing"])
    kept = answers.drop(columns=[name for name in PLACE_FIELDS if name in answers.columns])
    return gpd.GeoDataFrame(kept.join(said), geometry=points, crs=crs.BNG)


def _nowhere(answers: pd.DataFrame) -> pd.DataFrame:
    """No place for any answer yet; `easting` and `northing` stand for whatever the place is."""
    text = pd.Series(pd.NA, index=answers.index, dtype="str")
    names = ("place_code", "district_code", "lsoa_code", "beat_code", "team_name")
    return pd.DataFrame(
        {"location_precision": "unplaced", "easting": np.nan, "northing": np.nan} | dict.fromkeys(names, text),
        index=answers.index,
    )


def _or_else(found: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The places found, and for answers without one the other's, be it only a team."""
    other = other.assign(team_name=other["team_name"].fillna(found["team_name"]))
    return found.where(found["location_precision"] != "unplaced", other)


def _unplaced(answers: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The answers with nothing in those that have a place already."""
    return answers.where(found["location_precision"] == "unplaced")


def _at_points(answers: pd.DataFrame) -> pd.DataFrame:
    """Answers that give coordinates of Great Britain; exports write 0 0 where they know no place."""
    number = {
        name: coordinates.numbers(_text(answers, name), are_metres=name in PLACE_FIELDS[2:4])
        for name in PLACE_FIELDS[:4]
    }
    is_degrees = coordinates.judge_degrees(number["longitude"], number["latitude"]) == ""
    from_degrees = crs.to_grid(*(np.where(is_degrees, number[name], np.nan) for name in PLACE_FIELDS[:2]))
    is_metres = coordinates.judge_metres(number["easting"], number["northing"]) == ""
    east = np.where(is_metres, number["easting"], from_degrees[0])
    north = np.where(is_metres, number["northing"], from_degrees[1])
    return _placed(answers, east, north, "point", pd.Series(pd.NA, index=answers.index, dtype="str"))


def _at_units(answers: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Answers with a postcode that is known."""
    unit = postcodes.unit_of(_text(answers, "postcode"))
    known = units.reindex(unit.to_numpy())
    placed = _placed(answers, known["easting"].to_numpy(), known["northing"].to_numpy(), "postcode_unit", unit)
    district = pd.Series(known["district"].to_numpy(), index=answers.index, dtype="str")
    return placed.assign(district_code=district.replace("", pd.NA))


def _in_streets(answers: pd.DataFrame, area: pd.Series, gazetteer: Gazetteer) -> pd.DataFrame:
    """Answers with a street that can be only one; its middle stands for it."""
    named = _text(answers, "street")
    if gazetteer.incidents is None or named.isna().all():
        return _nowhere(answers)
    streets = street_names.list_streets(gazetteer.incidents)
    row = street_names.find_streets(
        named, area, _text(answers, "town"), streets, gazetteer.areas, words=_words_of(gazetteer)
    )
    chosen = streets.reindex(row.to_numpy(dtype=float, na_value=np.nan))
    name = pd.Series(chosen["name"].to_numpy(), index=answers.index, dtype="str")
    return _placed(answers, chosen["easting"].to_numpy(float), chosen["northing"].to_numpy(float), "street", name)


def _in_sectors(answers: pd.DataFrame, units: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Answers with a postcode sector; beat and team where nearly all of its units have the same."""
    sector = postcodes.sector_of(_text(answers, "postcode"))
    found = _nowhere(answers).assign(place_code=sector)
    found["location_precision"] = np.where(sector.notna(), "postcode_sector", "unplaced")
    inside = units[units.index.str[:-2].isin(sector.dropna().unique())]
    if inside.empty:
        return found
    beat, team = areas_at_points.at_points(inside["easting"].to_numpy(), inside["northing"].to_numpy(), areas)
    told = inside.assign(beat_code=beat, team_name=team, sector=inside.index.str[:-2])
    middle = told.groupby("sector")[["easting", "northing"]].mean().reindex(sector.to_numpy())
    columns = {"beat_code": "beat_code", "team_name": "team_name", "district_code": "district"}
    shares = {name: _most(told[column], told["sector"]) for name, column in columns.items()}
    return found.assign(
        easting=middle["easting"].to_numpy(),
        northing=middle["northing"].to_numpy(),
        **{name: sector.map(most).astype("str") for name, most in shares.items()},
    )


def _most(values: pd.Series, group: pd.Series) -> pd.Series:
    """What nearly all of the values of each group are; groups without such a value are left out."""
    counts = values.astype("str").groupby([group, values.astype("str")]).size()
    shares = counts / group.value_counts().reindex(counts.index.get_level_values(0)).to_numpy()
    most = shares[shares >= MOST_OF_AREA].index
    return pd.Series(most.get_level_values(1), index=most.get_level_values(0), dtype="str")


def _in_areas(answers: pd.DataFrame, area: pd.Series, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Answers that name a ward, beat or parish that is known; of a team's or a town's area only the team counts."""
    at = area.dropna()
    chosen = areas.loc[at.to_numpy()].set_axis(at.index)
    found = _nowhere(answers)
    middle = chosen.geometry.representative_point()
    kind = chosen["kind"].astype("str")
    found.loc[at.index, "easting"], found.loc[at.index, "northing"] = middle.x, middle.y
    found.loc[at.index, "location_precision"] = np.select(
        [kind.isin(WARD_KINDS), kind == "parish"], ["ward", "parish"], "unplaced"
    )
    is_small = found.loc[at.index, "location_precision"] != "unplaced"
    found.loc[at.index, "place_code"] = chosen["place_code"].where(is_small)
    found.loc[at.index, "beat_code"] = chosen["place_code"].where(kind.isin(areas_at_points.BEAT_KINDS))
    is_team = kind.isin(areas_at_points.TEAM_KINDS)
    around = {label: _team_around(label, areas) for label in at.unique()}
    team = chosen["team_name"].fillna(chosen["name"].where(is_team)).astype("str").fillna(at.map(around).astype("str"))
    found.loc[at.index, "team_name"] = team
    return found


def _team_around(label: object, areas: gpd.GeoDataFrame) -> str | None:
    """The team whose beats, or whose own area, nearly all of an area lies in."""
    area = areas.geometry[label]
    for kinds, name in ((areas_at_points.BEAT_KINDS, "team_name"), (areas_at_points.TEAM_KINDS, "name")):
        near = areas[areas["kind"].isin(kinds)]
        near = near[near.intersects(area) & near[name].notna()]
        shares = near.intersection(area).area.groupby(near[name].astype("str")).sum() / area.area
        if len(shares) and shares.max() >= MOST_OF_AREA:
            return str(shares.idxmax())
    return None


def _named_area(answers: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """Index label of the area that each answer names as its ward, parish, town or team, the smallest first.

    Where no area has the name, the only one that it can be a misspelling of.
    """
    areas = gazetteer.areas
    area = pd.Series(pd.NA, index=answers.index, dtype="object")
    orders = {
        "ward": (*WARD_KINDS, "parish"), "parish": ("parish", *WARD_KINDS),
        "town": ("parish", *WARD_KINDS, *areas_at_points.TEAM_KINDS, "district"), "team": areas_at_points.TEAM_KINDS,
    }  # fmt: skip
    texts = {name: _text(answers, name).dropna().unique() for name in orders}
    if areas.empty or not any(map(len, texts.values())):
        return area
    words = _words_of(gazetteer)
    for name, kinds in orders.items():
        known = [_by_name(areas[areas["kind"] == kind]) for kind in dict.fromkeys(kinds)] if len(texts[name]) else []
        listed = fuzzy_names.NameList((key for one in known for key in one if key), words)
        meant = {text: listed.find(fuzzy_names.plain_area(text)) for text in texts[name]}
        for one in known:
            area = area.fillna(_text(answers, name).map({text: one.get(key) for text, key in meant.items()}))
    return area


def _by_name(areas: gpd.GeoDataFrame) -> dict[str | None, object]:
    """Index labels of areas by name and by code; None for what stands for two."""
    names = pd.concat([areas["name"], areas["place_code"]])
    pairs = pd.Series(names.index, index=names.map(fuzzy_names.plain_area).to_numpy()).reset_index().drop_duplicates()
    twice = pairs["index"].duplicated(keep=False)
    return dict(zip(pairs["index"], pairs[0].mask(twice, None), strict=True))


def _words_of(gazetteer: Gazetteer) -> list[str]:
    """Names of streets and areas: what stands in one of them is no misspelt word."""
    texts = [gazetteer.areas["name"]]
    texts += [] if gazetteer.incidents is None else [street_names.name_of(gazetteer.incidents["location_text"])]
    return [" ".join(fuzzy_names.plain_words(str(text))) for text in pd.concat(texts).dropna().unique()]


def _with_areas(found: pd.DataFrame, answers: pd.DataFrame, units: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """The places with beat, team, district and LSOA as far as the place tells; a known team named counts, too."""
    east, north = found["easting"].to_numpy(float), found["northing"].to_numpy(float)
    is_exact = found["location_precision"].isin(["point", "postcode_unit", "street"]).to_numpy()
    at = np.where(is_exact, east, np.nan)
    beat, team = (
        pd.Series(said, index=found.index, dtype="str")
        for said in areas_at_points.at_points(at, north, gazetteer.areas)
    )
    found = found.assign(beat_code=found["beat_code"].fillna(beat), team_name=found["team_name"].fillna(team))
    found["team_name"] = found["team_name"].fillna(_team_named(answers, gazetteer))
    districts = gazetteer.areas[gazetteer.areas["kind"] == "district"]
    inside = areas_at_points.inside(gpd.GeoDataFrame(geometry=gpd.points_from_xy(east, north), crs=crs.BNG), districts)
    inside = pd.Series(inside.map(districts["place_code"]).to_numpy(), index=found.index, dtype="str")
    nearest = _nearest(east, north, units, ("district",), UNIT_REACH_M)["district"]
    found["district_code"] = inside.fillna(found["district_code"]).fillna(nearest.set_axis(found.index))
    is_home = found["location_precision"].isin(["point", "postcode_unit"]).to_numpy()
    inside_lsoa = _lsoa_at(at, north, gazetteer.areas).set_axis(found.index)
    found["lsoa_code"] = inside_lsoa.where(is_home).astype("str")
    if gazetteer.incidents is None:
        return found
    xy = gazetteer.incidents.get_coordinates().rename(columns={"x": "easting", "y": "northing"})
    records = gazetteer.incidents[["lsoa_code", "team_name"]].join(xy).dropna(subset=["easting"])
    records = records.drop_duplicates(["easting", "northing"]).sort_values(["easting", "northing"])
    near = _nearest(at, north, records, ("lsoa_code",), RECORD_REACH_M).set_axis(found.index)
    team = found["team_name"].fillna(_team_nearby(east, north, records, gazetteer.areas).set_axis(found.index))
    lsoa = found["lsoa_code"].fillna(near["lsoa_code"]).fillna(inside_lsoa)
    return found.assign(lsoa_code=lsoa.astype("str"), team_name=team)


def _lsoa_at(east: NDArray, north: NDArray, areas: gpd.GeoDataFrame) -> pd.Series:
    """The LSOA whose outline, where given, each point lies in.

    Of a street the records tell more: its middle may lie in an LSOA that hardly any of it is in.
    """
    lsoas = areas[areas["kind"] == "lsoa"]
    inside = areas_at_points.inside(gpd.GeoDataFrame(geometry=gpd.points_from_xy(east, north), crs=crs.BNG), lsoas)
    return inside.map(lsoas["place_code"]).astype("str")


def _team_nearby(east: NDArray, north: NDArray, records: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Team of the nearest record, for places outside all areas of teams; a team with an area is only inside it."""
    has_area = {*areas.loc[areas["kind"].isin(areas_at_points.TEAM_KINDS), "name"]}
    has_area |= {*areas.loc[areas["kind"].isin(areas_at_points.BEAT_KINDS), "team_name"].dropna()}
    inside = np.array([team is not None for team in areas_at_points.at_points(east, north, areas)[1]], dtype=bool)
    others = records[~records["team_name"].isin(has_area)]
    return _nearest(np.where(inside, np.nan, east), north, others, ("team_name",), UNIT_REACH_M)["team_name"]


def _team_named(answers: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """The team that an answer names, where there is one of that name."""
    areas = gazetteer.areas
    known = pd.concat([areas["team_name"], areas.loc[areas["kind"].isin(areas_at_points.TEAM_KINDS), "name"]]).dropna()
    names = {fuzzy_names.plain_area(name): name for name in sorted({*known, *gazetteer.teams})}
    listed, said = fuzzy_names.NameList(names), _text(answers, "team")
    meant = {text: listed.find(fuzzy_names.plain_area(text)) for text in said.dropna().unique()}
    return said.map({text: names.get(name or "") for text, name in meant.items()}).astype("str")


def _nearest(
    east: NDArray, north: NDArray, known: pd.DataFrame, columns: tuple[str, ...], reach_m: float
) -> pd.DataFrame:
    """Columns of the nearest known place within reach; missing without one."""
    told = pd.DataFrame({name: pd.Series(pd.NA, index=range(len(east)), dtype="str") for name in columns})
    is_placed = np.isfinite(east)
    if known.empty or not is_placed.any():
        return told
    tree = cKDTree(known[["easting", "northing"]].to_numpy(float))
    away, row = tree.query(np.column_stack([east[is_placed], north[is_placed]]), distance_upper_bound=reach_m)
    is_near = np.isfinite(away)
    at = np.flatnonzero(is_placed)[is_near]
    for name in columns:
        told.loc[at, name] = known[name].astype("str").to_numpy()[row[is_near]]
    return told.replace("", pd.NA)


def _placed(
    answers: pd.DataFrame, easting: NDArray, northing: NDArray, precision: str, place: pd.Series
) -> pd.DataFrame:
    """Answers with a location under a precision and a code."""
    is_placed = np.isfinite(easting)
    return _nowhere(answers).assign(
        location_precision=np.where(is_placed, precision, "unplaced"),
        easting=easting, northing=northing, place_code=place.where(is_placed),
    )  # fmt: skip


def _without_repeats(units: pd.DataFrame | None) -> pd.DataFrame:
    """The units, each once; none where none are given."""
    if units is None:
        return pd.DataFrame(
            {"easting": [], "northing": [], "district": []}, index=pd.Index([], dtype="str"), dtype=float
        )
    return units[~units.index.duplicated()].assign(district=units.get("district", ""))


def _text(answers: pd.DataFrame, name: str) -> pd.Series:
    """A field's text, NA throughout where the export has no such column."""
    return answers[name] if name in answers.columns else pd.Series(pd.NA, index=answers.index, dtype="str")
