"""What is worth knowing of a force's months, and no alarm: moved points, LSOA vintage, shares without a place."""

import itertools
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import findings, period
from hotspots.data_health import monthly_checks

# The first LSOA codes that exist only since the census of 2021, by country.
FIRST_OF_2021 = {"E": 1_033_769, "W": 1_001_959}
# Under so small a share of rows a new code is a slip, not a vintage.
VINTAGE_SHARE = 0.002
SHARE_TIMES, SHARE_MORE = 3.0, 0.02
SUMS = ["rows", "no_coordinates", "outside_force", "lsoas", "lsoas_2021", "snapped", "stations"]
SHARES = [
    "month", "rows", "no_coordinates_share", "outside_force_share", "lsoa_2021_share", "same_points_share", "snapped",
    "stations",
]  # fmt: skip
_MIN_MONTHS = 4
# One snap point in so many is remembered of each month.
SAMPLED = 16


def sum_months(rows: gpd.GeoDataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """By month: rows, those without coordinates, outside the force, with an LSOA, with one of 2021, at a station.

    Parameters
    ----------
    rows
        Incidents with `is_own_force` and their final `reason`.
    by
        Further columns to count by.
    """
    flat, values = monthly_checks.crossed({name: rows[name] for name in (*by, "month")})
    is_counted, is_new, reason = monthly_checks.is_recorded(rows), _is_of_2021(rows), rows["reason"]
    told = {
        "rows": is_counted,
        "no_coordinates": (reason == "no_coordinates").to_numpy(),
        "outside_force": (reason == "outside_force").to_numpy(),
        "lsoas": ~np.isnan(is_new),
        "lsoas_2021": is_new == 1,
        "snapped": rows["location_precision"].isin(["snap", "station"]).to_numpy(),
        "stations": (rows["location_precision"] == "station").to_numpy(),
    }
    sums = {name: np.bincount(flat[is_so & is_counted], minlength=len(values)) for name, is_so in told.items()}
    return values.assign(**sums)[sums["rows"] > 0].reset_index(drop=True)


def sample_points(rows: gpd.GeoDataFrame, by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows of each month on a sample of its snap points: `month`, `point` (a number that stands for it) and `rows`.

    One point in sixteen is in the sample, the same ones in every month.

    Parameters
    ----------
    rows
        As in `sum_months`, with their points in BNG metres: as `easting` and `northing` where there are such
        columns, else as the geometry; missing where there are no coordinates.
    by
        Further columns to count by.
    """
    is_located = ((rows["location_precision"] == "snap") & (rows["reason"] != "no_coordinates")).to_numpy()
    there = np.flatnonzero(is_located & monthly_checks.is_recorded(rows))
    xy = rows[["easting", "northing"]] if "easting" in rows else rows.get_coordinates().reindex(rows.index)
    easting, northing = (np.rint(xy.iloc[:, axis].to_numpy()[there]).astype("int64") for axis in (0, 1))
    is_on_grid = (easting >= 0) & (easting < 1_000_000) & (northing >= 0) & (northing < 10_000_000)
    there, easting, northing = there[is_on_grid], easting[is_on_grid], northing[is_on_grid]
    point = easting * 10_000_000 + northing
    is_chosen = point * 2_654_435_761 % 1_000_003 % SAMPLED == 0
    chosen, point = there[is_chosen], point[is_chosen]
    flat, values = monthly_checks.crossed({name: rows[name].iloc[chosen] for name in (*by, "month")})
    # A combination of values and a point as one number: points stay below ten million million.
    found, number = np.unique(flat * 10**13 + point, return_counts=True)
    return values.iloc[found // 10**13].assign(point=found % 10**13, rows=number).reset_index(drop=True)


def share_months(sums: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """By month: rows, shares (0 to 1) without coordinates and outside the force, and how they are placed.

    Parameters
    ----------
    sums, points
        As `sum_months` and `sample_points` give them, of all rows or of one file after the other.

    Returns
    -------
    DataFrame
        `lsoa_2021_share` is of the rows with an LSOA, and missing where none has one; `same_points_share` is the
        share of a month's snapped rows on points that had a row in the month before it (of those that are there).
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


def notes(shares: pd.DataFrame, as_of: date) -> list[dict]:
    """Findings that are no alarm, from `share_months`, of months that are over on the day."""
    is_over = np.array([period.last_day(month) <= as_of for month in shares["month"]], dtype=bool)
    known = shares[is_over].reset_index(drop=True)
    found = _moved_points(known) + _vintages(known) + _labels(known)
    for column, kind, what in (
        ("no_coordinates_share", "no_coordinates", "have no location"),
        ("outside_force_share", "outside_force", "lie outside the force"),
    ):
        found += _far_from_usual(known, column, kind, what)
    return found


def _is_of_2021(rows: pd.DataFrame) -> np.ndarray:
    """Whether each row's LSOA exists only since 2021, as 0 or 1; NaN without an LSOA."""
    if "lsoa_code" not in rows:
        return np.full(len(rows), np.nan)
    codes = rows["lsoa_code"].astype("category").cat
    known = codes.categories.astype("str")
    numbers = pd.to_numeric(pd.Series(known.str[1:]), errors="coerce").to_numpy(float)
    is_new = np.where(np.isnan(numbers), np.nan, numbers >= known.str[:1].map(FIRST_OF_2021).to_numpy(float))
    return np.append(is_new, np.nan)[codes.codes.to_numpy()]


def _same_points(points: pd.DataFrame) -> pd.Series:
    """Share of each month's snapped rows on points of the month before, where there is one."""
    by_month = {str(month): found for month, found in points.groupby("month", sort=True)}
    same = {
        now: by_month[now].loc[by_month[now]["point"].isin(by_month[last]["point"]), "rows"].sum()
        / by_month[now]["rows"].sum()
        for last, now in itertools.pairwise(by_month)
        if period.months_between(last, now) == 1
    }
    return pd.Series(same, dtype="float64", index=list(same))


def _moved_points(shares: pd.DataFrame) -> list[dict]:
    """Months whose points are not those of the month before."""
    same = shares.set_index("month")["same_points_share"].dropna()
    if len(same) < _MIN_MONTHS:
        return []
    usual = float(same.median())
    before = dict(zip(shares["month"].iloc[1:], shares["month"], strict=False))
    return [
        findings.finding(
            "moved_points",
            f"The public points moved between {before[month]} and {month}: {share:.0%} of the rows of {month} stand on "
            f"a point of {before[month]}, where {usual:.0%} is usual from one month to the next.",
            "Kept. Places before and after differ by the move of the points: compare areas, not points.",
        )
        for month, share in same[same < usual / 2].items()
    ]


def _vintages(shares: pd.DataFrame) -> list[dict]:
    """Months with LSOA codes of 2011 among months with those of 2021."""
    coded = shares.dropna(subset=["lsoa_2021_share"])
    is_new = coded["lsoa_2021_share"] >= VINTAGE_SHARE
    if is_new.all() or not is_new.any():
        return []
    old, new = coded.loc[~is_new, "month"], coded.loc[is_new, "month"]
    said = f"LSOA codes are of 2011 in {_months(old)} and of 2021 in {_months(new)}."
    return [findings.finding("lsoa_vintage", said, "Kept: areas come from the points, not from the codes.")]


def _far_from_usual(shares: pd.DataFrame, column: str, kind: str, what: str) -> list[dict]:
    """Months in which a share is far from what it is in the other months."""
    if len(shares) <= _MIN_MONTHS:
        return []
    values = shares[column].to_numpy()
    others = np.array([np.median(np.delete(values, number)) for number in range(len(values))])
    is_far = (values > SHARE_TIMES * others + SHARE_MORE) | (values < others / SHARE_TIMES - SHARE_MORE)
    return [
        findings.finding(
            f"{kind}_share",
            f"{share:.1%} of the rows of {month} {what}; in the other months it is {usual:.1%}.",
            "Those rows are set aside as always; the month's map is thinner, or fuller, for that reason.",
        )
        for month, share, usual in zip(shares["month"][is_far], values[is_far], others[is_far], strict=True)
    ]


def _labels(shares: pd.DataFrame) -> list[dict]:
    """What kind of places the rows have: no LSOA at all (Northern Ireland), or stations (British Transport Police)."""
    found = []
    if shares["snapped"].sum() and shares["lsoa_2021_share"].isna().all():
        said = "No record has an LSOA code, as in the files of Northern Ireland."
        done = "Kept. Districts and teams come from outlines only, and nothing is summed up by LSOA."
        found.append(findings.finding("no_lsoas", said, done))
    stations = int(shares["stations"].sum())
    if stations:
        said = f"{stations:,} records are of the British Transport Police, who put what happens on a line at a station."
        done = "Kept, labelled 'station': a crowd of them is a station, not a street."
        found.append(findings.finding("at_stations", said, done))
    return found


def _months(months: pd.Series) -> str:
    """One month, or the first and the last of several."""
    return str(months.iloc[0]) if len(months) == 1 else f"{months.iloc[0]} to {months.iloc[-1]}"
