"""Which letters a printed sheet can show, and with which font.

Every reader of PDF has Helvetica with Western European letters, so nothing is embedded for them. Letters beyond (a
Welsh ŵ, Polish, Turkish, Greek, Cyrillic) come from Arimo, whose letters are as wide as Helvetica's; only those that a
sheet shows are embedded. The font is read as a file from the installed package that ships it; the package itself is not
imported.
"""

import unicodedata
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from hotspots.errors import HotspotsError
from hotspots.reporting import formatting

ENCODING = "cp1252"
_PACKAGE, _FILE = "fontpkg-arimo", "fontpkg_arimo/files/Arimo[wght].ttf"


@lru_cache(maxsize=8192)
def shown(text: str) -> str:
    """The text on one line in letters that a sheet can show; letters in a row that none stands for are one "?".

    Notes
    -----
    Scripts that run from right to left are not set here: their letters would stand in the wrong order.

    Examples
    --------
    >>> shown("Tŷ Gŵyr – £5"), shown("Łódź, Şanlıurfa"), shown("👮 شارع")
    ('Tŷ Gŵyr – £5', 'Łódź, Şanlıurfa', '? ?')
    """
    whole = unicodedata.normalize("NFC", formatting.clean(text, 2_000))
    return " ".join("".join(_letters(word)) for word in whole.split())


def is_plain(text: str) -> bool:
    """Whether Helvetica as every reader has it shows the text.

    Examples
    --------
    >>> is_plain("Café – £5"), is_plain("Tŷ")
    (True, False)
    """
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def width(text: str) -> float:
    """Width of a text in Arimo at a size of one."""
    return sum(_widths().get(ord(letter), 0.0) for letter in text)


@lru_cache
def font_file() -> Path:
    """Arimo, its regular weight.

    Raises
    ------
    HotspotsError
        The package, or its file, is not installed.
    """
    try:
        listed = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        listed = []
    for entry in listed:
        if entry.as_posix() == _FILE and (path := Path(str(entry.locate()))).is_file():
            return path
    raise HotspotsError(
        f"A name on a sheet has letters that need the font Arimo, which the package '{_PACKAGE}' ships, and it is not "
        f"installed. Install the project again, or: python -m pip install {_PACKAGE}"
    )


def _letters(word: str) -> list[str]:
    """What stands for each letter of a word."""
    found: list[str] = []
    for letter in word:
        if is_plain(letter) or _in_font(letter):
            found.append(letter)
        elif base := _base(letter):
            found.append(base)
        elif unicodedata.category(letter) not in ("Mn", "Me", "Cf") and found[-1:] != ["?"]:
            found.append("?")
    return found


def _base(letter: str) -> str:
    """The letter without its marks, or the plain letters that it is made of; empty where a sheet cannot show them."""
    parts = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in parts if not unicodedata.combining(part))
    return base if base and all(is_plain(part) or _in_font(part) for part in base) else ""


def _in_font(letter: str) -> bool:
    """Whether Arimo has the letter or sign, and it stands by itself and runs from left to right."""
    is_apart = unicodedata.category(letter)[0] in "LNPS" and unicodedata.bidirectional(letter) not in ("R", "AL")
    return is_apart and ord(letter) in _widths()


@lru_cache
def _widths() -> dict[int, float]:
    """Width of each sign of the font at a size of one."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file(), lazy=True) as font:
        size, advances = font["head"].unitsPerEm, font["hmtx"].metrics
        return {sign: advances[name][0] / size for sign, name in font.getBestCmap().items()}
