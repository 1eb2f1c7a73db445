"""Series of monthly counts that the health check tests, each with the counts it is compared with.

One fault must raise one alarm. A family is therefore compared with two references, all other types and those of no
family, and only a month that is unusual against both is an alarm: a gap in ASB changes the first, ASB filed under
another type changes the second. The total of the force is tested with and without each family for the same reason.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories
from hotspots.data_health.expected_counts import SeriesModel
from hotspots.data_health.health_params import (
    DISTRICT_FAMILY_MODEL,
    DISTRICT_MODEL,
    FAMILY_MODELS,
    TOTAL_MODEL,
    HealthParams,
)

ALL = ""  # the whole force, or all types
# A reference without scatter of its own: so large that its counting noise is negligible.
_CONSTANT = 1e6


@dataclass(frozen=True)
class Series:
    """Monthly counts of a category (or all) in a district (or the force), and the counts they are compared with.

    Attributes
    ----------
    category, district
        Category and district; `ALL` for all of them.
    part, rest
        Counts, and those they are compared with.
    model
        Ordinary variation.
    is_missing
        Months without data of this series or of its reference, which do not affect the other months.
    """

    category: str
    district: str
    part: NDArray[Any]
    rest: NDArray[Any]
    model: SeriesModel
    is_missing: NDArray[Any]


def family_series(cube: pd.Series, months: list[str], family: str, params: HealthParams) -> list[Series]:
    """Return a family beside each of its references: all other types, and the types of no family.

    A force's export may hold the families only; the family is then compared with its own other months.

    Parameters
    ----------
    cube
        Incidents by month, category and district.
    months
        Months in order.
    """
    table = _by_type(cube, months)
    part = _of_types(table, categories.FAMILIES[family])
    if not part.any() or len(table.columns) == table.columns.isin(categories.FAMILIES[family]).sum():
        return []
    absent = absent_types(table, params)
    others = table.drop(columns=list(categories.FAMILIES[family]), errors="ignore")
    scored = [kind for kinds in categories.FAMILIES.values() for kind in kinds]
    neutral = others.drop(columns=scored, errors="ignore")
    is_gap = _is_gap(part, params)
    other_gap = absent[[kind for kind in others if kind in scored]].any(axis=1).to_numpy()
    model = FAMILY_MODELS[family]
    return [
        Series(family, ALL, part, others.sum(axis=1).to_numpy(), model, is_gap | other_gap),
        Series(family, ALL, part, _reference(neutral, absent, params), model, is_gap),
    ]


def total_series(cube: pd.Series, months: list[str], params: HealthParams) -> list[Series]:
    """Return the total of the force: of all types, and without each family where enough remains."""
    table = _by_type(cube, months)
    absent = absent_types(table, params)
    found = []
    for left_out in ((), *categories.FAMILIES.values()):
        types = table.drop(columns=list(left_out), errors="ignore")
        part = types.sum(axis=1).to_numpy()
        if not left_out or np.median(part) >= params.min_expected:
            share = _recorded_share(types, absent)
            found.append(Series(ALL, ALL, part, _CONSTANT * share, TOTAL_MODEL, share == 0))
    return found


def district_series(cube: pd.Series, months: list[str], params: HealthParams) -> list[Series]:
    """Return a series for each district with enough incidents: all types, then each family."""
    found = []
    for category in (ALL, *categories.FAMILIES):
        kinds = categories.FAMILIES.get(category)
        table = by_district(cube[cube.index.get_level_values("category").isin(kinds)] if kinds else cube, months)
        counts, total = table.to_numpy(float), table.sum(axis=1).to_numpy(float)
        model = DISTRICT_FAMILY_MODEL if kinds else DISTRICT_MODEL
        for number, district in enumerate(table.columns):
            part = counts[:, number]
            if np.median(part) >= params.min_expected and np.median(total - part) >= 2 * params.min_expected:
                found.append(Series(category, district, part, total - part, model, total == 0))
    return found


def by_district(cube: pd.Series, months: list[str]) -> pd.DataFrame:
    """Return the incidents of known districts, by month and district."""
    named = cube[cube.index.get_level_values("district") != ""]
    table = named.reset_index().pivot_table("incidents", "month", "district", aggfunc="sum", fill_value=0)
    return table.reindex(months, fill_value=0)


def absent_types(table: pd.DataFrame, params: HealthParams) -> pd.DataFrame:
    """Return whether each type (columns) has no record in a month (rows) although it usually has many."""
    return pd.DataFrame({name: _is_gap(counts.to_numpy(), params) for name, counts in table.items()}, table.index)


def _by_type(cube: pd.Series, months: list[str]) -> pd.DataFrame:
    """Return the incidents by month and type."""
    table = cube.reset_index().pivot_table("incidents", "month", "category", aggfunc="sum", fill_value=0)
    return table.reindex(months, fill_value=0).astype("float64")


def _of_types(table: pd.DataFrame, kinds: tuple[str, ...]) -> NDArray[Any]:
    """Return the incidents of some types in each month."""
    return np.asarray(table.loc[:, table.columns.isin(kinds)].sum(axis=1).to_numpy(float))


def _is_gap(counts: NDArray[Any], params: HealthParams) -> NDArray[Any]:
    """Return whether a month has no record of a series that usually has many."""
    recorded = counts[counts > 0]
    return np.asarray((counts == 0) & bool(len(recorded) and np.median(recorded) >= params.min_expected))


def _recorded_share(types: pd.DataFrame, absent: pd.DataFrame) -> NDArray[Any]:
    """Return the share of the usual incidents whose types have records in each month."""
    usual = types.where(types > 0).median().fillna(0.0)
    recorded = (~absent[list(types.columns)]).to_numpy(float) @ usual.to_numpy()
    return np.asarray(recorded / max(usual.sum(), 1.0))


def _reference(types: pd.DataFrame, absent: pd.DataFrame, params: HealthParams) -> NDArray[Any]:
    """Return the total of some types, with types absent in a month at their usual share; a constant if too few."""
    share, total = _recorded_share(types, absent), types.sum(axis=1).to_numpy()
    if np.median(total) < 2 * params.min_expected or (share == 0).any():
        return np.full(len(types), _CONSTANT)
    return np.asarray(total / share)
