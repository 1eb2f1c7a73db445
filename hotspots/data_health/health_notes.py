"""Findings about months that are no alarm: moved points, LSOA vintage, unusual shares of rows without a location."""

import itertools
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from hotspots import findings, period, wording
from hotspots.data_health import monthly_checks

# Number of the first LSOA code of the 2021 census, by country.
FIRST_OF_2021 = {"E": 1_033_769, "W": 1_001_959}
# Below this share of rows, codes of 2021 are errors, not a vintage.
VINTAGE_SHARE = 0.002
SHARE_TIMES, SHARE_MORE = 3.0, 0.02
SUMS = ["rows", "no_coordinates", "outside_force", "lsoas", "lsoas_2021", "snapped", "stations"]
SHARES = [
    "month", "rows", "no_coordinates_share", "outside_force_share", "lsoa_2021_share", "same_points_share", "snapped",
    "stations",
]  # fmt: skip
_MIN_MONTHS = 4
# One snap point in this number is kept of each month.
SAMPLING_INTERVAL = 16


def sum_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Count rows by file and month: all, without coordinates, outside the force, with LSOA codes, by kind of location.

    Parameters
    ----------
    rows
        Incidents with `file`, `is_own_force` and their final `reason`.
    """
    flat, values = monthly_checks.number_combinations({name: rows[name] for name in ("file", "month")})
    is_counted, is_new, reason = monthly_checks.is_recorded(rows), _is_of_2021(rows), rows["reason"]
    tests = {
        "rows": is_counted,
        "no_coordinates": (reason == "no_coordinates").to_numpy(),
        "outside_force": (reason == "outside_force").to_numpy(),
        "lsoas": ~np.isnan(is_new),
        "lsoas_2021": is_new == 1,
        "snapped": rows["location_precision"].isin(["snap", "station"]).to_numpy(),
        "stations": (rows["location_precision"] == "station").to_numpy(),
    }
    sums = {name: np.bincount(flat[is_so & is_counted], minlength=len(values)) for name, is_so in tests.items()}
    return values.assign(**sums)[sums["rows"] > 0].reset_index(drop=True)


def sample_points(rows: pd.DataFrame) -> pd.DataFrame:
    """Count rows on a sample of snap points: `file`, `month`, `point` (its number) and `rows`.

    The sample has one point in sixteen, the same ones in every month.

    Parameters
    ----------
    rows
        As in `sum_months`, with `easting` and `northing`, BNG metres; missing without coordinates.
    """
    is_located = ((rows["location_precision"] == "snap") & (rows["reason"] != "no_coordinates")).to_numpy()
    located = np.flatnonzero(is_located & monthly_checks.is_recorded(rows))
    easting, northing = (np.rint(rows[name].to_numpy()[located]).astype("int64") for name in ("easting", "northing"))
    is_on_grid = (easting >= 0) & (easting < 1_000_000) & (northing >= 0) & (northing < 10_000_000)
    located, easting, northing = located[is_on_grid], easting[is_on_grid], northing[is_on_grid]
    point = easting * 10_000_000 + northing
    is_chosen = point * 2_654_435_761 % 1_000_003 % SAMPLING_INTERVAL == 0
    chosen, point = located[is_chosen], point[is_chosen]
    flat, values = monthly_checks.number_combinations({name: rows[name].iloc[chosen] for name in ("file", "month")})
    # One number holds a combination and a point, because points are below 10**13.
    found, number = np.unique(flat * 10**13 + point, return_counts=True)
    return values.iloc[found // 10**13].assign(point=found % 10**13, rows=number).reset_index(drop=True)


def share_months(sums: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return, by month, rows and the shares (0 to 1) without coordinates, outside the force and of each location type.

    Parameters
    ----------
    sums, points
        As `sum_months` and `sample_points` return them, of all rows or of one file after the other.

    Returns
    -------
    DataFrame
        `lsoa_2021_share` is a share of the rows with an LSOA code, missing if there are none. `same_points_share` is
        the share of snapped rows on points that also had a row in the previous month with data.
    """
    total = sums.groupby("month")[SUMS].sum()
    shares = pd.DataFrame(
        {
            "rows": total["rows"],
            "no_coordinates_share": total["no_coordinates"] / total["rows"],
            "outside_force_share": total["outside_force"] / total["rows"],
            "lsoa_2021_share": total["lsoas_2021"] / total["lsoas"].where(total["lsoas"] > 0),
            "snapped": total["snapped"],
            "stations": total["stations"],
        }
    ).reset_index()
    return shares.assign(same_points_share=shares["month"].map(_same_points(points)).astype("float64"))[SHARES]


def describe_notes(shares: pd.DataFrame, as_of: date) -> list[dict[str, Any]]:
    """Return findings about complete months, from shares as `share_months` returns them."""
    is_complete = np.array([period.last_day(month) <= as_of for month in shares["month"]], dtype=bool)
    known = shares[is_complete].reset_index(drop=True)
    found = _moved_points(known) + _lsoa_vintages(known) + _location_types(known)
    for column, kind, what in (
        ("no_coordinates_share", "no_coordinates", "have no location"),
        ("outside_force_share", "outside_force", "are outside the force"),
    ):
        found += _unusual_shares(known, column, kind, what)
    return found


def _is_of_2021(rows: pd.DataFrame) -> np.ndarray:
    """Return 1 for an LSOA code of 2021, 0 for an earlier one, NaN without a code."""
    if "lsoa_code" not in rows:
        return np.full(len(rows), np.nan)
    codes = rows["lsoa_code"].astype("category").cat
    known = codes.categories.astype("str")
    numbers = pd.to_numeric(pd.Series(known.str[1:]), errors="coerce").to_numpy(float)
    is_new = np.where(np.isnan(numbers), np.nan, numbers >= known.str[:1].map(FIRST_OF_2021).to_numpy(float))
    return np.asarray(np.append(is_new, np.nan)[codes.codes.to_numpy()])


def _same_points(points: pd.DataFrame) -> pd.Series:
    """Return the share of each month's snapped rows on points of the previous month, if there is one."""
    by_month = {str(month): found for month, found in points.groupby("month", sort=True)}
    same = {
        now: by_month[now].loc[by_month[now]["point"].isin(by_month[last]["point"]), "rows"].sum()
        / by_month[now]["rows"].sum()
        for last, now in itertools.pairwise(by_month)
        if period.months_between(last, now) == 1
    }
    return pd.Series(same, dtype="float64", index=list(same))


def _moved_points(shares: pd.DataFrame) -> list[dict[str, Any]]:
    """Report months whose points are not those of the previous month."""
    same = shares.set_index("month")["same_points_share"].dropna()
    if len(same) < _MIN_MONTHS:
        return []
    usual = float(same.median())
    before = dict(zip(shares["month"].iloc[1:], shares["month"], strict=False))
    return [
        findings.finding(
            "moved_points",
            f"The public points moved between {before[month]} and {month}: {wording.percent(share)} of the rows of "
            f"{month} are on a point of {before[month]}; {wording.percent(usual)} is usual from one month to the next.",
            "Kept. Compare areas, not points, across this change.",
        )
        for month, share in same[same < usual / 2].items()
    ]


def _lsoa_vintages(shares: pd.DataFrame) -> list[dict[str, Any]]:
    """Report months with LSOA codes of 2011 if other months have those of 2021."""
    coded = shares.dropna(subset=["lsoa_2021_share"])
    is_new = coded["lsoa_2021_share"] >= VINTAGE_SHARE
    if is_new.all() or not is_new.any():
        return []
    old, new = coded.loc[~is_new, "month"], coded.loc[is_new, "month"]
    sentence = f"LSOA codes are of 2011 in {_months(old)} and of 2021 in {_months(new)}."
    return [findings.finding("lsoa_vintage", sentence, "Kept. Areas are assigned by points, not by codes.")]


def _unusual_shares(shares: pd.DataFrame, column: str, kind: str, what: str) -> list[dict[str, Any]]:
    """Report months in which a share is far from that of the other months."""
    if len(shares) <= _MIN_MONTHS:
        return []
    values = shares[column].to_numpy()
    others = np.array([np.median(np.delete(values, number)) for number in range(len(values))])
    is_far = (values > SHARE_TIMES * others + SHARE_MORE) | (values < others / SHARE_TIMES - SHARE_MORE)
    return [
        findings.finding(
            f"{kind}_share",
            f"{wording.percent(share, 1)} of the rows of {month} {what}; in other months {wording.percent(usual, 1)}.",
            "These rows are set aside as usual, so the month has fewer, or more, incidents on the map.",
        )
        for month, share, usual in zip(shares["month"][is_far], values[is_far], others[is_far], strict=True)
    ]


def _location_types(shares: pd.DataFrame) -> list[dict[str, Any]]:
    """Report data without LSOA codes (Northern Ireland) and records at stations (British Transport Police)."""
    found = []
    if shares["snapped"].sum() and shares["lsoa_2021_share"].isna().all():
        sentence = "No record has an LSOA code, as in the files of Northern Ireland."
        action = "Kept. Districts and teams are assigned by outlines only, and there are no results by LSOA."
        found.append(findings.finding("no_lsoas", sentence, action))
    stations = int(shares["stations"].sum())
    if stations:
        noun = "record is" if stations == 1 else "records are"
        sentence = (
            f"{stations:,} {noun} of the British Transport Police, whose incidents on a line are placed at a station."
        )
        action = "Kept and labelled 'station'. Many records at one point may come from the whole line."
        found.append(findings.finding("at_stations", sentence, action))
    return found


def _months(months: pd.Series) -> str:
    """Return one month, or the first and the last of several."""
    return str(months.iloc[0]) if len(months) == 1 else f"{months.iloc[0]} to {months.iloc[-1]}"
