"""Who answered from where: answers of a survey, each resident once, with the families that they name."""

import numpy as np
import pandas as pd

from hotspots import categories, respondents


def answers_of(concerns: pd.DataFrame, areas: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row a respondent and place: `respondent`, `easting`, `northing`, the area columns and `is_<family>`.

    Somebody who answers twice from one place counts once; what either answer names counts.

    Parameters
    ----------
    concerns
        `tables.CONCERNS` with `easting` and `northing`, missing where there is no point.
    areas
        Columns of area codes to keep.
    """
    rows = concerns[["easting", "northing", *areas]].assign(respondent=respondents.respondents_of(concerns))
    about = {f"is_{family}": categories.is_about(concerns["issue"], family) for family in categories.FAMILIES}
    keys = list(rows.columns)
    rows = rows.assign(**about).sort_values(keys, kind="stable")
    return rows.groupby(keys, dropna=False, sort=True)[list(about)].any().reset_index()


def count_by(answers: pd.DataFrame, area: str) -> pd.DataFrame:
    """Respondents of each area of a column: `answers`, and `worried_<family>`."""
    flags = [f"is_{family}" for family in categories.FAMILIES]
    once = answers.dropna(subset=[area]).groupby([area, "respondent"])[flags].any()
    counted = once.groupby(level=0)[flags].sum().rename(columns=lambda name: name.replace("is_", "worried_"))
    return counted.assign(answers=once.groupby(level=0).size()).astype("int64")


def count_near(answers: pd.DataFrame, near: tuple[np.ndarray, np.ndarray], places: int, family: str) -> np.ndarray:
    """Respondents near each place, and those of them who name the family: one column each.

    Parameters
    ----------
    answers
        As `answers_of` gives them.
    near
        Pairs of place and answer, by position.
    places
        How many places there are.
    """
    place, answer = near
    who = pd.factorize(answers["respondent"])[0][answer]
    code = place.astype(np.int64) * (len(answers) + 1) + who
    is_about = answers[f"is_{family}"].to_numpy()[answer]
    found = [np.unique(code[rows]) // (len(answers) + 1) for rows in (slice(None), is_about)]
    return np.column_stack([np.bincount(numbers, minlength=places) for numbers in found])
