"""Words that somebody wrote for the public: published as they stand, or not at all.

Of what people fill in only the column `approved_text` is ever published, never an action, an outcome or an answer as it
was written for colleagues. Even there a sentence with a figure, a number in words up to four, an address or somebody's
title and name is kept back: it may tell of few people, or of one. Whoever fills in the column answers for the rest.
"""

import re
import unicodedata

import pandas as pd

from hotspots.reporting import formatting

LONGEST = 200
WHY_NOT = "holds a figure, an address, a contact or a name"
_TITLES = "mr|mrs|ms|miss|mx|dr|rev|cllr|councillor|pc|pcso|sgt|sergeant|insp|inspector"
_TELLS = re.compile(
    rf"\d|@|\[removed\]|\b(?:one|two|three|four|single|lone|sole|pair|couple|postcode)\b|\b(?:{_TITLES})\b\.?\s+(?-i:[A-Z])",
    re.IGNORECASE,
)


def is_kept_back(text: object) -> bool:
    """Whether words were written for the public that must not be published.

    Examples
    --------
    >>> [is_kept_back(text) for text in ("Fined two youths", "Cleared at 14 Mill Lane", "The lamps are lit again")]
    [True, True, False]
    >>> [is_kept_back(text) for text in ("Fined a pair of youths", "Fined ② youths", "Flat ½, Mill Lane")]
    [True, True, True]
    """
    return bool(_TELLS.search(unicodedata.normalize("NFKC", formatting.clean(text))))


def told(text: object) -> str:
    """A sentence as it may be published; empty where there is none or it must not be.

    Examples
    --------
    >>> told("The lamps are lit again")
    'The lamps are lit again.'
    """
    said = formatting.clean(text, LONGEST)
    if not said or is_kept_back(text):
        return ""
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def number_kept_back(texts: pd.Series) -> int:
    """How many of the texts must not be published."""
    return sum(is_kept_back(text) for text in texts)
