"""How often the health gate cries wolf, and what it finds: months simulated from each force's fitted habits.

    python tests/benchmarks/health_alarms.py [months per force] [months per series]

A force is fitted from its files beside the project: level of every type in every district, summer and scatter of
every type. Simulated months are negative binomial, with shocks shared by the force and heavier tails than those of
the gate's own model (one month in twenty scatters twice as wide). Faults are planted in a month of an otherwise
ordinary series: a family filed under another type, or a district missing.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots import categories, period
from hotspots.data_health import monthly_checks

ROOT = Path(__file__).resolve().parents[2]
ALARMS = ("misfiled", "silent", "level_change")
OTHER = "other_crime"
LATEST = date(2099, 12, 31)


@dataclass(frozen=True)
class Force:
    """What is ordinary for a force: mean incidents by type (rows) and district, summer and scatter by type."""

    name: str
    level: pd.DataFrame
    summer: pd.Series
    scatter: pd.Series

    def smaller(self, times: float) -> "Force":
        """The same force with fewer incidents."""
        return Force(f"{self.name} of {times:g} of its size", self.level * times, self.summer, self.scatter)

    def rougher(self, times: float) -> "Force":
        """The same force with more scatter."""
        return Force(f"{self.name} with {times:g} times its scatter", self.level, self.summer, self.scatter * times)


def fit_force(name: str, counts: pd.DataFrame) -> Force:
    """A force's habits by least squares on log counts: a level for each year, a wave, and the rest is scatter."""
    months = sorted(counts["month"].unique())
    numbers = np.array([int(month[5:]) for month in months])
    year = np.array([month[:4] for month in months])
    years = (year[:, None] == np.unique(year)).astype(float)
    by_type = counts.pivot_table("incidents", "month", "category", aggfunc="sum", fill_value=0)
    wave = np.cos(2 * np.pi * (numbers - 7) / 12)
    design = np.column_stack([years, wave])
    values = np.log(by_type.to_numpy() + 0.5)
    fitted, *_ = np.linalg.lstsq(design, values, rcond=None)
    left = values - design @ fitted
    counting = (1 / by_type.clip(lower=1)).mean().to_numpy()
    variance = (left**2).sum(axis=0) / (len(months) - design.shape[1]) - counting
    level = counts.pivot_table("incidents", "category", "district", aggfunc="sum", fill_value=0) / len(months)
    types = by_type.columns
    scatter = pd.Series(np.sqrt(np.clip(variance, 0.03**2, None)), types)
    return Force(name, level.loc[types], pd.Series(fitted[-1], types), scatter)


def simulate(force: Force, months: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """Counts (`monthly_checks.count_months`) of ordinary months."""
    number = np.array([int(month[5:]) for month in months])
    years = np.array([int(month[:4]) for month in months]) + number / 12
    types, districts = force.level.index, force.level.columns
    wave = np.cos(2 * np.pi * (number - 7) / 12)
    trend = rng.normal(0, 0.08, len(types)) * (years - years.mean())[:, None]
    spread = force.scatter.to_numpy() * np.where(rng.random((len(months), 1)) < 0.05, 2.0, 1.0)
    by_type = np.exp(np.outer(wave, force.summer) + trend) * shocks(rng, spread)
    local = shocks(rng, np.full((len(months), len(types), len(districts)), 0.10))
    place = shocks(rng, np.full((len(months), 1, len(districts)), 0.04))
    everything = shocks(rng, np.full((len(months), 1, 1), 0.03))
    counts = rng.poisson(force.level.to_numpy() * by_type[:, :, None] * local * place * everything)
    index = pd.MultiIndex.from_product([months, types, districts], names=["month", "category", "district"])
    return pd.DataFrame({"incidents": counts.ravel()}, index=index).reset_index().query("incidents > 0")


def shocks(rng: np.random.Generator, spread: np.ndarray) -> np.ndarray:
    """Gamma factors with mean 1 and this spread."""
    shape = 1 / spread**2
    return rng.gamma(shape, 1 / shape)


def misfile(counts: pd.DataFrame, month: str, family: str, share: float, rng: np.random.Generator) -> pd.DataFrame:
    """The counts with the family at a share of itself in a month; the rest stands under another type."""
    counts = counts.copy()
    is_hit = (counts["month"] == month) & (counts["category"] == family)
    kept = rng.binomial(counts.loc[is_hit, "incidents"].to_numpy(), share)
    moved = counts[is_hit].assign(category=OTHER, incidents=counts.loc[is_hit, "incidents"] - kept)
    counts.loc[is_hit, "incidents"] = kept
    both = pd.concat([counts, moved]).groupby(["month", "category", "district"], as_index=False)["incidents"].sum()
    return both[both["incidents"] > 0]


def silence(counts: pd.DataFrame, month: str, district: str, share: float, rng: np.random.Generator) -> pd.DataFrame:
    """The counts with a district at a share of itself in a month; the rest is nowhere."""
    counts = counts.copy()
    is_hit = (counts["month"] == month) & (counts["district"] == district)
    counts.loc[is_hit, "incidents"] = rng.binomial(counts.loc[is_hit, "incidents"].to_numpy(), share)
    return counts[counts["incidents"] > 0]


def whole(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts without districts: a family's verdict does not depend on them, and comes sooner."""
    return counts.assign(district="").groupby(["month", "category", "district"], as_index=False)["incidents"].sum()


def calendar(months: int, end: str = "2025-09") -> list[str]:
    """So many months up to `end`."""
    return [str(month) for month in pd.period_range(end=end, periods=months, freq="M")]


def alarms(verdicts: pd.DataFrame) -> pd.DataFrame:
    """The lines that are an alarm."""
    return verdicts[verdicts["verdict"].isin(ALARMS)]


def false_alarms(force: Force, months: list[str], series: int, seed: int) -> tuple[int, int, int, int]:
    """Ordinary months, those with an alarm; latest months judged by their past only, those with an alarm."""
    rng, params = np.random.default_rng(seed), monthly_checks.HealthParams()
    wrong = late = latest = 0
    for _ in range(series):
        counts = simulate(force, months, rng)
        wrong += alarms(monthly_checks.examine_months(counts, LATEST, params))["month"].nunique()
        day = period.last_day(months[int(rng.integers(len(months) // 2, len(months)))])
        latest += 1
        late += int((alarms(monthly_checks.examine_months(counts, day, params))["month"] == f"{day:%Y-%m}").any())
    return series * len(months), wrong, latest, late


def found_misfiled(
    force: Force, months: list[str], family: str, share: float, series: int, *, seed: int = 1, is_latest: bool = False
) -> int:
    """In how many series a planted mis-filed month is found."""
    rng, found = np.random.default_rng(seed), 0
    for _ in range(series):
        month = months[-1] if is_latest else months[int(rng.integers(len(months)))]
        counts = misfile(whole(simulate(force, months, rng)), month, family, share, rng)
        verdicts = alarms(monthly_checks.examine_months(counts, LATEST, monthly_checks.HealthParams()))
        found += int(((verdicts["month"] == month) & (verdicts["category"] == family)).any())
    return found


def found_change(force: Force, months: list[str], family: str, share: float, series: int, *, seed: int = 1) -> int:
    """In how many series a family that is filed elsewhere from some month to the end is found, within a month."""
    rng, found = np.random.default_rng(seed), 0
    for _ in range(series):
        at = int(rng.integers(4, len(months) - 3))
        counts = whole(simulate(force, months, rng))
        for month in months[at:]:
            counts = misfile(counts, month, family, share, rng)
        verdicts = alarms(monthly_checks.examine_months(counts, LATEST, monthly_checks.HealthParams()))
        changes = verdicts[(verdicts["kind"] == "level_change") & (verdicts["category"] == family)]
        found += int(changes["month"].isin(months[at - 1 : at + 2]).any())
    return found


def found_silent(force: Force, months: list[str], district: str, share: float, series: int, *, seed: int = 1) -> int:
    """In how many series a planted silent district is found."""
    rng, found = np.random.default_rng(seed), 0
    for _ in range(series):
        month = months[int(rng.integers(len(months)))]
        counts = silence(simulate(force, months, rng), month, district, share, rng)
        verdicts = alarms(monthly_checks.examine_months(counts, LATEST, monthly_checks.HealthParams()))
        found += int(((verdicts["month"] == month) & (verdicts["kind"] == "silent")).any())
    return found


def interval(found: int, tried: int) -> str:
    """A share with its 95 % interval (Wilson)."""
    share, z = found / tried, 1.96
    middle = (share + z**2 / (2 * tried)) / (1 + z**2 / tried)
    half = z * np.sqrt(share * (1 - share) / tried + z**2 / (4 * tried**2)) / (1 + z**2 / tried)
    return f"{share:6.1%} ({max(middle - half, 0):.1%} to {min(middle + half, 1):.1%})"


def real_counts(path: Path) -> pd.DataFrame:
    """Counts of one street file."""
    names = {"Month": "month", "Crime type": "category", "LSOA name": "district"}
    rows = pd.read_csv(path, usecols=list(names), dtype="str").rename(columns=names)
    rows["category"] = rows["category"].map(categories.POLICE_UK)
    rows["district"] = rows["district"].str.replace(r"\s+\d{3}[A-Z]+$", "", regex=True).fillna("")
    return rows.groupby(["month", "category", "district"]).size().rename("incidents").reset_index()


def real_forces(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Slug and counts of every force with files beside the project."""
    by_force: dict[str, list[pd.DataFrame]] = {}
    for path in sorted(folder.glob("police_uk/*/*-street.csv")):
        by_force.setdefault(path.name[8 : -len("-street.csv")], []).append(real_counts(path))
    for slug, parts in sorted(by_force.items()):
        yield slug, pd.concat(parts, ignore_index=True)


def report_false(force: Force, months: list[str], total: int) -> None:
    """Print how often ordinary months are called wrong."""
    seen, wrong, latest, late = false_alarms(force, months, max(total // len(months), 1), seed=1)
    print(f"{force.name}, series of {len(months)} months")
    print(f"  ordinary months called wrong         {interval(wrong, seen)} of {seen:,}")
    print(f"  the latest, judged by its past only  {interval(late, latest)} of {latest:,}", flush=True)


def report_found(force: Force, months: list[str], tries: int) -> None:
    """Print how often planted faults are found."""
    for family in ("asb", "burglary"):
        size = f"{family} ({force.level.loc[family].sum():,.0f} a month)"
        for share in (0.0, 0.2, 0.3, 0.4, 0.5):
            anywhere = found_misfiled(force, months, family, share, tries)
            latest = found_misfiled(force, months, family, share, tries, is_latest=True)
            print(f"  {size} at {share:.0%}: {interval(anywhere, tries)}; the latest month {interval(latest, tries)}")
        for share in (0.3, 0.5):
            lasting = found_change(force, months, family, share, tries)
            print(f"  {size} at {share:.0%} from a month on: {interval(lasting, tries)}")
    sizes = force.level.sum().drop("", errors="ignore").sort_values()
    sizes = sizes[sizes >= monthly_checks.HealthParams().min_expected]
    for district in dict.fromkeys((sizes.index[0], sizes.index[-1])):
        for share in (0.0, 0.3, 0.5):
            found = found_silent(force, months, district, share, tries)
            print(f"  {district} ({sizes[district]:,.0f} a month) at {share:.0%}: {interval(found, tries)}", flush=True)


def main() -> None:
    """Figures for every force, for a small one and for rough ones."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    months = calendar(int(sys.argv[2]) if len(sys.argv) > 2 else 36)
    folder = Path(os.environ.get("HOTSPOTS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    for slug, counts in real_forces(folder):
        force = fit_force(slug, counts[counts["month"] >= "2024"])
        for each in (force, force.smaller(0.3), force.rougher(2.0)):
            report_false(each, months, total)
        report_found(force, months, max(total // 20, 1))
        if slug == "wiltshire":
            report_found(force.smaller(0.3), months, max(total // 20, 1))


if __name__ == "__main__":
    main()
