"""Read Leaflet's script and styles from the installed package that ships them.

The package is django-leaflet; neither it nor Django is imported. The result makes no requests: images are embedded in
the styles, and links for credit or debugging are removed.
"""

import base64
import re
from functools import lru_cache
from pathlib import Path

from hotspots.reporting import package_files

_PACKAGE = "django-leaflet"
_FOLDER = "leaflet/static/leaflet/"


@lru_cache
def read_script() -> str:
    """Return Leaflet's JavaScript, ready to embed in a page.

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
    """Return Leaflet's CSS with embedded images, without comments and references to other files.

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
    """Return the path of one of the package's files."""
    return package_files.installed_file(_PACKAGE, _FOLDER + name, f"The map needs Leaflet's file '{name}'")


def _inlined(reference: str) -> str:
    """Embed a referenced image; anything else becomes `none`."""
    if not reference.endswith(".png"):
        return "none"
    data = base64.b64encode(_file(reference).read_bytes()).decode("ascii")
    return f"url(data:image/png;base64,{data})"
