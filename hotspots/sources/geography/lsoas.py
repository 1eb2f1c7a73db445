"""Residents and deprivation of lower layer super output areas (LSOAs), from the published look-ups."""

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from hotspots import tables
from hotspots.sources.file_formats import csv_files

KIND = "residents or deprivation of LSOAs"
_CODE = re.compile(r"[EW]01\d{6}")
_AREA = re.compile(r"lsoa(code)?(11|21)?(cd|code)?(2011|2021)?")
_PEOPLE = re.compile(r"pop(ulation)?(2\d{3})?|all(ages|persons|people)|totalpopulation.*|residents")
# The first that fits: the index of England alone, then one made for all nations.
_DECILES = (
    re.compile(r"indexofmultipledeprivation.*decile.*"),
    re.compile(r"imd\d*decile|originaldecile"),
    re.compile(r".*decile.*"),
)


def holds_facts(header: Iterable[str]) -> bool:
    """Whether a file has a column of LSOA codes and one of residents or of deciles."""
    area, people, decile = _columns(header)
    return bool(area and (people or decile))


def read_facts(path: Path) -> pd.DataFrame:
    """`lsoa_code` with `population` and `imd_decile`, as far as the file has them.

    Raises
    ------
    SourceError
        The file cannot be read.
    """
    area, people, decile = _columns(csv_files.read_header(path))
    named = {"lsoa_code": area, "population": people, "imd_decile": decile}
    raw, _ = csv_files.read_text(path, [heading for heading in named.values() if heading])
    facts = pd.DataFrame({name: raw[heading] for name, heading in named.items() if heading})
    for name in facts.columns[1:]:
        facts[name] = pd.to_numeric(facts[name].str.replace(",", ""), errors="coerce")
    return facts[facts["lsoa_code"].str.fullmatch(_CODE).fillna(False).astype(bool)]


def join_facts(facts: list[pd.DataFrame], successors: pd.DataFrame | None) -> pd.DataFrame:
    """All look-ups as one table (`tables.LSOAS`), codes of 2011 brought to those of 2021.

    Residents of an LSOA that was split are dealt out evenly among its parts; where several were merged they are added,
    and the decile of the most populous counts.

    Parameters
    ----------
    facts
        As `read_facts` gives them.
    successors
        `old` and `new` codes, one line each pair; codes not among them stay.
    """
    if not facts:
        return tables.empty(tables.LSOAS)
    parts = [part.drop_duplicates("lsoa_code").set_index("lsoa_code") for part in facts]
    joined = pd.concat(parts, axis="columns").T.groupby(level=0).first().T.reindex(columns=["population", "imd_decile"])
    joined = joined.rename_axis("old").reset_index().astype({"population": "float64", "imd_decile": "float64"})
    pairs = pd.DataFrame({"old": [], "new": []}, dtype="str") if successors is None else successors
    brought = joined.merge(pairs, on="old", how="left", validate="1:m")
    brought["lsoa_code"] = brought["new"].fillna(brought["old"])
    brought["population"] /= brought.groupby("old")["old"].transform("size")
    brought = brought.sort_values(["lsoa_code", "population", "old"], ascending=[True, False, True])
    by_code = brought.groupby("lsoa_code", sort=True)
    summed = pd.DataFrame(
        {"population": by_code["population"].sum(min_count=1), "imd_decile": by_code["imd_decile"].first()}
    )
    return tables.conform(summed.reset_index(), tables.LSOAS)


def _columns(header: Iterable[str]) -> tuple[str, str, str]:
    """Headings of the code, the residents and the decile; empty where there is none."""
    plain = {heading: re.sub(r"[^a-z0-9]", "", heading.lower()) for heading in header}
    area = next((heading for heading, text in plain.items() if _AREA.fullmatch(text)), "")
    people = next((heading for heading, text in plain.items() if _PEOPLE.fullmatch(text)), "")
    found = (heading for pattern in _DECILES for heading, text in plain.items() if pattern.fullmatch(text))
    return area, people, next(found, "")
