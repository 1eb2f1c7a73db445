"""Littleham as a whole: the input tables of an analysis, and the truth to compare its results with.

The same parameters give the same town to the last byte. Each part has its own random generator, so that a town without
hotspots has the same background as the town with them.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.geometry

from hotspots import crs, period, tables
from hotspots.errors import ParameterError
from hotspots.period import Window
from hotspots.town import answers, areas, base_map, crimes, faults, patrols, planting, sites, streets, times

WINDOW_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class TownParams:
    """Seed, dates, numbers of incidents and number of planted hotspots of a town.

    The monthly numbers are averages of the background, before anything is planted. With `hotspots_per_family=0`
    no hotspots and no burglary series are planted. `near_repeat_share` is the share of the background's burglaries that
    are followed by a near repeat; the demo has none.
    """

    seed: int = 1
    last_day: date = date(2026, 3, 29)
    months: int = 24
    hotspots_per_family: int = 6
    monthly_asb: int = 270
    monthly_burglaries: int = 58
    monthly_others: int = 640
    near_repeat_share: float = 0.0

    def __post_init__(self) -> None:
        if self.months < WINDOW_MONTHS:
            raise ParameterError(f"months must be at least {WINDOW_MONTHS}, the evidence window, got {self.months}.")
        if self.hotspots_per_family < 0 or self.seed < 0:
            raise ParameterError("seed and hotspots_per_family must not be negative.")
        if not 0 <= self.near_repeat_share <= 1:
            raise ParameterError(f"near_repeat_share must be from 0 to 1, got {self.near_repeat_share:g}.")
        if min(self.monthly_asb, self.monthly_burglaries, self.monthly_others) < 1:
            raise ParameterError("monthly_asb, monthly_burglaries and monthly_others must be at least 1.")


@dataclass(frozen=True, kw_only=True)
class Town:
    """Littleham's input tables, followed by the truth.

    `incidents` holds the good rows (`tables.INCIDENTS`, with the reference as `incident_id`), `incident_rows` the
    export as text with its faulty rows, and `quiet_week` the week without burglaries.
    """

    params: TownParams
    points: pd.DataFrame
    places: gpd.GeoDataFrame
    postcodes: pd.DataFrame
    incidents: gpd.GeoDataFrame
    incident_rows: pd.DataFrame
    survey: pd.DataFrame
    patrol_log: pd.DataFrame
    quiet_week: Window
    truth_hotspots: pd.DataFrame
    truth_members: pd.DataFrame
    truth_series: pd.DataFrame
    truth_concerns: pd.DataFrame
    truth_faults: dict[str, int]


def build_town(params: TownParams | None = None) -> Town:
    """Return Littleham for the parameters.

    Raises
    ------
    ParameterError
        The background is too thin for so many hotspots.
    """
    params = params or TownParams()
    whole_period = period.evidence_window(params.last_day, params.months)
    evidence_window = period.evidence_window(params.last_day, WINDOW_MONTHS)
    quiet_week = _quiet_week(whole_period)
    places = areas.draw_places()
    points = areas.assign_beats(streets.draw_streets(_generator(params, "streets")), places)
    points = points.assign(postcode=areas.assign_postcodes(points))
    concerns = answers.plan_concerns(points, _generator(params, "concerns"))
    points = points.assign(
        is_free=sites.is_free(points, concerns[concerns["kind"] != "fly_tipping"]),
        reporting_share=answers.asb_reporting_shares(points, concerns),
    )
    monthly = {"asb": params.monthly_asb, "burglary": params.monthly_burglaries, "other": params.monthly_others}
    background = crimes.draw_background(points, monthly, whole_period, quiet_week, _generator(params, "background"))
    background = times.shift_before_end(background, whole_period.end)
    hotspots = planting.plan_hotspots(
        points, background, whole_period, params.hotspots_per_family, _generator(params, "hotspots")
    )
    planted = _plant_hotspots(points, hotspots, whole_period, params)
    planted += _plant_near_repeats(points, background, whole_period, params)
    incidents = _number_incidents(points, pd.concat([background, *planted], ignore_index=True))
    rows, counts = faults.add_faulty_rows(faults.export_rows(incidents), _generator(params, "faults"))
    survey_window = period.evidence_window(params.last_day, 6)
    log_window = Window(whole_period.end - timedelta(weeks=8), whole_period.end)
    return Town(
        params=params,
        points=points,
        places=places,
        postcodes=areas.list_postcodes(points),
        incidents=_as_table(incidents),
        incident_rows=rows,
        survey=answers.draw_answers(points, concerns, hotspots, survey_window, _generator(params, "answers")),
        patrol_log=patrols.log_visits(points, log_window, _generator(params, "patrols")),
        quiet_week=quiet_week,
        truth_hotspots=hotspots,
        truth_members=planting.list_members(incidents, evidence_window),
        truth_series=planting.list_series(incidents),
        truth_concerns=planting.count_concerns(concerns, incidents, evidence_window),
        truth_faults=counts,
    )


def write_town(town: Town, folder: Path) -> None:
    """Write the town's input tables and its base map to files in a folder, without the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    tables_by_name = {"incidents": town.incident_rows, "survey": town.survey, "patrol_log": town.patrol_log}
    for name, table in tables_by_name.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    town.postcodes.to_csv(folder / "postcodes.csv", index=False, header=False, lineterminator="\n", encoding="utf-8")
    text = json.dumps(_places_geojson(town.places), indent=1, ensure_ascii=False)
    (folder / "places.geojson").write_bytes((text + "\n").encode())
    text = json.dumps(_base_map_geojson(base_map.draw_base_map(town.points)), separators=(",", ":"))
    (folder / "base_map.geojson").write_bytes(
        (text.replace('{"type":"Feature"', '\n{"type":"Feature"') + "\n").encode()
    )


def _generator(params: TownParams, part: str) -> np.random.Generator:
    """Return the random generator of one part of the town."""
    return np.random.default_rng([params.seed, *part.encode()])


def _quiet_week(whole_period: Window) -> Window:
    """Return the first week, Monday to Sunday, after the town's first fortnight."""
    day = whole_period.start + timedelta(days=14)
    monday = day + timedelta(days=-day.weekday() % 7)
    return Window(monday, monday + timedelta(days=7))


def _plant_hotspots(
    points: pd.DataFrame, hotspots: pd.DataFrame, whole_period: Window, params: TownParams
) -> list[pd.DataFrame]:
    """Return the incidents of each hotspot, and a burglary series away from the burglary hotspots."""
    if hotspots.empty:
        return []
    rng, quiet_week = _generator(params, "planted"), _quiet_week(whole_period)
    planted = [planting.plant_hotspot(points, row, whole_period, quiet_week, rng) for _, row in hotspots.iterrows()]
    away = sites.is_free(points, hotspots[hotspots["family"] == "burglary"])
    planted.append(planting.plant_series(points.assign(is_free=away), params.last_day, rng))
    return [times.shift_before_end(drafts, whole_period.end) for drafts in planted]


def _plant_near_repeats(
    points: pd.DataFrame, background: pd.DataFrame, whole_period: Window, params: TownParams
) -> list[pd.DataFrame]:
    """Return near repeats of the background's burglaries, if the town has any."""
    if not params.near_repeat_share:
        return []
    rng = _generator(params, "near repeats")
    drafts = planting.plant_near_repeats(points, background, params.near_repeat_share, _quiet_week(whole_period), rng)
    return [times.shift_before_end(drafts, whole_period.end)]


def _number_incidents(points: pd.DataFrame, drafts: pd.DataFrame) -> pd.DataFrame:
    """Return all incidents in order of recording, with location, truth and a running `reference`."""
    drafts = drafts.reindex(columns=[*crimes.DRAFT_COLUMNS, "hotspot_number", "series_number"])
    drafts = drafts.sort_values(["recorded_at", "committed_from", "type", "point"], kind="stable", ignore_index=True)
    here = points.loc[drafts["point"], ["easting", "northing", "street", "beat_code", "team_name"]]
    reference = [f"LH{year:02d}-{number:06d}" for number, year in enumerate(drafts["recorded_at"].dt.year % 100, 1)]
    truths = drafts[["hotspot_number", "series_number"]].fillna(0).astype("int64")
    drafts = drafts.assign(reference=reference, **truths)
    return pd.concat([drafts, here.reset_index(drop=True)], axis="columns")


def _as_table(incidents: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the good incidents as `tables.INCIDENTS`."""
    category = incidents["type"].map({name: kind.category for name, kind in crimes.TYPES.items()})
    columns = incidents[["subtype", *crimes.TIME_COLUMNS, "street", "beat_code", "team_name"]]
    columns = columns.rename(columns={"subtype": "subcategory", "street": "location_text"})
    frame = columns.assign(
        incident_id=incidents["reference"],
        source="force_export",
        force=areas.SLUG,
        is_own_force=True,
        category=category,
        month=np.datetime_as_string(incidents["committed_from"].to_numpy("datetime64[M]")),
        date_precision="minute",
        location_precision="snap",
        harm_days=np.nan,
    )
    place = gpd.points_from_xy(incidents["easting"], incidents["northing"])
    return tables.conform(gpd.GeoDataFrame(frame, geometry=place, crs=crs.BNG), tables.INCIDENTS)


def _base_map_geojson(features: gpd.GeoDataFrame) -> dict[str, object]:
    """Return the base map as GeoJSON, in degrees."""
    shapes = crs.geometries_to_degrees(features.geometry.to_numpy())
    columns = features[["kind", "name", "number"]].astype(object)
    return {
        "type": "FeatureCollection",
        "name": "base_map",
        "features": [
            {
                "type": "Feature",
                "properties": {key: value for key, value in row.items() if isinstance(value, str)},
                "geometry": shapely.geometry.mapping(shape),
            }
            for row, shape in zip(columns.to_dict("records"), shapes, strict=True)
        ],
    }


def _places_geojson(places: gpd.GeoDataFrame) -> dict[str, object]:
    """Return the force and its beats as GeoJSON, in degrees."""
    shapes = shapely.orient_polygons(crs.geometries_to_degrees(places.geometry.to_numpy()))
    named = places[["kind", "place_code", "name", "team_name"]].astype(object)
    features = []
    for row, shape in zip(named.to_dict("records"), shapes, strict=True):
        properties = {key: value for key, value in row.items() if isinstance(value, str)}
        if row["kind"] == "force":
            properties = {"force": areas.SLUG, **properties}
        features.append({"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)})
    return {"type": "FeatureCollection", "name": "places", "features": features}
