"""The one thing on the map that may come from elsewhere: background tiles, where a setting names their server."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from hotspots.errors import ParameterError

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~%=&?/{}-]*)?")
_PLACES = ("{x}", "{y}", "{z}")


@dataclass(frozen=True, kw_only=True)
class TileParams:
    """Where the map's background comes from; empty: nowhere, and the map asks the network for nothing.

    Attributes
    ----------
    url
        Address of the tiles, with {x}, {y} and {z}; its server sees which part of the map somebody looks at.
    credit
        Whose map it is, shown beneath it.
    """

    url: str = ""
    credit: str = ""

    def __post_init__(self) -> None:
        """Check the address."""
        if not self.url:
            return
        braces = re.findall(r"{[^{}]*}", self.url)
        if not _ADDRESS.fullmatch(self.url) or sorted(braces) != sorted(_PLACES) or "{{" in self.url:
            raise ParameterError(
                f"tiles.url is '{self.url}', expected an address such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png."
            )

    @property
    def server(self) -> str:
        """The server that the page may ask for pictures; empty where there is none."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if self.url else ""
