"""How much of what came fell in the areas named: real months and dated Portland, against plain baselines.

    python tests/benchmarks/capture.py police_uk     capture by date, family and number of areas, with PEI and RRI
    python tests/benchmarks/capture.py chance        intervals, PIT and the chance of the first 20
    python tests/benchmarks/capture.py portland      hits over 24 monthly origins and five horizons

Needs the real data beside the project (../shared/data, or the folder that HOTSPOTS_SHARED_DATA names).
"""

import os
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from hotspots import categories, chance, crs, neighbours, period  # noqa: E402
from hotspots.sources import boundaries, police_uk, rows, settle  # noqa: E402
from hotspots.targeting import cover, features, forecast, outlines, patrol_areas  # noqa: E402
from hotspots.targeting import spots as spot_tables  # noqa: E402
from hotspots.testing import backtest, baselines  # noqa: E402
from hotspots.testing.backtest import BEST, OURS, BacktestParams  # noqa: E402
from hotspots.testing.baselines import Size  # noqa: E402
from pipelines.settings import ForceSettings, Settings  # noqa: E402

DATA = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data"))
FORCES = ("wiltshire", "staffordshire", "west-mercia")
DATES = [date(2025, month, last) for month, last in ((3, 31), (4, 30), (5, 31), (6, 30))]
PARAMS = Settings(force=ForceSettings(slug="benchmark", name="Benchmark"))
KS = (10, 20, 30, 40, 50)
HORIZONS = (7, 14, 31, 61, 92)
DISCS = (21, 40, 61)


@cache
def read_force(force: str) -> tuple[gpd.GeoDataFrame, shapely.Geometry]:
    """A force's located incidents inside its outline, and the outline."""
    outline = boundaries.outline_of(boundaries.read_places(DATA / "boundaries" / "force_areas.geojson"), force)
    files = sorted((DATA / "police_uk").glob(f"202*/*{force}-street.csv"))
    read = (police_uk.tidy_street(police_uk.read_street(file)[0], force) for file in files)
    found = pd.concat([rows.to_frame(table) for table in read])
    found = found[found["reason"] == ""].reset_index(drop=True)
    found = found[~settle.outside_force(found, outline)]
    return found[~settle.repeated_ids(found)].reset_index(drop=True), outline


def past_of(incidents: gpd.GeoDataFrame, as_of: date, family: str) -> tuple[pd.DataFrame, pd.Series, features.Past]:
    """Spots, which of them each incident is at, and their past."""
    spots, spot = spot_tables.spots_of(incidents)
    steps = period.steps_back(incidents, as_of)
    own = categories.of_family(incidents, family)
    others = incidents[~incidents.index.isin(own.index) & ~incidents["category"].isin(categories.POLICE_GENERATED)]
    counts = [spot_tables.history(spot, rows, steps, len(spots)) for rows in (own, others)]
    near = neighbours.graph(spots["easting"], spots["northing"], features.REACH_M)
    return spots, spot, features.past(*counts, spot_tables.observed_steps(incidents, steps), steps[1], near)


def areas_of(incidents: gpd.GeoDataFrame, as_of: date, outline: shapely.Geometry) -> gpd.GeoDataFrame:
    """The published polygons of both families, with what is expected in them and its interval."""
    found = []
    for family in categories.FAMILIES:
        params = PARAMS.of_family(family).forecast
        spots, _, past = past_of(incidents, as_of, family)
        rates = forecast.forecast_spots(past, 30, params).spots
        checked = forecast.past_areas(past, 30, 150, params)
        spread = chance.fit_spread(checked["expected"], checked["observed"])
        table = spots.assign(expected=rates["expected"] * spread.slope)
        areas = patrol_areas.choose_areas(table, outline, patrol_areas.PatrolAreaParams())
        inside = outlines.who_is_inside(areas, table)
        sums = table["expected"].loc[inside["spot"]].groupby(inside["area"].to_numpy()).sum()
        expected = sums.reindex(range(len(areas)), fill_value=0.0).to_numpy()
        variance = spread.variance(expected)
        low, high = chance.prediction_interval(expected, variance)
        ends = {"expected": expected, "variance": variance, "expected_low": low, "expected_high": high}
        listed = areas.assign(family=family, **ends).sort_values("expected", ascending=False, kind="stable")
        found.append(listed.assign(rank=np.arange(1, len(listed) + 1)))
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=crs.BNG)


def measure_police_uk() -> None:
    """Capture on three months not seen, forces pooled."""
    tables = []
    for force in FORCES:
        incidents, outline = read_force(force)
        params = BacktestParams(ahead_months=3, study_area_m2=outline.area)
        table = backtest.backtest(
            lambda known, as_of, outline=outline: areas_of(known, as_of, outline),
            incidents, DATES, cover=cover.cover, params=params,
        )  # fmt: skip
        tables.append(table.assign(force=force))
    table = pd.concat(tables, ignore_index=True)
    by = ["family", "as_of", "method", "k"]
    pooled = table.groupby(by)[["hits", "total", "expected"]].sum().reset_index()
    pooled["capture"] = (pooled["hits"] / pooled["total"]).round(4)
    shown = pooled[pooled["k"].isin(KS)]
    print(shown.pivot_table(index=["family", "as_of", "method"], columns="k", values="capture").to_string())
    print("\nover all dates")
    every = shown.groupby(["family", "method", "k"])[["hits", "total", "expected"]].sum().reset_index()
    every["capture"] = (every["hits"] / every["total"]).round(4)
    print(every.pivot_table(index=["family", "method"], columns="k", values="capture").to_string())
    ours = every[every["method"] == OURS].set_index(["family", "k"])
    best = every[every["method"] == BEST].set_index(["family", "k"])
    print("\nPEI and RRI (expected over observed), this method")
    print(
        pd.DataFrame({"pei": ours["hits"] / best["hits"], "rri": ours["expected"] / ours["hits"]}).round(3).to_string()
    )
    for k in (20, 50):
        print(f"\ngain over history cover at {k}, paired over dates and forces")
        pairs = table.assign(as_of=table["as_of"].astype("str") + table["force"])
        print(backtest.compare(pairs, "history cover", k).round(3).to_string(index=False))


def measure_chance() -> None:
    """Coverage of intervals in the next month, randomised PIT, and the chance of the first 20 over three months."""
    random = np.random.default_rng(1)
    outcomes = []
    for force in FORCES:
        incidents, outline = read_force(force)
        for as_of in DATES:
            areas = areas_of(period.known_by(incidents, as_of), as_of, outline)
            for family, listed in areas.groupby("family"):
                after = categories.of_family(incidents, str(family))
                month, season = (
                    backtest.first_in(listed, period.within(after, backtest.ahead(as_of, months, pd.Timestamp.max)))
                    for months in (1, 3)
                )
                mean, variance = listed["expected"].to_numpy(), listed["variance"].to_numpy()
                count = stats.nbinom(mean**2 / variance, mean / (mean + variance))
                below = np.where(month > 0, count.cdf(month - 1), 0.0)
                outcomes.append(
                    pd.DataFrame(
                        {
                            "family": family, "expected": mean, "observed": month,
                            "covered": (month >= listed["expected_low"]) & (month <= listed["expected_high"]),
                            "pit": below + random.uniform(size=len(mean)) * (count.cdf(month) - below),
                            "chance": chance.top_k_chance(mean, variance, 20),
                            "place": (season[None, :] >= season[:, None]).sum(axis=1),
                        }
                    )
                )  # fmt: skip
    table = pd.concat(outcomes)
    for family, each in table.groupby("family"):
        many, sure = each[each["expected"] >= 5], each[each["chance"] > 0.8]
        said = {
            "areas": len(each),
            "covered": each["covered"].mean(),
            "expect 5": len(many),
            "covered of these": many["covered"].mean(),
            "PIT 0.1 to 0.9": each["pit"].between(0.1, 0.9).mean(),
            "chance over 0.8": len(sure),
            "in first 30": (sure["place"] <= 30).mean(),
            "expected": each["expected"].sum(),
            "came": each["observed"].sum(),
        }
        print(family, "; ".join(f"{name} {value:.4g}" for name, value in said.items()))


def read_portland() -> gpd.GeoDataFrame:
    """Burglaries and vehicle thefts to the day, shifted in metres into the British grid."""
    kinds = {"burglary": "burglary", "vehicle_crime": "vehicle_theft"}
    tables = []
    for category, name in kinds.items():
        raw = pd.read_csv(DATA / "benchmarks" / "portland" / f"{name}_to_2017_02.csv", parse_dates=["occ_date"])
        x, y = raw["x_coordina"] * 0.3048 - 1_900_000, raw["y_coordina"] * 0.3048 - 30_000
        day = raw["occ_date"].astype("datetime64[us]")
        facts = {"category": category, "committed_from": day, "recorded_at": day, "date_precision": "day",
                 "month": day.dt.strftime("%Y-%m")}  # fmt: skip
        tables.append(gpd.GeoDataFrame(facts, geometry=gpd.points_from_xy(x, y), crs=crs.BNG))
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=crs.BNG)


def measure_portland() -> None:
    """Hits of discs of 100 m, summed over origins and horizons, against a cover of the last 12 months' counts."""
    incidents = read_portland()
    ends = pd.date_range(end="2017-02-28", periods=24, freq="ME")
    size = Size(radius_m=100.0 - 0.2, areas=max(DISCS))
    outcomes = []
    for category in ("burglary", "vehicle_crime"):
        own = incidents[incidents["category"] == category]
        day = own["committed_from"]
        for end in ends - pd.DateOffset(days=max(HORIZONS)):
            as_of = end.date()
            known = period.known_by(incidents, as_of).reset_index(drop=True)
            renamed = known.assign(category=np.where(known["category"] == category, "burglary", "vehicle_crime"))
            spots, _, past = past_of(renamed, as_of, "burglary")
            rates = forecast.forecast_spots(past, 7, PARAMS.burglary.forecast).spots["expected"]
            ours = cover.cover(spots["easting"], spots["northing"], rates, size.radius_m, size.areas)
            counted = own[(day > end - pd.DateOffset(months=12)) & (day <= end)].get_coordinates().to_numpy()
            plain = baselines.cover_of(counted, cover.cover, size).centroid.get_coordinates().to_numpy()
            for horizon in HORIZONS:
                came = own[(day > end) & (day <= end + pd.Timedelta(days=horizon))].get_coordinates().to_numpy()
                for discs in DISCS:
                    hits = [
                        int((np.hypot(*(came[:, None] - centres[:discs]).T).min(axis=0) <= 100.0).sum())
                        if len(came)
                        else 0
                        for centres in (ours, plain)
                    ]
                    outcomes.append((category, discs, end, horizon, *hits, len(came)))
    table = pd.DataFrame(outcomes, columns=["family", "discs", "origin", "horizon", "ours", "plain", "total"])
    print(table.groupby(["family", "discs", "horizon"])[["ours", "plain", "total"]].sum().to_string())
    summed = table.groupby(["family", "discs", "origin"])[["ours", "plain"]].sum().reset_index()
    for (family, discs), each in summed.groupby(["family", "discs"]):
        gain, plain = (each["ours"] - each["plain"]).to_numpy(float), each["plain"].sum()
        half = stats.t.ppf(0.95, len(gain) - 1) * gain.std(ddof=1) * len(gain) ** 0.5
        print(
            f"{family} {discs} discs: {each['ours'].sum()} against {plain} hits, {gain.sum() / plain:+.1%} "
            f"(90 % interval {(gain.sum() - half) / plain:+.1%} to {(gain.sum() + half) / plain:+.1%})"
        )


if __name__ == "__main__":
    started = time.perf_counter()
    measures = {"police_uk": measure_police_uk, "chance": measure_chance, "portland": measure_portland}
    for name in sys.argv[1:] or measures:
        print(f"\n== {name}")
        measures[name]()
    print(f"\n{time.perf_counter() - started:.0f} s")
