"""Settings of background tiles, the only part of the map that can use the network."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from hotspots.errors import ParameterError

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~%=&?/{}-]*)?")
_PLACEHOLDERS = ("{x}", "{y}", "{z}")


@dataclass(frozen=True, kw_only=True)
class TileParams:
    """Settings of background tiles; by default there are none, and the map makes no network requests.

    Attributes
    ----------
    url
        Address of the tiles, with {x}, {y} and {z}; its server sees which part of the map is viewed.
    credit
        Attribution shown below the map.
    """

    url: str = ""
    credit: str = ""

    def __post_init__(self) -> None:
        """Check the address."""
        if not self.url:
            return
        braces = re.findall(r"{[^{}]*}", self.url)
        if not _ADDRESS.fullmatch(self.url) or sorted(braces) != sorted(_PLACEHOLDERS) or "{{" in self.url:
            raise ParameterError(
                f"tiles.url is '{self.url}', expected an address such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png."
            )

    @property
    def server(self) -> str:
        """Server that the page may request images from; empty if there are no tiles."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if self.url else ""
