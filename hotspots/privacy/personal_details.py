"""Remove names, contacts and house numbers from texts that staff type.

Titles and ranks show that a name follows; a name alone cannot be recognised, so authors are asked to write none.
"""

import re
from collections.abc import Callable

import pandas as pd

from hotspots.privacy import address_words, street_words

REMOVED, OFFICER = "[removed]", "an officer"
RANKS = "pc|pcso|wpc|sgt|sergeant|insp|inspector|supt|superintendent|constable|cso"
_SHORT_RANKS = "(?-i:CI|DC|DS|DI|DCI|PS|TDC|SC)"
TITLES = "mr|mrs|ms|miss|mx|dr|rev|revd|reverend|cllr|councillor|prof|professor"
# Words of ranks, roles and teams.
_ROLES = (
    "chief|deputy|assistant|superintendent|supt|inspector|insp|sergeant|sgt|constable|pc|pcso|acting|temporary|special|"
    "detective|crime|intelligence|analyst|researcher|planner|coordinator|co-ordinator|officer|manager|lead|head|"
    "commander|neighbourhood|community|safety|partnership|reduction|patrol|response|duty|roads|rural|town|county|parish|"
    "borough|district|force|area|beat|council|warden|team|npt|lpt|lpa|snt|cpt|tasking|tactical|meeting|group|board|clerk"
)
_DAY = r"\d{1,2}([. -])\d{1,2}\1(?:19|20)\d\d\b"
# An e-mail address; a British telephone number, also without its leading zero, as spreadsheets store it.
CONTACT = re.compile(
    r"(?<![^\s@<>,;])[^\s@<>,;]+@[^\s@<>,;]+"
    rf"|(?<![\w-])(?!{_DAY})(?:(?:\+|00)\s?44|\(?0(?=[1-9]))(?:[\s().-]{{0,3}}\d){{9,11}}(?!\d)"
    r"|(?<![\w-])7\d{3}[\s-]?\d{3}[\s-]?\d{3}(?!\d)"
)
# Words that follow a title or rank without being a name.
_NO_NAMES = f"{TITLES}|{RANKS}|" + (
    "and|or|to|on|in|at|of|for|from|with|will|has|have|had|is|was|who|that|the|a|an|team|teams|led|based|per|via|by|as|"
    "visits?|patrols?|surger(?:y|ies)|duty|shift|attend(?:ed|s|ing)?|advised|agreed|asked|spoke|called|reported|decided|"
    "neighbourhood|response|npt|snt|lpt|lpa|cpt|constable|inspector|sergeant|officers?|support|resources?|numbers?|"
    "supervis\\w+|review\\w*|drop|coverage|required|needed|requested|approval|street|road|lane|close|drive|way"
)
_WORD = rf"(?!(?:{_NO_NAMES})\b)[^\W\d_][\w'’-]*\.?"
_NAME_WORD = rf"(?!(?i:{_NO_NAMES})\b)[A-Z][\w'’-]*\.?"
_INITIALS = r"(?:[A-Z]\.?\s?){0,3}"
_NUMBER = r"(?:[A-Z]{0,2}\d{2,6}[A-Z]?\s+)?"
_NAMES = rf"(?-i:{_INITIALS}{_NAME_WORD}(?:\s+(?:and\s+)?{_NAME_WORD}){{0,2}})"
_RANKED = re.compile(
    rf"\b(?:an?\s+|the\s+)?(?:(?:acting|temporary|detective|chief|special|a|t)[\s/]+)*"
    rf"(?:(?:{RANKS}|{_SHORT_RANKS})\b\.?\s+(?:{_NUMBER}{_NAMES}|[A-Z]{{0,2}}\d{{2,6}}[A-Z]?\b)"
    rf"|(?:pc|pcso|sgt|insp)\b\.?\s+{_NUMBER}{_WORD})",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"\b(?:{TITLES})\b\.?\s+(?:(?:and|&)\s+(?:{TITLES})\b\.?\s+)?{_NAMES}"
    rf"|\b(?:mr|mrs|ms|cllr)\b\.?\s+(?:(?:and|&)\s+mrs?\b\.?\s+)?{_WORD}",
    re.IGNORECASE,
)
_COLLAR = re.compile(
    r"\b(?:collar|shoulder|warrant|badge|epaulette)\s*(?:numbers?|no\.?|nos\.?|#)?\s*:?\s*[A-Z]{0,2}\d{2,6}[A-Z]?\b",
    re.IGNORECASE,
)
_KINDS = "|".join(sorted({*street_words.STREETS, "rd", "ave", "ln"}, key=len, reverse=True))
_HOUSE_NUMBER = re.compile(
    r"\b(?:(?:flat|apartment|apt|room|unit|bedsit)\s+\w+\s*,?\s*)?(?:(?:no\.?|number)\s*)?"
    rf"(?<![\d/-])\d{{1,4}}[a-z]?(?:\s?[-/]\s?\d{{1,4}}[a-z]?)?,?\s+(?!(?:at|in|on|of|the|to|from|and|by|near|per)\b)(?=(?:[^\W\d_][\w'’.-]*\s+){{1,4}}(?:{_KINDS}|st)\b)",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:flat|apartment|apt|bedsit|maisonette)\s+(?:\d+\w*(?:[/-]\d+\w*)?|[A-Z]\b(?=\s*,|\s+[A-Z]|$))\s*,?\s*"
    r"|\b(?:ground|first|second|third|fourth|top|upper|lower|basement|\d(?:st|nd|rd|th))[\s-]floor\s+flat\s*,?\s*",
    re.IGNORECASE,
)
# A number behind a word for a place is that of a house, unless a unit or a time follows.
_AT_NUMBER = re.compile(
    r"\b((?:rear|front|side|back)\s+of|r/o|o/s|outside|opposite|opp\.?|behind|next\s+(?:door\s+)?to|adjacent\s+to|beside"
    r"|lives\s+at|address\s+is|address:?|resident\s+(?:of|at)|occup\w+\s+(?:of|at)|tenants?\s+(?:of|at)|home\s+at)\s+"
    r"(?:no\.?\s*|number\s+|nos\.?\s*|house\s+)?\d{1,5}[A-Z]?(?:\s?[-/&]\s?\d{1,5}[A-Z]?)?\b"
    r"(?!\s*(?:-?\s?hour|[:%]|\.\d|am\b|pm\b|hrs?\b|hours?\b|shops?\b|schools?\b|homes?\b|houses?\b|properties\b|metres?\b|m\b|"
    r"pubs?\b|flats?\b|premises\b|stores?\b|and\b))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:(?:house|door)\s+(?:number|no\.?)|(?<=\bat )(?:number|nos?\.?))"
    r"\s?\d{1,5}[A-Z]?(?:\s?[-/&]\s?\d{1,5}[A-Z]?)?\b",
    re.IGNORECASE,
)
# Kinds of buildings that are homes, behind a name; farms, houses and halls are also places that people may name.
_NAMED_HOME = re.compile(
    r"\b(?:[A-Z][\w'’-]*\s+){1,3}(?:Cottages?|Bungalow|Farmhouse|Barn|Almshouses?)\b"
    rf"(?!\s+(?i:{_KINDS}|hospital|homes?)\b)"
    r"|\b(?:The\s+|Old\s+|[A-Z][\w'’-]*\s+){1,3}(?:Rectory|Vicarage|Parsonage|Forge|Coach\s+House)\b(?!\s+[A-Z])"
    r"|\bBwthyn\s+[A-Z][\w'’-]*"
)
_PROPERTY_NUMBER = re.compile(r"\bUPRN\W*\d+|(?<![\d/.-])\d{11,12}(?![\d/.-])", re.IGNORECASE)
_ORGANISATIONS = re.compile(
    r"\b(?:council|trust|housing|homes|association|nhs|services?|ltd|limited|plc|police|school|college|university|"
    r"church|watch|partnership|team|department|dept|company|group|board|agency|authority|rail|railways?|highways|"
    r"england|wales|environment|street|estates?|centre|management|forum|charity|society|club|market|parks?|"
    r"transport|bus|buses|fire|rescue|ambulance|security|hospital|business|retail|licensing|planning|warden|wardens|"
    r"officers?|sergeant|inspector|constable|manager|lead|head|clerk|coordinator|co-ordinator|chair|ranger|youth|"
    r"community|safety|crime|neighbourhood|resident|residents|landlord|owner|tenants|volunteers?|npt|snt|pcso|pc)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[A-Z][a-z'’-]+(?:\s+[A-Z]\.?)?(?:\s+[A-Z][a-zA-Z'’-]+){1,2}|[A-Z]\.?\s?[A-Z][a-z'’-]+")


_SOMEBODY = re.compile(
    r"\b(?:victim|suspect|offender|informant|caller|complainant|occupier|d\.?o\.?b)\b", re.IGNORECASE
)


def remove_details(text: str, *, officer: str = OFFICER) -> str:
    """Return a text without contacts, names that follow a title or rank, collar numbers, and numbers of homes.

    Parameters
    ----------
    text
        What somebody typed.
    officer
        What is written instead of an officer's rank and name.

    Examples
    --------
    >>> remove_details("PC 4417 Jones to visit Mr and Mrs Smith, Flat 2, 12 Mill Lane")
    'an officer to visit [removed], Mill Lane'
    >>> remove_details("Sgt Patel agreed; ring 01632 960123"), remove_details("Sergeant to review on 02-03-2026")
    ('an officer agreed; ring [removed]', 'Sergeant to review on 02-03-2026')
    """
    plain = CONTACT.sub(REMOVED, text)
    plain = _COLLAR.sub(officer, _RANKED.sub(officer, plain))
    return remove_homes(_TITLED.sub(REMOVED, plain))


def remove_homes(text: str) -> str:
    """Return a text without contacts, postcodes and the numbers of houses, flats and properties.

    Examples
    --------
    >>> remove_homes("Flat 2, 12-14 Mill Lane, SP1 3XX"), remove_homes("Lady Bay, 2 wards")
    ('Mill Lane, [removed]', 'Lady Bay, 2 wards')
    """
    plain = CONTACT.sub(REMOVED, text)
    for pattern in (address_words.POSTCODE, address_words.THREE_WORDS, _PROPERTY_NUMBER, _NAMED_HOME):
        plain = pattern.sub(REMOVED, plain)
    plain = _HOUSE_NUMBER.sub("", _HOME.sub("", plain))
    return _NUMBERED.sub(REMOVED, _AT_NUMBER.sub(lambda found: f"{found[1]} {REMOVED}", plain))


def remove_contacts(text: str) -> str:
    """Return a text without e-mail addresses and telephone numbers."""
    return CONTACT.sub(REMOVED, text)


def remove_marked(text: str) -> str:
    """Return a text in which every personal detail is marked as removed, so that it is not published."""
    return remove_details(text, officer=REMOVED)


def apply_to(texts: pd.Series, remove: Callable[[str], str] = remove_details) -> tuple[pd.Series, int]:
    """Remove personal details from texts, and count the texts that had any.

    Examples
    --------
    >>> apply_to(pd.Series(["Ring 01632 960123 or a.b@example.org", "Cleared on 02-03-2026"]))[0].tolist()
    ['Ring [removed] or [removed]', 'Cleared on 02-03-2026']
    """
    plain = [remove(text) if isinstance(text, str) else text for text in texts]
    count = sum(isinstance(text, str) and text != before for text, before in zip(plain, texts, strict=True))
    return pd.Series(plain, index=texts.index, name=texts.name).astype("str"), count


def holds_details(text: str) -> bool:
    """Return whether a text names a person, a contact or a home, so that it cannot be a name of a team or a type.

    Examples
    --------
    >>> [holds_details(text) for text in ("Salisbury Town NPT", "PC Jones", "12 Mill Lane", "SP1 3XX")]
    [False, True, True, True]
    """
    return remove_details(text) != text


def mentions_people(text: str) -> bool:
    """Return whether a text is about somebody, so that it is no name of an area.

    Examples
    --------
    >>> mentions_people("Entered via rear, victim Jo Bloggs"), mentions_people("Salisbury Town NPT")
    (True, False)
    """
    return bool(_SOMEBODY.search(text))


def owner_role(text: str) -> str:
    """Return who owns an action: a name of a person alone becomes "an officer".

    Examples
    --------
    >>> owner_role("Jo Bloggs"), owner_role("Wiltshire Council"), owner_role("Sgt Jo Bloggs, Trowbridge NPT")
    ('an officer', 'Wiltshire Council', 'an officer, Trowbridge NPT')
    """
    plain = remove_details(text)
    is_person = _PERSON.fullmatch(plain.strip()) and not _ORGANISATIONS.search(plain)
    return OFFICER if is_person else plain


def role_of(texts: pd.Series) -> pd.Series:
    """Return the words of each text for a role, a rank or a team; missing where there are none.

    Names of people cannot be recognised, so every other word is left out.

    Examples
    --------
    >>> role_of(pd.Series(["Sgt Jo Bloggs, Trowbridge NPT", "neighbourhood inspector", "Jo"])).tolist()
    ['Sgt NPT', 'neighbourhood inspector', nan]
    """
    found = texts.str.findall(rf"(?i)\b(?:{_ROLES})\b")
    return found.map(lambda words: " ".join(words) if isinstance(words, list) and words else None).astype("str")
