"""Fonts of a briefing, and the characters they can show.

Every PDF reader has Helvetica with Western European characters, so these need no embedded font. Other characters
(Welsh ŵ, Polish, Turkish, Greek, Cyrillic) come from Arimo, which has the same widths; only the characters in use are
embedded. The font file is read from the installed package that ships it, without importing the package.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

from hotspots.reporting import formatting, package_files

ENCODING = "cp1252"
_PACKAGE, _FILE = "fontpkg-arimo", "fontpkg_arimo/files/Arimo[wght].ttf"


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """Return the text on one line in characters that can be shown; a run of others becomes one "?".

    Notes
    -----
    Right-to-left scripts are not supported, because their characters would appear in the wrong order.

    Examples
    --------
    >>> printable("Tŷ Gŵyr – £5"), printable("Łódź, Şanlıurfa"), printable("👮 شارع")
    ('Tŷ Gŵyr – £5', 'Łódź, Şanlıurfa', '? ?')
    """
    text = unicodedata.normalize("NFC", formatting.clean(text, 2_000))
    return " ".join("".join(_characters(word)) for word in text.split())


def is_plain(text: str) -> bool:
    """Return whether Helvetica can show the text.

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
    """Return the width of a text in Arimo at size 1."""
    return sum(_widths().get(ord(letter), 0.0) for letter in text)


@lru_cache
def font_file() -> Path:
    """Return the path of Arimo in regular weight.

    Raises
    ------
    HotspotsError
        The package, or its file, is not installed.
    """
    return package_files.installed_file(_PACKAGE, _FILE, "A name in a briefing needs the font Arimo")


def _characters(word: str) -> list[str]:
    """Return the character to show for each character of a word."""
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
    """Return a letter without its marks, or its component letters; empty if they cannot be shown."""
    parts = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in parts if not unicodedata.combining(part))
    return base if base and all(is_plain(part) or _in_font(part) for part in base) else ""


def _in_font(letter: str) -> bool:
    """Return whether Arimo has the character, and it is a left-to-right character that stands alone."""
    is_apart = unicodedata.category(letter)[0] in "LNPS" and unicodedata.bidirectional(letter) not in ("R", "AL")
    return is_apart and ord(letter) in _widths()


@lru_cache
def _widths() -> dict[int, float]:
    """Return the width of each character of the font at size 1."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file(), lazy=True) as font:
        size, advances = font["head"].unitsPerEm, font["hmtx"].metrics
        return {character: advances[name][0] / size for character, name in font.getBestCmap().items()}
