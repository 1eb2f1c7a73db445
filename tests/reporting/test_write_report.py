import os
import re
import time
from pathlib import Path

import made_up_report as examples
import pytest

from hotspots.reporting import write_report
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import map_page

FILES = [
    "index.html",
    "areas.html",
    "residents.html",
    "accuracy.html",
    "data-quality.html",
    "method.html",
    "map.html",
    "patrol_areas.csv",
    "patrol_areas.xlsx",
    "patrol_areas.gpkg",
    "patrol_areas.geojson",
    "patrol_areas.kml",
    "hotspots.geojson",
    "hotspots.csv",
    "accuracy.csv",
    "quality.csv",
    "concerns.csv",
    "engagement.csv",
    "priorities.csv",
    "confidence.csv",
    "referrals/index.html",
]
SENT = [
    f"referrals/{name}.{kind}" for name in ("environment-agency", "littleham-town-council") for kind in ("csv", "html")
]
TEAMS = ("great-bexley", "littleham", "stowbridge")
BRIEFINGS = [f"briefings/{folder}{team}.pdf" for folder in ("", "profiles/") for team in TEAMS]
PUBLIC = ["public/index.html", "public/figures.csv", "public/figures.geojson", "public/withheld.csv"]
UPDATES = ["public/updates/littleham.html", "public/updates/littleham.txt"]
SHARED = Path(os.environ.get("HOTSPOTS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
OUTLINES = SHARED / "boundaries" / "force_areas.geojson"


def bytes_of(folder_: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder_.rglob("*") if path.is_file())
    return {path.relative_to(folder_).as_posix(): path.read_bytes() for path in files}


def test_every_file_of_the_contract_is_written(written: Path) -> None:
    assert sorted(bytes_of(written)) == sorted([*FILES, *SENT, *BRIEFINGS, *PUBLIC, *UPDATES])


def test_the_paths_come_back(run: Report, tmp_path: Path) -> None:
    written = write_report.write_report(run, tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in written]
    assert sorted(names) == sorted([*FILES, *SENT, *BRIEFINGS, *PUBLIC, *UPDATES])


def test_the_same_tables_give_the_same_bytes_at_another_time(run: Report, written: Path, tmp_path: Path) -> None:
    time.sleep(1.1)
    write_report.write_report(run, tmp_path)
    before, after = bytes_of(written), bytes_of(tmp_path)
    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(run: Report, written: Path, tmp_path: Path, seed: int) -> None:
    write_report.write_report(examples.report(**examples.shuffled(run, seed)), tmp_path)
    before, after = bytes_of(written), bytes_of(tmp_path)
    assert [name for name in before if before[name] != after[name]] == []


def test_writing_over_a_report_gives_the_same_bytes(run: Report, tmp_path: Path) -> None:
    write_report.write_report(examples.bare(), tmp_path)
    write_report.write_report(run, tmp_path)
    first = bytes_of(tmp_path)
    write_report.write_report(run, tmp_path)
    assert bytes_of(tmp_path) == first


def test_a_bare_run_writes_no_file_without_content_and_links_to_none(tmp_path: Path) -> None:
    write_report.write_report(examples.bare(), tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    empty = {"concerns.csv", "engagement.csv", "priorities.csv", "confidence.csv", "referrals/index.html"}
    empty |= {"residents.html", "accuracy.html"}
    assert written.isdisjoint(empty) and set(FILES) - empty <= written
    for page in tmp_path.rglob("*.html"):
        links = re.findall(r'href="([^"#:]+)"', page.read_text(encoding="utf-8"))
        missing = [link for link in links if link != "run.json" and not (page.parent / link).is_file()]
        assert links and missing == []


@pytest.mark.real_data
@pytest.mark.skipif(not OUTLINES.is_file(), reason=f"{OUTLINES} is not there")
def test_the_map_inside_a_real_force_outline_is_under_a_megabyte() -> None:
    report = examples.report(places=examples.real_outline(OUTLINES, "hampshire"))
    assert len(map_page.draw_map(report).encode()) < 1_000_000
