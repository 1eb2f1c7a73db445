"""Write problem profiles for each team: priorities, actions and referrals, and its persistent hotspots."""

from pathlib import Path

from hotspots.reporting import actions, formatting
from hotspots.reporting.briefings import actions_page, problem_pages
from hotspots.reporting.briefings.map_picture import BaseMap
from hotspots.reporting.briefings.page_frame import begin_page
from hotspots.reporting.briefings.pdf_pages import Sheet
from hotspots.reporting.briefings.problem_profiles import Problem, persistent_problems
from hotspots.reporting.pages import actions_section
from hotspots.reporting.report import Report

FOLDER = "profiles"


def write_profiles(report: Report, base_map: BaseMap, folder: Path) -> list[Path]:
    """Write a PDF for each team that has a persistent hotspot, priority, action or referral, to `profiles/`."""
    problems, located = persistent_problems(report), actions.of_report(report)
    paths = []
    for team, name in formatting.team_file_names(report.patrol_areas["team_name"]).items():
        own = [problem for problem in problems if problem.team == team]
        sections = actions_section.of_team(report, team, located)
        if own or sections:
            (folder / FOLDER).mkdir(exist_ok=True)
            paths.append(_write(report, team, own, sections, base_map, folder / FOLDER / f"{name}.pdf"))
    return paths


def _write(
    report: Report, team: str, problems: list[Problem], sections: dict[str, list[str]], base_map: BaseMap, path: Path
) -> Path:
    """Write the profiles of one team."""
    name = formatting.place(team, 60)
    sheet = Sheet(f"{name}: problem profiles, {formatting.day(report.as_of)}", report.as_of)
    if sections:
        begin_page(sheet, report, f"{name}: priorities, actions and referrals")
        actions_page.draw_page(sheet, sections)
    for start in range(0, len(problems), problem_pages.PER_PAGE):
        begin_page(sheet, report, f"{name}: problem profiles")
        problem_pages.draw_page(sheet, problems[start : start + problem_pages.PER_PAGE], base_map)
    return sheet.save(path)
