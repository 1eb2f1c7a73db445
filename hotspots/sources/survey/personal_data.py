"""Finds columns with personal data in a survey, by heading and by content, and hashes contacts.

Personal data is never stored. Findings name columns by their headings and only count cells.
"""

import hashlib
import hmac
import re

import pandas as pd

from hotspots.sources.parsing import column_scores

MIN_SHARE = 0.2  # of the cells given: then a column holds such data, whatever its heading
MIN_NAMES, NAME_SHARE, DIFFERENT_SHARE = 5, 0.6, 0.5

# Words and phrases of headings; the first kind that fits counts.
_HEADINGS: dict[str, frozenset[str]] = {
    "e-mail addresses": frozenset({"email", "e mail", "mail"}),
    "IP addresses and devices": frozenset({
        "ip", "ip address", "device", "user agent", "browser", "cookie", "mac address",
    }),
    "telephone numbers": frozenset({"phone", "telephone", "mobile", "tel", "landline", "contact number", "whatsapp"}),
    "dates of birth and ages": frozenset({"dob", "birth", "birthday", "age", "age group", "age band", "age range"}),
    "addresses": frozenset({
        "address", "house", "house number", "house name", "flat", "property", "building", "uprn", "line 1", "line 2",
        "line 3", "line1", "line2", "where do you live",
    }),
    "names": frozenset({
        "name", "surname", "forename", "firstname", "lastname", "fullname", "initial", "contact", "username",
        "user", "twitter", "facebook", "respondent name", "submitted by", "completed by",
    }),
    "personal characteristics": frozenset({
        "gender", "sex", "ethnicity", "ethnic", "religion", "faith", "disability", "disabled", "orientation",
        "nationality", "health", "marital", "pregnancy", "language", "employment", "occupation",
    }),
}  # fmt: skip
# Names of things, not of people.
_NO_PEOPLE = re.compile(
    r"\b(street|road|ward|parish|town|village|team|beat|area|place|survey|event|campaign|file|channel|station|district"
    r"|location|council) name\b|\bname of (?:the )?(?:your )?(street|road|ward|parish|town|village|area)\b"
)
_CONTENTS: dict[str, re.Pattern[str]] = {
    "e-mail addresses": re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE),
    "IP addresses and devices": re.compile(r"^(?:\d{1,3}\.){3}\d{1,3}$|^(?:[0-9a-fA-F]{0,4}:){4,7}[0-9a-fA-F]{0,4}$"),
    "telephone numbers": re.compile(r"(?<![\d.])(?:\+?44|0)(?:[\s()-]*\d){9,10}(?!\d)"),
    "dates of birth and ages": re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]19\d\d\b|^19\d\d-\d\d-\d\d\b"),
    "addresses": re.compile(
        r"\b\d+[a-z]?,?\s+(?:[\w'’]+\s+){1,3}(?:street|st|road|rd|lane|avenue|ave|close|drive|way|gardens|terrace|place)\b",
        re.IGNORECASE,
    ),
}  # fmt: skip
_TITLED = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|rev|cllr|prof|sir|lady)\.?\s+[a-z]", re.IGNORECASE)
# Written in place of a contact by forms or respondents; such answers have no respondent.
_NOBODY = re.compile(
    r"anonymous|anon|n ?/?a|none|nil|no|unknown|not (?:given|known|provided|applicable)|no (?:e-?mail|phone)|"
    r"prefer not.*|refused|declined|test|x+|[\W_0]*|(?:no-?reply|do-?not-?reply|anonymous)@.*"
)
_NAME = re.compile(r"^[A-Z][a-zA-Z'’-]+(?:\s+[A-Z]\.?)?(?:\s+[A-Z][a-zA-Z'’-]+){1,2}$")
_PLACE_WORDS = re.compile(
    r"\b(?:street|road|lane|avenue|close|drive|way|gardens|terrace|place|park|rise|row|hill|green|court|crescent|ward"
    r"|upper|lower|north|south|east|west|great|little|town|st|centre|mead|gate)\b",
    re.IGNORECASE,
)


def kinds_of_columns(cells: pd.DataFrame) -> dict[str, str]:
    """Return the columns that hold personal data, and the kind of data, in the order of the file.

    Parameters
    ----------
    cells
        The first rows as text under the file's headings.

    Example
    -------
    >>> kinds_of_columns(pd.DataFrame({"Your name": ["x"], "Reply to": ["a@example.org"], "Ward": ["Eastcott"]}))
    {'Your name': 'names', 'Reply to': 'e-mail addresses'}
    """
    kinds = {heading: kind_of_heading(heading) or kind_of_content(cells[heading]) for heading in cells.columns}
    return {heading: kind for heading, kind in kinds.items() if kind}


def kind_of_heading(heading: str) -> str:
    """Return the kind of personal data that a heading names; empty for none."""
    plain = column_scores.plain_words(heading)
    if _NO_PEOPLE.search(plain):
        return ""
    padded = f" {plain} "
    return next((kind for kind, phrases in _HEADINGS.items() if any(f" {each} " in padded for each in phrases)), "")


def kind_of_content(values: pd.Series) -> str:
    """Return the kind of personal data that many of the cells hold; empty for none."""
    given = values.dropna().astype("str")
    for kind, pattern in _CONTENTS.items():
        if len(given) and float(given.str.contains(pattern).mean()) >= MIN_SHARE:
            return kind
    return "names" if _are_names(given) else ""


def holds_contact(texts: pd.Series) -> pd.Series:
    """Return whether each text contains an e-mail address or a telephone number."""
    mail, telephone = _CONTENTS["e-mail addresses"], _CONTENTS["telephone numbers"]
    given = texts.fillna("").tolist()
    holds = [("@" in text and bool(mail.search(text))) or bool(telephone.search(text)) for text in given]
    return pd.Series(holds, index=texts.index, name="holds_contact", dtype=bool)


def respondents(contacts: pd.DataFrame, key: bytes) -> pd.Series:
    """Return a keyed hash for each respondent who gave a contact, missing for the others.

    The first contact given is used; case, spaces, and +44 for 0 do not matter, and "anonymous" or "n/a" is no contact.
    Without the key a hash cannot be traced to a person, not even by hashing every telephone number.

    Parameters
    ----------
    contacts
        A column for each kind of contact, in order of preference: text, missing where not given.
    key
        The force's secret key.
    """
    texts = pd.Series(pd.NA, index=contacts.index, dtype="str")
    for name in contacts.columns:
        given = contacts[name].astype("str")
        texts = texts.fillna(given.mask(given.str.strip().str.casefold().str.fullmatch(_NOBODY).fillna(False)))
    known = {text: hash_of(_plain_contact(text), key) for text in texts.dropna().unique()}
    return texts.map(known).astype("str").rename("respondent_id")


def hash_of(text: str, key: bytes) -> str:
    """Return a keyed hash of a text, 16 hexadecimal digits (HMAC-SHA256)."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def _plain_contact(text: str) -> str:
    """Return a contact in a standard spelling."""
    text = text.strip().casefold()
    digits = re.sub(r"[\s()+.-]", "", text)
    if digits.isdigit():
        return f"0{digits[2:]}" if len(digits) == 12 and digits.startswith("44") else digits
    return " ".join(text.split())


def _are_names(given: pd.Series) -> bool:
    """Return whether most cells look like names of people, and most of them differ."""
    if len(given) < MIN_NAMES:
        return False
    if float(given.str.contains(_TITLED).mean()) >= MIN_SHARE:
        return True
    is_name = given.str.contains(_NAME) & ~given.str.contains(_PLACE_WORDS)
    return float(is_name.mean()) >= NAME_SHARE and given.nunique() / len(given) >= DIFFERENT_SHARE
