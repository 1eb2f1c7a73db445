"""Which people a survey reached: those near an answer, in the wards or teams that it covers.

Few answers are only telling where the survey was held. A survey of one ward says nothing about the others.
"""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

REACH_M = 2_000.0
# A survey with answers from fewer of the force's wards was held in some wards only.
MIN_COVERED_SHARE = 0.5
_NEARBY = ("lsoa_code", "beat_code", "ward", "parish")
_COVERED = ("ward", "beat_code", "team_name")


def within_reach(population: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """Return whether each point of the population is within the reach of the survey.

    Parameters
    ----------
    population
        With `easting`, `northing` and columns of area codes.
    answers
        With the same columns; the coordinates are missing where an answer only names an area.
    """
    return (_is_near(population, answers) & _is_covered(population, answers)).rename("within_reach")


def reached_areas(population: pd.DataFrame, answers: pd.DataFrame, column: str) -> frozenset[str]:
    """Return the codes of the areas in which most people are within the reach of the survey, or that have answers."""
    people = population.assign(reached=population["people"].where(within_reach(population, answers), 0.0))
    sums = people.groupby(column)[["people", "reached"]].sum()
    mostly = sums.index[sums["reached"] > sums["people"] / 2]
    return frozenset(mostly.astype("str")) | frozenset(answers[column].dropna().astype("str").unique())


def _is_near(population: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """Return whether there is an answer within `REACH_M`, or from the same small area (else the same team)."""
    columns = [name for name in _NEARBY if _has_codes(population, answers, name)] or ["team_name"]
    near = pd.Series(False, index=population.index)
    for name in columns:
        near |= population[name].isin(answers[name].dropna().unique())
    located = answers[["easting", "northing"]].dropna().drop_duplicates().to_numpy(float)
    if len(located) and len(population):
        distance, _ = cKDTree(located).query(population[["easting", "northing"]].to_numpy(float))
        near |= np.asarray(distance) <= REACH_M
    return near


def _is_covered(population: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """Return whether each point is in a ward (else a beat or team) of the survey; all are if it covers most of them."""
    column = next((name for name in _COVERED if _has_codes(population, answers, name)), None)
    if column is None:
        return pd.Series(True, index=population.index)
    covered = population[column].isin(answers[column].dropna().unique())
    known = population[column].dropna().unique()
    share = population.loc[covered, column].nunique() / max(len(known), 1)
    return covered | population[column].isna() | (share >= MIN_COVERED_SHARE)


def _has_codes(population: pd.DataFrame, answers: pd.DataFrame, column: str) -> bool:
    """Return whether both tables have codes in a column."""
    return all(column in table and bool(table[column].notna().any()) for table in (population, answers))
