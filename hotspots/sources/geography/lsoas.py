"""Residents and deprivation of lower layer super output areas (LSOAs), and the codes of 2011 that 2021 replaced."""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from hotspots import tables
from hotspots.sources.file_formats import any_format, csv_layout
from hotspots.sources.file_formats.any_format import Reading

KIND = "residents or deprivation of LSOAs"
LOOKUP_KIND = "a look-up of LSOAs of 2011 and 2021"
LOOKUP_COLUMNS = ("LSOA11CD", "LSOA21CD", "CHGIND")
_CODE = re.compile(r"[EW]01\d{6}")
_AREA = re.compile(r"lsoa(code)?(11|21)?(cd|code)?(2011|2021)?")
_PEOPLE = re.compile(r"pop(ulation)?(2\d{3})?|all(ages|persons|people)|totalpopulation.*|residents")
# In order of preference: the index of England alone, then one made for all nations.
_DECILES = (
    re.compile(r"indexofmultipledeprivation.*decile.*"),
    re.compile(r"imd\d*decile|originaldecile"),
    re.compile(r".*decile.*"),
)


def is_lookup(headings: Iterable[str]) -> bool:
    """Return whether a file with these headings is a look-up of LSOAs of 2011 and 2021."""
    return set(LOOKUP_COLUMNS) <= set(headings)


def has_facts(headings: Iterable[str]) -> bool:
    """Return whether a file has a column of LSOA codes and one of residents or deciles."""
    area, people, decile = _columns(headings)
    return bool(area and (people or decile))


def read_successors(path: Path) -> pd.DataFrame:
    """Read which codes of 2021 (`new`) replace each abolished code of 2011 (`old`): several where it was split.

    Raises
    ------
    SourceError
        A needed column is missing, or the file cannot be read.
    """
    codes, _ = any_format.read_cells(path, LOOKUP_COLUMNS, Reading(), LOOKUP_KIND)
    gone = codes[~codes["LSOA11CD"].isin(set(codes["LSOA21CD"]))]
    return gone.rename(columns={"LSOA11CD": "old", "LSOA21CD": "new"})[["old", "new"]].drop_duplicates()


def read_lookup(path: Path) -> dict[str, str | None]:
    """Read the LSOA of 2021 that replaces each abolished one of 2011; None where that was split.

    Raises
    ------
    SourceError
        As `read_successors`.
    """
    parts = read_successors(path).groupby("old")["new"].agg(list)
    return {old: new[0] if len(new) == 1 else None for old, new in parts.items()}


def read_facts(path: Path) -> pd.DataFrame:
    """Read `lsoa_code` with `population` and `imd_decile`, where the file has them.

    Raises
    ------
    SourceError
        The file cannot be read.
    """
    area, people, decile = _columns(csv_layout.first_row_layout(path).headings)
    named = {"lsoa_code": area, "population": people, "imd_decile": decile}
    named = {name: heading for name, heading in named.items() if heading}
    raw, _ = any_format.read_cells(path, named.values(), Reading(), KIND)
    facts = pd.DataFrame({name: raw[heading] for name, heading in named.items()})
    for name in facts.columns[1:]:
        facts[name] = pd.to_numeric(facts[name].str.replace(",", ""), errors="coerce")
    return facts[facts["lsoa_code"].str.fullmatch(_CODE).fillna(False).astype(bool)]


def join_facts(facts: list[pd.DataFrame], successors: pd.DataFrame | None) -> pd.DataFrame:
    """Join all look-ups into one table (`tables.LSOAS`), with codes of 2011 replaced by those of 2021.

    Residents of an LSOA that was split are divided evenly among its parts. Where LSOAs were merged, residents are
    added up and the decile of the most populous part counts.

    Parameters
    ----------
    facts
        From `read_facts`.
    successors
        From `read_successors`; codes that are not in it stay as they are.
    """
    if not facts:
        return tables.empty(tables.LSOAS)
    parts = [part.drop_duplicates("lsoa_code").set_index("lsoa_code") for part in facts]
    joined = pd.concat(parts, axis="columns").T.groupby(level=0).first().T.reindex(columns=["population", "imd_decile"])
    joined = joined.rename_axis("old").reset_index().astype({"population": "float64", "imd_decile": "float64"})
    pairs = pd.DataFrame({"old": [], "new": []}, dtype="str") if successors is None else successors
    current = joined.merge(pairs, on="old", how="left", validate="1:m")
    current["lsoa_code"] = current["new"].fillna(current["old"])
    current["population"] /= current.groupby("old")["old"].transform("size")
    current = current.sort_values(["lsoa_code", "population", "old"], ascending=[True, False, True])
    by_code = current.groupby("lsoa_code", sort=True)
    summed = pd.DataFrame(
        {"population": by_code["population"].sum(min_count=1), "imd_decile": by_code["imd_decile"].first()}
    )
    return tables.conform(summed.reset_index(), tables.LSOAS)


def _columns(headings: Iterable[str]) -> tuple[str, str, str]:
    """Return the headings of the code, the residents and the decile; empty where there is none."""
    plain = {heading: re.sub(r"[^a-z0-9]", "", heading.lower()) for heading in headings}
    area = next((heading for heading, text in plain.items() if _AREA.fullmatch(text)), "")
    people = next((heading for heading, text in plain.items() if _PEOPLE.fullmatch(text)), "")
    found = (heading for pattern in _DECILES for heading, text in plain.items() if pattern.fullmatch(text))
    return area, people, next(found, "")
