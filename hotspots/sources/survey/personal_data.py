"""Personal data in a survey: which columns hold it, by heading and by content, and the hash that stands for a person.

Nothing of it is ever stored. Columns are named by their headings, cells only counted.
"""

import hashlib
import hmac
import re

import pandas as pd

from hotspots.sources.force_export import column_guesses

LEAST_SHARE = 0.2  # of the cells given: then a column is one of such cells, whatever its heading says
LEAST_NAMES, NAME_SHARE, DIFFERENT_SHARE = 5, 0.6, 0.5

# What a heading says, by words and by phrases; the first kind that fits counts.
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
    "what residents are": frozenset({
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
# What forms write, or people type, in place of a contact: it joins nobody's answers.
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
    """The columns that hold personal data, and what of it, in the order of the file.

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
    """What personal data a heading announces; empty for none."""
    plain = column_guesses.plain_words(heading)
    if _NO_PEOPLE.search(plain):
        return ""
    padded = f" {plain} "
    return next((kind for kind, said in _HEADINGS.items() if any(f" {each} " in padded for each in said)), "")


def kind_of_content(values: pd.Series) -> str:
    """What personal data a fair share of the cells given hold; empty for none."""
    given = values.dropna().astype("str")
    for kind, pattern in _CONTENTS.items():
        if len(given) and float(given.str.contains(pattern).mean()) >= LEAST_SHARE:
            return kind
    return "names" if _are_names(given) else ""


def holds_contact(texts: pd.Series) -> pd.Series:
    """Whether each text holds an e-mail address or a telephone number."""
    mail, telephone = _CONTENTS["e-mail addresses"], _CONTENTS["telephone numbers"]
    given = texts.fillna("").tolist()
    holds = [("@" in text and bool(mail.search(text))) or bool(telephone.search(text)) for text in given]
    return pd.Series(holds, index=texts.index, name="holds_contact", dtype=bool)


def respondents(contacts: pd.DataFrame, key: bytes) -> pd.Series:
    """A keyed hash for each respondent who gave a contact, NA for the others.

    Of several contacts the first one given counts; case, blanks, and +44 for 0 do not matter, and "anonymous" or "n/a"
    is none. Without the key nobody
    can tell whose hash it is, not even by trying every telephone number there is.

    Parameters
    ----------
    contacts
        A column for each kind of contact, the most telling first: text, missing where not given.
    key
        The force's own secret.
    """
    texts = pd.Series(pd.NA, index=contacts.index, dtype="str")
    for name in contacts.columns:
        given = contacts[name].astype("str")
        texts = texts.fillna(given.mask(given.str.strip().str.casefold().str.fullmatch(_NOBODY).fillna(False)))
    known = {text: hash_of(_plain_contact(text), key) for text in texts.dropna().unique()}
    return texts.map(known).astype("str").rename("respondent_id")


def hash_of(text: str, key: bytes) -> str:
    """Sixteen signs that stand for a text, and that nobody without the key can make."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def _plain_contact(text: str) -> str:
    """A contact in one spelling."""
    text = text.strip().casefold()
    figures = re.sub(r"[\s()+.-]", "", text)
    if figures.isdigit():
        return f"0{figures[2:]}" if len(figures) == 12 and figures.startswith("44") else figures
    return " ".join(text.split())


def _are_names(given: pd.Series) -> bool:
    """Whether most cells look like people's names, and are not the same few again and again."""
    if len(given) < LEAST_NAMES:
        return False
    if float(given.str.contains(_TITLED).mean()) >= LEAST_SHARE:
        return True
    shaped = given.str.contains(_NAME) & ~given.str.contains(_PLACE_WORDS)
    return float(shaped.mean()) >= NAME_SHARE and given.nunique() / len(given) >= DIFFERENT_SHARE
