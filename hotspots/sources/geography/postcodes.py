"""Read Code-Point Open (ten columns, no header), and recognise postcodes in text."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import shapely

from hotspots import tables
from hotspots.sources.file_formats import csv_files, csv_layout, file_content

COLUMNS = (
    "postcode", "quality", "easting", "northing", "country", "nhs_ha_region", "nhs_ha", "county", "district", "ward",
)  # fmt: skip
USED = ["postcode", "easting", "northing", "district"]
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}")
# Areas of one letter have no district that begins with 0.
_OUTWARD = re.compile(r"(?:[A-Z][1-9]|[A-Z]{2}\d)[A-HJ-NP-Z\d]?")
_INWARD = re.compile(r"\d[A-Z]{2}")
_INSIDE = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})(?![A-Z0-9])")
_SECTOR = re.compile(r"([A-Z0-9]{2,4}) ([0-9OI])[A-Z]?")
# Postcode areas of the United Kingdom and the islands, to choose between two corrections of a typing error.
_AREA_CODES = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
AREAS = frozenset(_AREA_CODES.split())
_MARKS = re.compile(r"[^A-Z0-9]+")
# Often typed for one another; no district has an O or an I after its digit.
_TO_DIGIT, _TO_LETTER = str.maketrans("OI", "01"), str.maketrans("01", "OI")


def is_code_point(path: Path) -> bool:
    """Return whether the first line has a postcode, its quality, an easting and a northing."""
    head = file_content.read_head(path, 1_000).partition(b"\n")[0].decode("utf-8", errors="replace")
    cells = next(csv.reader(io.StringIO(head, newline="")), [])
    return len(cells) == len(COLUMNS) and bool(_POSTCODE.fullmatch(cells[0])) and all(c.isdigit() for c in cells[1:4])


def read_code_point(path: Path) -> pd.DataFrame:
    """Read postcode units with `easting` and `northing` (metres, EPSG:27700) and district code, indexed by `unit`.

    Units without a location (quality 90, at 0, 0) are left out.
    """
    table, _ = csv_files.read_csv(path, csv_layout.Layout(list(COLUMNS)), USED, floats=USED[1:3])
    frame = table.to_pandas()
    frame[["easting", "northing"]] = frame[["easting", "northing"]].apply(pd.to_numeric, errors="coerce")
    frame = frame[(frame["easting"] > 0) & (frame["northing"] > 0)]
    # This file is always well formed, and it is large.
    tight = frame["postcode"].str.replace(" ", "", regex=False)
    return frame.assign(unit=tight.str[:-3] + " " + tight.str[-3:]).set_index("unit")[USED[1:]]


def postcodes_inside(units: pd.DataFrame | None, outline: shapely.Geometry) -> pd.DataFrame:
    """Return the postcode units of a force (`tables.POSTCODES`), none without Code-Point Open."""
    if units is None:
        return tables.empty(tables.POSTCODES)
    shapely.prepare(outline)
    inside = units[shapely.contains_xy(outline, units["easting"], units["northing"])]
    named = inside.rename(columns={"district": "district_code"}).rename_axis("postcode").reset_index()
    named = named.drop_duplicates("postcode").sort_values("postcode", ignore_index=True)
    return tables.conform(named.astype({"postcode": "str", "district_code": "str"}), tables.POSTCODES)


def unit_of(postcodes: pd.Series) -> pd.Series:
    """Return postcodes in one spelling, "SN1 1AE"; NA where a text has none.

    Case, blanks and punctuation do not matter. O for 0 and I for 1, and the reverse, are corrected where only one of
    the two is possible. A longer text may contain one postcode; one that contains several gives NA.

    Examples
    --------
    >>> unit_of(pd.Series(["sn11ae", " SN1  1AE", "SNI IAE", "Swindon SN1 1AE", "SN1", None])).tolist()
    ['SN1 1AE', 'SN1 1AE', 'SN1 1AE', 'SN1 1AE', nan, nan]
    """
    return _each(postcodes, _unit)


def sector_of(postcodes: pd.Series) -> pd.Series:
    """Return postcode sectors, "SN1 1", of units, sectors and shortened units; NA where a text has none.

    "SN11" without a blank is the district SN11, not the sector SN1 1.
    """
    return _each(postcodes, _sector)


def _each(postcodes: pd.Series, read: Callable[[str], str | None]) -> pd.Series:
    """Read each distinct text once."""
    texts = postcodes.astype("str")
    known = {text: read(text) for text in texts.dropna().unique()}
    return texts.map(known).astype("str")


def _unit(text: str) -> str | None:
    """Return the unit that a text is, or the only one in it."""
    spaced = _MARKS.sub(" ", text.upper()).strip()
    tight = spaced.replace(" ", "")
    if 5 <= len(tight) <= 7:
        return _spelt(tight[:-3], tight[-3:])
    inside = {_spelt(*pair) for pair in _INSIDE.findall(spaced)} - {None}
    return inside.pop() if len(inside) == 1 else None


def _sector(text: str) -> str | None:
    """Return the sector of a unit, of "SN1 1", or of "SN1 1A", a shortened unit."""
    unit = _unit(text)
    if unit:
        return unit[:-2]
    given = _SECTOR.fullmatch(_MARKS.sub(" ", text.upper()).strip())
    whole = _spelt(given[1], f"{given[2]}AA") if given else None
    return whole[:-2] if whole else None


def _spelt(outward: str, inward: str) -> str | None:
    """Return a unit of its two halves, each character corrected to a letter or a digit; None where neither fits."""
    inward = inward[0].translate(_TO_DIGIT) + inward[1:].translate(_TO_LETTER)
    spellings = [outward[:n].translate(_TO_LETTER) + outward[n:].translate(_TO_DIGIT) for n in (1, 2)]
    possible = [each for each in (outward, *spellings) if _OUTWARD.fullmatch(each)]
    meant = min(possible, key=lambda each: (_area(each) not in AREAS, _changes(each, outward)), default="")
    return f"{meant} {inward}" if meant and _INWARD.fullmatch(inward) else None


def _area(outward: str) -> str:
    return outward[: 1 + outward[1].isalpha()]


def _changes(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
