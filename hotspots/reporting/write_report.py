"""All files of a report, written into a folder that the caller made."""

from pathlib import Path

from hotspots import tables
from hotspots.reporting import formatting, partner_referrals, residents_report
from hotspots.reporting.briefings import team_briefing
from hotspots.reporting.exports import area_files, workbook
from hotspots.reporting.index_page import index_page
from hotspots.reporting.public import public_page
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import map_page


def write_report(report: Report, folder: Path) -> list[Path]:
    """The pages, lists and sheets of a run, in the order in which they were written; run.json is the caller's.

    Parameters
    ----------
    report : Report
        What they say.
    folder : Path
        An existing folder; files of the same names are replaced.
    """
    title = f"{report.force_name}: patrol areas as of {formatting.day(report.as_of)}"
    areas, hotspots = area_files.list_areas(report.patrol_areas), area_files.list_hotspots(report.hotspots)
    tally = report.tally.sort_values(list(tables.TALLY.key))[list(tables.TALLY.columns)]
    about = _about(report)
    return [
        _write_page(folder / "index.html", index_page.draw_index(report)),
        _write_page(folder / "map.html", map_page.draw_map(report)),
        area_files.write_csv(folder / "patrol_areas.csv", areas),
        workbook.write_workbook(folder / "patrol_areas.xlsx", areas, title=title, as_of=report.as_of, about=about),
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
    """A sheet for each team with areas on the list."""
    if report.patrol_areas.empty:
        return []
    folder.mkdir(exist_ok=True)
    return team_briefing.write_briefings(report, folder)


def _write_residents_report(report: Report, folder: Path) -> list[Path]:
    """What residents said beside the record, what is passed on, and where to listen next."""
    given = report.residents
    passed_on = folder / "referrals"
    passed_on.mkdir(exist_ok=True)
    listed = {
        "concerns.csv": residents_report.list_listening(given.listening),
        "engagement.csv": residents_report.list_engagement(given.engagement),
        "priorities.csv": residents_report.list_priorities(given.priorities, report.as_of),
        "confidence.csv": residents_report.list_confidence(given.confidence),
    }
    written = [area_files.write_csv(folder / name, table) for name, table in listed.items()]
    return written + partner_referrals.write_referrals(given, passed_on, report.force_name, report.as_of)


def _write_public(report: Report, folder: Path) -> list[Path]:
    """The public version, where there is one."""
    if report.public is None:
        return []
    folder.mkdir(exist_ok=True)
    return public_page.write_public(report.public, report.updates, folder)


def _write_page(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _about(report: Report) -> list[str]:
    """What a reader of the workbook has to know."""
    return [
        f"Marking: {report.marking}",
        f"As of {formatting.day(report.as_of)}; not for use after {formatting.day(report.expires_on)}.",
        f"Records of {formatting.date_range(report.window)}; expected numbers are for {report.horizon_label}.",
        "ASB and burglary are ranked apart and never added together.",
        "Internal: residents' answers are given as counted, however few. What may be published stands in public/.",
        "The interval should hold what happens 4 times in 5. Areas are street areas, never single homes.",
        *report.sources,
    ]
