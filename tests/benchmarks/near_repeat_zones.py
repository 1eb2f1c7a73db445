"""Near-repeat zones: burglaries of the next seven days inside them, against other ground of the same size.

    python tests/benchmarks/near_repeat_zones.py portland
    python tests/benchmarks/near_repeat_zones.py littleham

Portland: burglaries to the day of the NIJ forecasting challenge, shifted in metres into the British grid; every Sunday
of 36 months from March 2014, each with the twelve months before it. Littleham: 8 made-up towns, 20 Sundays of each,
without anything planted, with steady hotspots and a series, and with near repeats of a fifth of the burglaries besides.
Nothing is chosen on either: 200 m and 14 days are what is published.

Each Sunday zones are drawn around the burglaries of the last 14 days, whatever Knox's test says, and once more only
where it lets them be drawn. The rivals are discs of the same radius until they cover the same ground: the places that
cover most burglaries of the last twelve months (hotspots), and burglaries of those months, the last 14 days left out,
drawn by lot (random: the mean of 20). Months, or towns, are compared in pairs (Student's t, 90 % intervals).
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hotspots import crs  # noqa: E402
from hotspots.targeting import near_repeat_zones  # noqa: E402
from hotspots.targeting.near_repeat_zones import NearRepeatParams  # noqa: E402
from hotspots.testing import near_repeat_scores  # noqa: E402
from hotspots.town.littleham import TownParams, build_town  # noqa: E402

DATA = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data")) / "benchmarks" / "portland"
FEET, ACROSS, UP = 0.3048, 1_900_000.0, 30_000.0
PARAMS = NearRepeatParams()
RADIUS = PARAMS.distance_m
LOTS = 20
TOWNS, WEEKS = 8, 20
KINDS: dict[str, dict] = {
    "nothing planted": {"hotspots_per_family": 0},
    "hotspots and a series": {},
    "near repeats too": {"near_repeat_share": 0.2},
}


def portland() -> tuple[gpd.GeoDataFrame, shapely.Geometry]:
    """Burglaries with their day, and the police districts."""
    raw = pd.read_csv(DATA / "burglary_to_2017_02.csv", parse_dates=["occ_date"])
    points = gpd.points_from_xy(raw["x_coordina"] * FEET - ACROSS, raw["y_coordina"] * FEET - UP)
    districts = gpd.read_file(DATA / "Portland_Police_Districts.shp").geometry.union_all()
    outline = gpd.GeoSeries([districts]).scale(FEET, FEET, origin=(0, 0)).translate(-ACROSS, -UP).iloc[0]
    return gpd.GeoDataFrame({"day": raw["occ_date"], "is_series": False}, geometry=points, crs=crs.BNG), outline


def littleham(params: TownParams) -> tuple[gpd.GeoDataFrame, shapely.Geometry]:
    """Burglaries of a made-up town with their day, and its outline."""
    town = build_town(params)
    own = town.incidents[town.incidents["category"] == "burglary"]
    outline = town.places.loc[town.places["kind"] == "force"].geometry.iloc[0]
    is_series = own["incident_id"].isin(town.truth_series["reference"])
    dated = own[["geometry"]].assign(day=near_repeat_zones.assign_days(own, PARAMS), is_series=is_series)
    return dated.dropna(), outline


def score(burglaries: gpd.GeoDataFrame, outline: shapely.Geometry, sundays: Iterable[date]) -> pd.DataFrame:
    """A row a Sunday: what came in seven days, how much of it each choice of ground held, and the ground."""
    return pd.DataFrame([_score_week(burglaries, outline, sunday) for sunday in sundays])


def _score_week(burglaries: gpd.GeoDataFrame, outline: shapely.Geometry, sunday: date) -> dict:
    today, day = pd.Timestamp(sunday), burglaries["day"]
    came = burglaries[(day > today) & (day <= today + pd.Timedelta(days=7))].geometry
    year = burglaries[(day <= today) & (day > today - pd.Timedelta(days=365))]
    ground = near_repeat_zones.outline_zones(year, year["day"], sunday, outline, PARAMS).union_all()
    area = ground.area
    older = year[year["day"] <= today - pd.Timedelta(days=PARAMS.within_days)].geometry.to_numpy()
    rng = np.random.default_rng(sunday.toordinal())
    busiest = near_repeat_scores.busiest_discs(shapely.get_coordinates(year.geometry.to_numpy()), area, RADIUS)
    lots = [shapely.get_coordinates(older[rng.permutation(len(older))]) for _ in range(LOTS)]
    ways = [near_repeat_scores.hits_in_discs(way, RADIUS, outline, area, came) for way in (busiest, *lots)]
    is_series = burglaries.loc[came.index, "is_series"].to_numpy()
    return {
        "sunday": sunday,
        "is_found": near_repeat_zones.detect_near_repeats(year, year["day"], PARAMS).has_near_repeats,
        "came": len(came),
        "zones": _inside(ground, came),
        "hotspots": ways[0],
        "random": float(np.mean(ways[1:])),
        "series": int(is_series.sum()),
        "series_held": _inside(ground, came[is_series]),
        "area_share": area / outline.area,
    }


def _inside(ground: shapely.Geometry, points: np.ndarray) -> int:
    return int(shapely.intersects(ground, np.asarray(points)).sum())


def report(name: str, table: pd.DataFrame, by: Callable[[pd.DataFrame], pd.Series]) -> None:
    """Print how zones did every week, and in those in which the test let them be drawn."""
    print(f"{name}: the test lets zones be drawn in {table['is_found'].mean():.0%} of weeks")
    compare("every week", table, by)
    if table["is_found"].any():
        compare("weeks with zones", table[table["is_found"]], by)


def compare(name: str, table: pd.DataFrame, by: Callable[[pd.DataFrame], pd.Series]) -> None:
    """Print shares, and the gain over each rival with its interval over months or towns."""
    came = table["came"].sum()
    held = ", ".join(f"{way} {table[way].sum() / came:.1%}" for way in ("zones", "hotspots", "random"))
    print(f"{name}: {len(table)} weeks, {came:,} burglaries, {table['area_share'].mean():.2%} of the ground: {held}")
    if table["series"].any():
        print(f"  of {table['series'].sum()} burglaries of planted series {table['series_held'].sum()} inside")
    summed = table.groupby(by(table))[["came", "zones", "hotspots", "random"]].sum()
    for rival in ("hotspots", "random"):
        gain, plain = (summed["zones"] - summed[rival]).to_numpy(float), summed[rival].sum()
        half = stats.t.ppf(0.95, len(gain) - 1) * gain.std(ddof=1) * len(gain) ** 0.5
        ends = [(gain.sum() + side * half) / plain for side in (-1, 1)]
        print(f"  against {rival}: {gain.sum() / plain:+.0%} (90 % interval {ends[0]:+.0%} to {ends[1]:+.0%})")


def measure_portland() -> None:
    """36 months of Sundays."""
    if not DATA.is_dir():
        sys.exit(f"no real data: {DATA} is no folder (name another with HOTSPOTS_SHARED_DATA)")
    burglaries, outline = portland()
    sundays = [day.date() for day in pd.date_range("2014-03-02", "2017-02-19", freq="W-SUN")]
    table = score(burglaries, outline, sundays)
    report("Portland", table, lambda t: pd.to_datetime(t["sunday"]).dt.to_period("M"))


def measure_littleham() -> None:
    """Towns without anything planted, with hotspots and a series, and with near repeats besides."""
    last = TownParams().last_day
    sundays = [last - timedelta(days=7 * week) for week in range(1, WEEKS + 1)]
    for name, planted in KINDS.items():
        towns = [littleham(TownParams(seed=seed, **planted)) for seed in range(1, TOWNS + 1)]
        parts = [score(*town, sundays).assign(town=number) for number, town in enumerate(towns)]
        report(f"Littleham, {name}", pd.concat(parts, ignore_index=True), lambda t: t["town"])


def main() -> None:
    """Measure and print."""
    for name in sys.argv[1:] or ("portland", "littleham"):
        started = time.perf_counter()
        {"portland": measure_portland, "littleham": measure_littleham}[name]()
        print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
