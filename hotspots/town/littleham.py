"""Littleham as a whole: the tables an analysis may read, and beside them the truth that it never receives.

The same parameters give the same town to the last byte; the parts draw from generators of their own, so that a town
without hotspots has the background of the town with them.
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
from hotspots.town import answers, areas, crimes, faults, patrols, planting, sites, streets, times, truth

WINDOW_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class TownParams:
    """Which Littleham: its seed, its last day, its length, how much happens, and how many hotspots are planted.

    The monthly numbers are averages of the background, before anything is planted. With `hotspots_per_family=0`
    no hotspots are planted, and no burglary series either. `near_repeat_share` is the share of the background's
    burglaries that another one soon follows nearby: none, so that the demo shows a town without near repeats.
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
    """Littleham's inputs, then its truth.

    `incidents` holds the good rows (`tables.INCIDENTS`, the reference as `incident_id`); `incident_rows` the export
    as text, bad rows and all; `quiet_week` the week in which no burglary happened.
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
    """Littleham for these parameters.

    Raises
    ------
    ParameterError
        The background is too thin for so many hotspots.
    """
    params = params or TownParams()
    known, year = (period.evidence_window(params.last_day, months) for months in (params.months, WINDOW_MONTHS))
    quiet_week = _quiet_week(known)
    places = areas.draw_places()
    points = areas.assign_beats(streets.lay_streets(_generator(params, "streets")), places)
    points = points.assign(postcode=areas.assign_postcodes(points))
    concerns = answers.choose_concerns(points, _generator(params, "concerns"))
    points = points.assign(
        is_free=sites.is_free(points, concerns[concerns["kind"] != "fly_tipping"]),
        hushed=answers.hushed(points, concerns),
    )
    monthly = {"asb": params.monthly_asb, "burglary": params.monthly_burglaries, "other": params.monthly_others}
    background = crimes.draw_background(points, monthly, known, quiet_week, _generator(params, "background"))
    background = times.keep_known(background, known.end)
    hotspots = planting.plan_hotspots(
        points, background, known, params.hotspots_per_family, _generator(params, "hotspots")
    )
    planted = _plant(points, hotspots, known, params) + _follow(points, background, known, params)
    incidents = _number_incidents(points, pd.concat([background, *planted], ignore_index=True))
    rows, counts = faults.add_bad_rows(faults.export_rows(incidents), _generator(params, "faults"))
    asked, logged = period.evidence_window(params.last_day, 6), Window(known.end - timedelta(weeks=8), known.end)
    return Town(
        params=params,
        points=points,
        places=places,
        postcodes=areas.list_postcodes(points),
        incidents=_as_table(incidents),
        incident_rows=rows,
        survey=answers.draw_answers(points, concerns, hotspots, asked, _generator(params, "answers")),
        patrol_log=patrols.log_visits(points, logged, _generator(params, "patrols")),
        quiet_week=quiet_week,
        truth_hotspots=hotspots,
        truth_members=truth.list_members(incidents, year),
        truth_series=truth.list_series(incidents),
        truth_concerns=truth.count_concerns(concerns, incidents, year),
        truth_faults=counts,
    )


def write_town(town: Town, folder: Path) -> None:
    """The town's inputs as files in a folder, as a force would hand them over; nothing of its truth."""
    folder.mkdir(parents=True, exist_ok=True)
    tables_by_name = {"incidents": town.incident_rows, "survey": town.survey, "patrol_log": town.patrol_log}
    for name, table in tables_by_name.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    town.postcodes.to_csv(folder / "postcodes.csv", index=False, header=False, lineterminator="\n", encoding="utf-8")
    text = json.dumps(_places_geojson(town.places), indent=1, ensure_ascii=False)
    (folder / "places.geojson").write_bytes((text + "\n").encode())


def _generator(params: TownParams, part: str) -> np.random.Generator:
    """The generator of one part of the town."""
    return np.random.default_rng([params.seed, *part.encode()])


def _quiet_week(known: Window) -> Window:
    """The first Monday to Sunday after the town's first fortnight."""
    day = known.start + timedelta(days=14)
    monday = day + timedelta(days=-day.weekday() % 7)
    return Window(monday, monday + timedelta(days=7))


def _plant(points: pd.DataFrame, hotspots: pd.DataFrame, known: Window, params: TownParams) -> list[pd.DataFrame]:
    """What is planted: each hotspot's incidents, and the series away from burglary hotspots."""
    if hotspots.empty:
        return []
    rng, quiet_week = _generator(params, "planted"), _quiet_week(known)
    planted = [planting.plant_hotspot(points, row, known, quiet_week, rng) for _, row in hotspots.iterrows()]
    away = sites.is_free(points, hotspots[hotspots["family"] == "burglary"])
    planted.append(planting.plant_series(points.assign(is_free=away), params.last_day, rng))
    return [times.keep_known(drafts, known.end) for drafts in planted]


def _follow(points: pd.DataFrame, background: pd.DataFrame, known: Window, params: TownParams) -> list[pd.DataFrame]:
    """Near repeats of the background's burglaries, where the town is to have any."""
    if not params.near_repeat_share:
        return []
    rng = _generator(params, "near repeats")
    drafts = planting.plant_near_repeats(points, background, params.near_repeat_share, _quiet_week(known), rng)
    return [times.keep_known(drafts, known.end)]


def _number_incidents(points: pd.DataFrame, drafts: pd.DataFrame) -> pd.DataFrame:
    """All incidents with place and truth, in the order of their record, numbered in it (`reference`)."""
    drafts = drafts.reindex(columns=[*crimes.DRAFT_COLUMNS, "hotspot_number", "series_number"])
    drafts = drafts.sort_values(["recorded_at", "committed_from", "type", "point"], kind="stable", ignore_index=True)
    here = points.loc[drafts["point"], ["easting", "northing", "street", "beat_code", "team_name"]]
    reference = [f"LH{year:02d}-{number:06d}" for number, year in enumerate(drafts["recorded_at"].dt.year % 100, 1)]
    truths = drafts[["hotspot_number", "series_number"]].fillna(0).astype("int64")
    drafts = drafts.assign(reference=reference, **truths)
    return pd.concat([drafts, here.reset_index(drop=True)], axis="columns")


def _as_table(incidents: pd.DataFrame) -> gpd.GeoDataFrame:
    """The good incidents in the project's own table (`tables.INCIDENTS`)."""
    category = incidents["type"].map({name: kind.category for name, kind in crimes.TYPES.items()})
    columns = incidents[["subtype", *crimes.MOMENTS, "street", "beat_code", "team_name"]]
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


def _places_geojson(places: gpd.GeoDataFrame) -> dict:
    """Force and beats in degrees, as GeoJSON."""
    shapes = shapely.orient_polygons(crs.geometries_to_degrees(places.geometry.to_numpy()))
    named = places[["kind", "place_code", "name", "team_name"]].astype(object)
    features = []
    for row, shape in zip(named.to_dict("records"), shapes, strict=True):
        properties = {key: value for key, value in row.items() if isinstance(value, str)}
        if row["kind"] == "force":
            properties = {"force": areas.SLUG, **properties}
        features.append({"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)})
    return {"type": "FeatureCollection", "name": "places", "features": features}
