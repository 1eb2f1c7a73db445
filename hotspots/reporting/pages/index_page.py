"""The page to open first: what a lead acts on, and links to the other pages with the finding of each."""

from typing import Any

from hotspots.reporting import formatting, residents_report
from hotspots.reporting.pages import change_section, data_quality_page, first_areas, hidden_demand, key_points
from hotspots.reporting.report import Report

FILE, TITLE, HEADING = "index.html", "Hotspots and patrol areas", "where to patrol first"

FILES = {
    "map.html": "interactive map, opens in a browser",
    "patrol_areas.xlsx": "ranked areas for Excel",
    "patrol_areas.csv": "ranked areas as plain text",
    "patrol_areas.gpkg": "ranked areas and hotspots for QGIS and other GIS",
    "patrol_areas.geojson": "ranked areas for web maps",
    "patrol_areas.kml": "ranked areas for Google Earth",
    "hotspots.csv": "hotspots as plain text",
    "hotspots.geojson": "hotspots for web maps",
    "accuracy.csv": "accuracy of earlier lists and of the baselines",
    "concerns.csv": "residents' concerns and recorded incidents by area",
    "engagement.csv": "where, how and when to engage residents next",
    "referrals/index.html": "referrals to partners, with a list for each",
    "priorities.csv": "local priorities, overdue reviews first",
    "confidence.csv": "results of confidence surveys, with changes between waves",
    "quality.csv": "rows kept and set aside by file, month and reason",
    "run.json": "inputs, settings and versions of this report",
}
# Files that are written only if there is something in them.
IF_ANY = ("concerns.csv", "engagement.csv", "priorities.csv", "confidence.csv", "referrals/index.html")


def of_report(report: Report, links: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Return the content of the page.

    Parameters
    ----------
    report : Report
        Content.
    links : list of (str, str, str)
        File, title and finding of each of the other pages.
    """
    return {
        "file": FILE,
        "title": TITLE,
        "heading": HEADING,
        "links": links,
        "key_points": key_points.list_key_points(report),
        "changed": change_section.of_report(report),
        "first": first_areas.of_report(report),
        "demand": hidden_demand.first_places(report),
        "trouble": data_quality_page.list_trouble(report),
        "files": _files(report),
    }


def _files(report: Report) -> dict[str, str]:
    """Return the files of the report with their descriptions; tables without rows are not written."""
    residents = report.residents
    written = {*residents_report.list_tables(residents, report.as_of)}
    if residents.has_referrals:
        written.add("referrals/index.html")
    files = {name: text for name, text in FILES.items() if name not in IF_ANY or name in written}
    return files | _folders(report)


def _folders(report: Report) -> dict[str, str]:
    """Return the briefings of the teams, and the public version."""
    names = formatting.team_file_names(report.patrol_areas["team_name"])
    briefings = {f"briefings/{name}.pdf": f"briefing for {formatting.place(team, 60)}" for team, name in names.items()}
    return briefings | ({"public/index.html": "figures for publication"} if report.public else {})
