"""Counts of survey respondents, by area and near places; each respondent counts once."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots import categories, surveys


def tabulate_respondents(concerns: pd.DataFrame, areas: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return one row for each respondent and place, with `is_<family>` for the families that they named.

    Several answers of a respondent from one place make one row, which combines the issues they named.

    Parameters
    ----------
    concerns
        `tables.CONCERNS` with `easting` and `northing`, missing where there is no point.
    areas
        Columns of area codes to keep.
    """
    rows = concerns[["easting", "northing", *areas]].assign(respondent=surveys.respondents_of(concerns))
    about = {f"is_{family}": categories.is_about(concerns["issue"], family) for family in categories.FAMILIES}
    keys = list(rows.columns)
    rows = rows.assign(**about).sort_values(keys, kind="stable")
    return rows.groupby(keys, dropna=False, sort=True)[list(about)].any().reset_index()


def count_by_area(answers: pd.DataFrame, area: str) -> pd.DataFrame:
    """Return the respondents of each area as `answers`, and those who named a family as `worried_<family>`.

    Parameters
    ----------
    answers
        As returned by `tabulate_respondents`.
    area
        Column of area codes.
    """
    flags = [f"is_{family}" for family in categories.FAMILIES]
    by_respondent = answers.dropna(subset=[area]).groupby([area, "respondent"])[flags].any()
    worried = by_respondent.groupby(level=0)[flags].sum().rename(columns=lambda name: name.replace("is_", "worried_"))
    return worried.assign(answers=by_respondent.groupby(level=0).size()).astype("int64")


def count_near_places(
    answers: pd.DataFrame, near: tuple[NDArray[np.int64], NDArray[np.int64]], places: int, family: str
) -> NDArray[np.int64]:
    """Return the respondents near each place, and those of them who named the family: one column each.

    Parameters
    ----------
    answers
        As returned by `tabulate_respondents`.
    near
        Pairs of place and answer, by position.
    places
        Number of places.
    family
        `asb` or `burglary`.
    """
    place, answer = near
    respondent = pd.factorize(answers["respondent"])[0][answer]
    code = place.astype(np.int64) * (len(answers) + 1) + respondent
    is_about = answers[f"is_{family}"].to_numpy()[answer]
    found = [np.unique(code[rows]) // (len(answers) + 1) for rows in (slice(None), is_about)]
    return np.column_stack([np.bincount(numbers, minlength=places) for numbers in found])
