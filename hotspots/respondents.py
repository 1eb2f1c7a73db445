"""Respondents of a survey, by whom residents are counted."""

import pandas as pd


def respondents_of(concerns: pd.DataFrame) -> pd.Series:
    """Return the respondent of each concern, or the answer where the survey does not identify respondents."""
    answer = concerns["concern_id"].str.replace(r"-[^-]*$", "", regex=True)
    return concerns["respondent_id"].astype("str").fillna(answer).rename("respondent")
