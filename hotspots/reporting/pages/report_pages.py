"""Draw the pages of a report: the first page, and those it links to; a page without content is left out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hotspots.reporting import formatting, html_templates
from hotspots.reporting.pages import (
    accuracy_page,
    areas_page,
    data_quality_page,
    index_page,
    method_page,
    residents_page,
)
from hotspots.reporting.report import Report


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its file, its title, and what returns its content; None where there is nothing to show."""

    file: str
    title: str
    content: Callable[[Report], dict[str, Any] | None]


PAGES = tuple(
    Page(file=module.FILE, title=module.TITLE, content=module.of_report)
    for module in (areas_page, residents_page, accuracy_page, data_quality_page, method_page)
)


def draw_pages(report: Report) -> dict[str, str]:
    """Return the HTML of each page by the name of its file, the first page first."""
    found = {page: content for page in PAGES if (content := page.content(report)) is not None}
    links = [(page.file, page.title, str(content["finding"])) for page, content in found.items()]
    common = {
        "report": report,
        "as_of": formatting.day(report.as_of),
        "window": formatting.date_range(report.window),
        "expires_on": formatting.day(report.expires_on),
        "navigation": [("index.html", "Summary"), ("map.html", "Map"), *(link[:2] for link in links)],
    }
    first = html_templates.template("index.html").render(**common, **index_page.of_report(report, links))
    pages = {"index.html": first}
    for page, content in found.items():
        names = {"file": page.file, "title": page.title, "heading": page.title[:1].lower() + page.title[1:]}
        pages[page.file] = html_templates.template("page.html").render(**common, **names, **content)
    return pages
