"""Check texts that were written for the public: published as written, or withheld.

Of the texts that staff and partners enter, only the column `public_text` is ever published; actions, outcomes and
answers written for colleagues never are. Even a public text is withheld if it contains a digit, a number in words up
to four, the word postcode, an @, the mark of personal data that was removed, or a title with a name, because it may
identify somebody. Names and addresses without these are not recognised: the author is responsible for the rest.
"""

import re
import unicodedata

import pandas as pd

from hotspots.privacy import personal_details
from hotspots.reporting import formatting

MAX_LENGTH = 200
WHY_WITHHELD = "a number, an e-mail address, a postcode or a title with a name"
_IDENTIFYING = re.compile(
    rf"\d|@|\[removed\]|\b(?:one|two|three|four|single|lone|sole|pair|couple|postcode)\b|\b(?:{personal_details.TITLES}|{personal_details.RANKS})\b\.?\s+(?-i:[A-Z])",
    re.IGNORECASE,
)


def is_withheld(text: object) -> bool:
    """Return whether a text for the public must not be published.

    Examples
    --------
    >>> [is_withheld(text) for text in ("Fined two youths", "Cleared at 14 Mill Lane", "The lamps are lit again")]
    [True, True, False]
    >>> [is_withheld(text) for text in ("Fined a pair of youths", "Fined ② youths", "Flat ½, Mill Lane")]
    [True, True, True]
    """
    return bool(_IDENTIFYING.search(unicodedata.normalize("NFKC", formatting.clean(text))))


def to_publish(text: object) -> str:
    """Return a sentence as it may be published; empty if there is none or it is withheld.

    Examples
    --------
    >>> to_publish("The lamps are lit again")
    'The lamps are lit again.'
    """
    sentence = formatting.clean(text, MAX_LENGTH)
    if not sentence or is_withheld(text):
        return ""
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def count_withheld(texts: pd.Series) -> int:
    """Return how many texts for the public are withheld."""
    return sum(is_withheld(text) for text in texts)
