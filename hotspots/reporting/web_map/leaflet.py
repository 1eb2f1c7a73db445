"""Leaflet's script and styles, read as files from the installed package that ships them.

The package is django-leaflet; neither it nor Django is imported. What comes back asks for nothing: images stand
inside the styles, and addresses that only credit or debug are taken out.
"""

import base64
import re
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from hotspots.errors import HotspotsError

_PACKAGE = "django-leaflet"
_FOLDER = "leaflet/static/leaflet/"


@lru_cache
def read_script() -> str:
    """Leaflet's JavaScript, fit to stand inside a page.

    Raises
    ------
    HotspotsError
        The package, or its file, is not installed.
    """
    text = _file("leaflet.js").read_text(encoding="utf-8")
    text = re.sub(r"//# sourceMappingURL=\S+", "", text)
    text = text.replace('href="https://leafletjs.com"', 'href="#"')
    return text.replace("</script", "<\\/script").strip()


@lru_cache
def read_styles() -> str:
    """Leaflet's CSS with its images inside, comments and references to other files left out.

    Raises
    ------
    HotspotsError
        The package, or its file, is not installed.
    """
    text = _file("leaflet.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"behavior:\s*url\([^)]*\);?", "", text)
    text = re.sub(r"url\((?!data:)['\"]?([^)'\"]+)['\"]?\)", lambda found: _inlined(found[1]), text)
    return re.sub(r"\n\s*\n+", "\n", text).strip()


def _file(name: str) -> Path:
    """Where the package keeps one of its files."""
    try:
        listed = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        listed = []
    for entry in listed:
        if entry.as_posix() == _FOLDER + name:
            path = Path(str(entry.locate()))
            if path.is_file():
                return path
    raise HotspotsError(
        f"The map needs Leaflet's file '{name}', which the package '{_PACKAGE}' ships, and it is not installed. "
        f"Install the project again, or: python -m pip install {_PACKAGE}"
    )


def _inlined(reference: str) -> str:
    """A reference to an image as the image itself; `none` for anything else."""
    if not reference.endswith(".png"):
        return "none"
    data = base64.b64encode(_file(reference).read_bytes()).decode("ascii")
    return f"url(data:image/png;base64,{data})"
