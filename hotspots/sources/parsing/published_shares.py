"""Read shares and numbers of respondents as surveys publish them: 0.62, 62, "62 %", and suppressed figures."""

import re

import numpy as np
import pandas as pd

_SIGN = re.compile(r"%|\bper ?cent\b|\bpc\b")
_SUPPRESSED = re.compile(
    r"\*+|[<≤]\s?\d+\s?%?|(?:under|fewer than|less than) \d+|n ?/ ?a|n\.a\.?|n\.k\.?|-+|–|—|\.{2,}|\[?[cuxz:]\]?|"
    r"\[?(?:suppressed|withheld|low base|base too (?:low|small)|too few.*)\]?|"
    r"not (?:available|applicable|published|asked)"
)


def is_suppressed(texts: pd.Series) -> pd.Series:
    """Return whether each cell marks a figure that was not published: "*", "<5", "n/a", "[c]".

    Examples
    --------
    >>> is_suppressed(pd.Series(["*", "<5", "N/A", "0.62", None])).tolist()
    [True, True, True, False, False]
    """
    return texts.str.strip().str.casefold().str.fullmatch(_SUPPRESSED).fillna(False).astype(bool)


def read_shares(texts: pd.Series, questions: pd.Series) -> pd.Series:
    """Read shares from 0 to 1; missing where a cell is not a number or is out of range.

    A cell with a percent sign is a percentage, and so is a number above 1. Any other number may be either: it is a
    share if the table has no percentages, otherwise whichever is closer to the other answers to the question.

    Parameters
    ----------
    texts
        Cells.
    questions
        Question of each cell.

    Examples
    --------
    >>> read_shares(pd.Series(["62", "0.58", "61.5 %", "0.9%", "140"]), pd.Series(["Good job"] * 5)).tolist()
    [0.62, 0.58, 0.615, 0.009, nan]
    """
    plain = texts.str.casefold().str.strip()
    has_sign = plain.str.contains(_SIGN).fillna(False).astype(bool)
    number = pd.to_numeric(plain.str.replace(_SIGN, "", regex=True).str.strip(), errors="coerce").astype("float64")
    is_certain = has_sign | (number > 1)
    known = (number / 100).where(is_certain & number.between(0, 100))
    if known.notna().any():
        usual = known.groupby(questions.fillna("")).transform("median").fillna(known.median())
        # The midpoint, on a logarithmic scale, between the number as a share and as a percentage.
        is_percent = is_certain | (number / 10 > usual)
    else:
        is_percent = is_certain
    share = number.where(~is_percent, number / 100)
    return share.where(share.between(0, 1)).round(12)


def read_counts(texts: pd.Series) -> pd.Series:
    """Read numbers of respondents, a weighted base rounded; missing where a cell is not a number above 0.

    Examples
    --------
    >>> read_counts(pd.Series(["1,204", "n = 812.4", "0", "many"])).tolist()
    [1204.0, 812.0, nan, nan]
    """
    plain = texts.str.casefold().str.replace(r"^\s*n\s*=|[,\s]", "", regex=True)
    number = pd.to_numeric(plain, errors="coerce").astype("float64").round()
    return number.where(np.isfinite(number) & number.between(1, 1e8))
