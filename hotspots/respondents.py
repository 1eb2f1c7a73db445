"""Who gave an answer, as far as a survey tells: what every count of residents rests on."""

import pandas as pd


def respondents_of(concerns: pd.DataFrame) -> pd.Series:
    """Who said each row: the respondent where the survey tells, else the answer itself."""
    answer = concerns["concern_id"].str.replace(r"-[^-]*$", "", regex=True)
    return concerns["respondent_id"].astype("str").fillna(answer).rename("respondent")
