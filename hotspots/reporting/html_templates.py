"""Load the templates of the pages."""

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from hotspots.reporting import formatting

if TYPE_CHECKING:
    import jinja2


@lru_cache
def pages() -> "jinja2.Environment":
    """The templates of the pages, with every value escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hotspots.reporting", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":"), "allow_nan": False}
    environment.filters["said"] = partial(formatting.clean, longest=600)
    return environment
