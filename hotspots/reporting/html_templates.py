"""Load the HTML templates and write pages."""

from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from hotspots import wording
from hotspots.reporting import formatting

if TYPE_CHECKING:
    import jinja2


def template(name: str) -> "jinja2.Template":
    """Return the template of a page; every value is escaped where it is written."""
    return _environment().get_template(name)


def write_page(path: Path, text: str) -> Path:
    """Write a page, or another text, with the same line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


@lru_cache
def _environment() -> "jinja2.Environment":
    """Return the environment that the templates share."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hotspots.reporting", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":"), "allow_nan": False}
    environment.filters["counted"] = wording.counted
    environment.filters["clean"] = partial(formatting.clean, max_length=600)
    return environment
