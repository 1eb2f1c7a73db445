"""Write all files of a report to a folder."""

from pathlib import Path

from hotspots import tables
from hotspots.reporting import formatting, html_templates, partner_referrals, residents_report
from hotspots.reporting.briefings import team_briefing
from hotspots.reporting.exports import area_files, workbook
from hotspots.reporting.pages import report_pages
from hotspots.reporting.public import public_page
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import map_page


def write_report(report: Report, folder: Path) -> list[Path]:
    """Write the pages, lists and briefings of a run, except run.json, and return their paths.

    Parameters
    ----------
    report : Report
        Content.
    folder : Path
        Existing folder; files with the same names are replaced.
    """
    title = f"{report.force_name}: patrol areas as of {formatting.day(report.as_of)}"
    areas, hotspots = area_files.areas_for_export(report.patrol_areas), area_files.hotspots_for_export(report.hotspots)
    tally = report.tally.sort_values(list(tables.TALLY.key))[list(tables.TALLY.columns)]
    about = _about(report)
    return [
        *[html_templates.write_page(folder / name, page) for name, page in report_pages.draw_pages(report).items()],
        html_templates.write_page(folder / "map.html", map_page.draw_map(report)),
        area_files.write_csv(folder / "patrol_areas.csv", areas),
        workbook.write_workbook(
            folder / "patrol_areas.xlsx",
            areas,
            title=title,
            as_of=report.as_of,
            about=about,
            horizon=report.horizon_label,
        ),
        area_files.write_gpkg(folder / "patrol_areas.gpkg", areas, hotspots, report.as_of),
        area_files.write_geojson(folder / "patrol_areas.geojson", areas),
        area_files.write_kml(folder / "patrol_areas.kml", areas, title),
        area_files.write_geojson(folder / "hotspots.geojson", hotspots),
        area_files.write_csv(folder / "hotspots.csv", hotspots),
        area_files.write_csv(folder / "accuracy.csv", report.accuracy.sort_values(list(tables.ACCURACY.key))),
        area_files.write_csv(folder / "quality.csv", tally),
        *_write_residents_report(report, folder),
        *_write_briefings(report, folder / "briefings"),
        *_write_public(report, folder / "public"),
    ]


def _write_briefings(report: Report, folder: Path) -> list[Path]:
    """Write a briefing for each team with patrol areas."""
    if report.patrol_areas.empty:
        return []
    folder.mkdir(exist_ok=True)
    return team_briefing.write_briefings(report, folder)


def _write_residents_report(report: Report, folder: Path) -> list[Path]:
    """Write concerns, engagement, priorities, confidence and referrals, as far as there are any."""
    residents, referrals = report.residents, folder / "referrals"
    lists = residents_report.list_tables(residents, report.as_of)
    written = [area_files.write_csv(folder / name, table) for name, table in lists.items()]
    if not residents.has_referrals:
        return written
    referrals.mkdir(exist_ok=True)
    return written + partner_referrals.write_referrals(residents, referrals, report.force_name, report.as_of)


def _write_public(report: Report, folder: Path) -> list[Path]:
    """Write the public version, if there is one."""
    if report.public is None:
        return []
    folder.mkdir(exist_ok=True)
    return public_page.write_public(report.public, report.updates, folder)


def _about(report: Report) -> list[str]:
    """Return notes for readers of the workbook."""
    return [
        f"Marking: {report.marking}",
        f"As of {formatting.day(report.as_of)}; do not use after {formatting.day(report.expires_on)}.",
        f"Based on records from {formatting.date_range(report.window)}.",
        f"Expected incidents are for {report.horizon_label}.",
        "ASB and burglary are ranked separately and never added together.",
        "Internal: small numbers of survey responses are included. Figures for publication are in public/.",
        "expected_low and expected_high are the likely range (80 %). Areas cover streets, never single homes.",
        *report.sources,
    ]
