"""Classify incidents by type, subtype or Home Office code into our categories and subcategories.

The force's own settings come first, then the codes of reference/burglary_codes.csv, the NSIR headings of
reference/asb_types.csv and the names of data.police.uk's types; case, punctuation and plurals do not matter. A type
that none of them has is `unrecognised`: it is kept and counted, but never scored.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from hotspots import categories, hashing, reference

# Words for records that result from police activity.
_GENERATED = (
    "stop and search", "stop search", "proactive", "pro active", "police generated", "police initiated",
    "officer initiated", "officer generated", "self initiated", "self generated",
)  # fmt: skip
_NEGATED = re.compile(r"\b(non|not|un)\b")
_CODE = re.compile(r"0{0,2}(28[A-H]|29A|29|30[A-D]|31A|31)(?:/\d{1,3})?", re.IGNORECASE)
_NOT_BURGLARY = ("going equipped", "equipped", "alarm", "prevention", "patrol", "advice", "crime prevention")
_NOT_ASB = ("breach", "order", "injunction", "closure")


def plain(text: str) -> str:
    """Return a text in small letters without punctuation and plurals.

    Examples
    --------
    >>> plain("ASB - Rowdy/Nuisance Neighbours")
    'asb rowdy nuisance neighbour'
    """
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("’", "").replace("&", " and "))
    return " ".join(_singular(word) for word in words)


def code_of(text: str, *, has_letter: bool = False) -> str:
    """Return the Home Office code of burglary in a text, in capitals without its subdivision; empty if there is none.

    Parameters
    ----------
    text
        The whole cell.
    has_letter
        Whether a code needs a letter: in a column of types, "29" may be any number.

    Examples
    --------
    >>> code_of("028e/1"), code_of("28E"), code_of("29 burglaries"), code_of("29", has_letter=True)
    ('28E', '28E', '', '')
    """
    found = _CODE.fullmatch(text.strip())
    return found[1].upper() if found and not (has_letter and found[1].isdigit()) else ""


def classify(
    parts: pd.DataFrame, own_categories: Mapping[str, str], own_subcategories: Mapping[str, str]
) -> pd.DataFrame:
    """Return category and subcategory of each row.

    Parameters
    ----------
    parts
        `type`, and `subtype` and `offence_code` where the export has them: text, NA where missing.
    own_categories, own_subcategories
        From the settings: the export's words to ours.

    Returns
    -------
    DataFrame
        `category`, `unrecognised` where nothing matches; `subcategory`, the subtype as it is where no rule has a better
        one.
    """
    kinds = {plain(text): code for text, code in own_categories.items()}
    subtypes = {plain(text): code for text, code in own_subcategories.items()}
    columns = [_column(parts, name) for name in ("type", "subtype", "offence_code")]

    def classify_row(type_: str, subtype: str, code: str) -> tuple[str, str]:
        category = _category(type_, subtype, code, kinds)
        return category, _subcategory(category, type_, subtype, code, subtypes)

    found = apply_once(columns, classify_row)
    texts = [np.array([pair[at] for pair in found[1]], dtype=object)[found[0]] for at in (0, 1)]
    frame = pd.DataFrame({"category": texts[0], "subcategory": texts[1]}, index=parts.index, dtype="str")
    return frame.assign(subcategory=frame["subcategory"].where(frame["subcategory"] != ""))


def subcategories() -> frozenset[str]:
    """Return the known subcategories: kinds of burglary and types of ASB."""
    codes = {row["subcategory"] for row in reference.rows("burglary_codes")}
    return frozenset(codes | {row["code"] for row in reference.rows("asb_types")})


def hash_types(parts: pd.DataFrame, kinds: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a hash of each row's type: the words of type and subtype in the export, and what they are classified as.

    Parameters
    ----------
    parts, kinds
        As given to and returned by `classify`.
    """
    hashes = np.zeros(len(parts), np.uint64)
    for column in (_column(parts, "type"), _column(parts, "subtype"), kinds["category"], kinds["subcategory"]):
        codes, texts = pd.factorize(column)
        known = hashing.of_text(pa.array([plain(text) for text in texts], pa.string()))
        hashes = hashing.mix(hashes, np.append(known, np.uint64(0))[codes])
    return hashes


def is_police_generated(parts: pd.DataFrame, category: pd.Series, values: Iterable[str] = ()) -> pd.Series:
    """Return whether each record results from police activity, so that it must not influence where patrols go.

    Parameters
    ----------
    parts
        `type`, `subtype` and `origin`, where the export has them.
    category
        Of each row; those in `categories.POLICE_GENERATED` always are.
    values
        Further values of `origin` for such records.
    """
    named = {plain(value) for value in values}
    columns = [_column(parts, name) for name in ("type", "subtype", "origin")]
    rows, found = apply_once(columns, lambda type_, subtype, origin: plain(origin) in named or any(
        _mentions_police_activity(text) for text in (type_, subtype, origin)
    ))  # fmt: skip
    by_words = np.array(found, dtype=bool)[rows]
    return pd.Series(by_words | category.isin(categories.POLICE_GENERATED).to_numpy(), index=parts.index, dtype=bool)


def asb_type_of(text: str) -> str:
    """Return the NSIR type (code of reference/asb_types.csv) in a text; empty where there is none.

    Examples
    --------
    >>> asb_type_of("ASB - Rowdy or inconsiderate"), asb_type_of("Nuisance: vehicles"), asb_type_of("Personal")
    ('rowdy_inconsiderate', 'vehicle_nuisance', '')
    """
    words = plain(text).split()
    best, most = "", 0
    for code, alternatives in _asb_words():
        for needed in alternatives:
            has_all = all(any(_matches(word, stem) for word in words) for stem in needed)
            if has_all and len(needed) > most:
                best, most = code, len(needed)
    return best


def burglary_kind_of(text: str) -> str:
    """Return the kind of burglary in a text; empty where there is none.

    Examples
    --------
    >>> burglary_kind_of("Burglary - Residential - of a home"), burglary_kind_of("Burglary other than in a dwelling")
    ('residential_home', 'business_community')
    """
    words = plain(text)
    if "unconnected" in words or re.search(r"\b(shed|garage|outbuilding)\b", words):
        return "residential_unconnected"
    if re.search(
        r"\bbusines|\bcommunity\b|\bcommercial\b|\bnon (residential|dwelling)\b|\bother than\b.*\bdwelling\b", words
    ):
        return "business_community"
    if re.search(r"\b(home|dwelling)\b", words):
        return "residential_home"
    return "residential" if "residential" in words else ""


def apply_once(columns: list[pd.Series], rule: Callable[..., object]) -> tuple[np.ndarray, list[Any]]:
    """Apply a rule to each distinct combination of texts: the number of each row's combination, and the results."""
    texts = pd.concat([column.fillna("").astype("str") for column in columns], axis="columns", keys=range(len(columns)))
    rows = texts.groupby(list(texts.columns), sort=False).ngroup().to_numpy()
    return rows, [rule(*combination) for combination in texts.drop_duplicates().itertuples(index=False, name=None)]


def _category(type_: str, subtype: str, code: str, own: Mapping[str, str]) -> str:
    """Return the category by the settings, a code or the words, in this order."""
    for text in (type_, subtype, code):
        if text and plain(text) in own:
            return own[plain(text)]
    if _code_among(type_, subtype, code):
        return "burglary"
    for text in (type_, subtype):
        known = _names().get(plain(text)) or _category_by_words(plain(text))
        if known:
            return known
    return "unrecognised"


def _code_among(type_: str, subtype: str, code: str) -> str:
    """Return the code of burglary in a row, from the column of codes first."""
    return code_of(code) or code_of(type_, has_letter=True) or code_of(subtype, has_letter=True)


def _category_by_words(words: str) -> str:
    """Return ASB or burglary where the words name it."""
    if re.search(r"\bburglary\b", words) and not any(word in words for word in _NOT_BURGLARY):
        return "burglary"
    if re.search(r"\b(asb|anti social|antisocial)\b", words) and not any(word in words.split() for word in _NOT_ASB):
        return "asb"
    return ""


def _subcategory(category: str, type_: str, subtype: str, code: str, own: Mapping[str, str]) -> str:
    """Return the subcategory of a row."""
    for text in (subtype, type_, code):
        if text and plain(text) in own:
            return own[plain(text)]
    if category == "burglary":
        by_code = _burglary_codes().get(_code_among(type_, subtype, code), "")
        by_words = burglary_kind_of(subtype) or burglary_kind_of(type_)
        # The codes of 2017 to 2023 do not distinguish homes from sheds, but the words may.
        return by_words if by_words and by_code in ("", "residential") else by_code or subtype
    if category == "asb":
        return asb_type_of(subtype) or asb_type_of(type_) or subtype
    return subtype


def _mentions_police_activity(text: str) -> bool:
    """Return whether the words of a text show that the record results from police activity."""
    words = f" {plain(text)} "
    return any(f" {plain(phrase)} " in words for phrase in _GENERATED) and not _NEGATED.search(words)


def _matches(word: str, stem: str) -> bool:
    """Return whether a word equals the stem, or begins with it where it ends with a star."""
    return word.startswith(stem[:-1]) if stem.endswith("*") else word == stem


@lru_cache
def _names() -> dict[str, str]:
    """Return the names of data.police.uk's types and the NSIR headings, in plain words."""
    names = {plain(name): code for name, code in categories.POLICE_UK.items()}
    return names | {plain(row["label"]): "asb" for row in reference.rows("asb_types")}


@lru_cache
def _asb_words() -> list[tuple[str, list[list[str]]]]:
    """Return the alternatives for each NSIR type, and the words (or beginnings) that each alternative needs."""
    return [(row["code"], [words.split() for words in row["words"].split(";")]) for row in reference.rows("asb_types")]


@lru_cache
def _burglary_codes() -> dict[str, str]:
    return {row["ho_code"]: row["subcategory"] for row in reference.rows("burglary_codes")}


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _column(parts: pd.DataFrame, name: str) -> pd.Series:
    return parts[name] if name in parts.columns else pd.Series("", index=parts.index, dtype="str")
