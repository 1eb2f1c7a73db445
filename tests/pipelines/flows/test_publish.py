"""The report's folder is whole or as it was, and the same inputs give the same bytes from anywhere."""

import csv
import dataclasses
import json
import os
import random
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import made_up_files as barset
import pytest

from hotspots.errors import SourceError
from hotspots.reporting import changes, write_report
from hotspots.reporting.exports import area_files
from hotspots.reporting.public.public_figures import PublicParams
from pipelines.flows.publish import make_report, publish
from pipelines.settings import Settings
from pipelines.storage import atomic_write, published_areas
from pipelines.storage.store import Store

FILES = {
    "index.html", "areas.html", "residents.html", "data-quality.html", "method.html", "map.html",
    "patrol_areas.csv", "patrol_areas.xlsx", "patrol_areas.gpkg", "patrol_areas.geojson",
    "patrol_areas.kml", "hotspots.geojson", "hotspots.csv", "accuracy.csv", "quality.csv", "run.json",
    "briefings/barchester.pdf", "briefings/profiles/barchester.pdf", "public/index.html",
    "public/figures.csv", "public/withheld.csv",
    "concerns.csv", "engagement.csv",
}  # fmt: skip
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()", "weekly", "--direct", "--as-of", "2025-09"]
ROOT = Path(__file__).resolve().parents[3]


def files_of(report: Path) -> set[str]:
    """Every file of a report, in folders too."""
    return {path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file()}


def run_from(folder: Path, raw: Path, settings: Path, **environment: str) -> Path:
    """The report of a run of the command in a folder; environment variables are added."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [*COMMAND, "--force", str(settings), "--raw", str(raw)],
        cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "reports" / "barset" / "2025-09-30"


@pytest.fixture(scope="module")
def settings_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("settings") / "barset.toml"
    path.write_text(barset.SETTINGS, encoding="utf-8")
    return path


@pytest.fixture
def store(targeted: Store, tmp_path: Path) -> Store:
    """A test's own, as publishing changes what is stored."""
    own = Store(tmp_path / "processed", "barset", targeted.as_of)
    shutil.copytree(targeted.folder, own.folder)
    return own


@pytest.fixture
def old_report(published: Path, tmp_path: Path) -> Path:
    """An earlier report of the day, which has a file that a new one has not."""
    final = tmp_path / "barset" / published.name
    shutil.copytree(published, final)
    (final / "left over.txt").write_text("of another version", encoding="utf-8")
    return final


# inputs


def test_a_day_without_hotspots_names_the_command(settings: Settings, ingested: Store, tmp_path: Path) -> None:
    bare = Store(tmp_path / "processed", "barset", ingested.as_of)
    shutil.copytree(ingested.folder, bare.folder)
    for name in ("hotspots", "patrol_areas", "members"):
        (bare.day_folder / f"{name}.parquet").unlink(missing_ok=True)
    with pytest.raises(SourceError, match="Run 'hotspots target' for that day first"):
        publish(settings, bare, tmp_path / "reports")
    assert not (tmp_path / "reports").exists()


# answers


def test_the_folder_holds_every_file(published: Path) -> None:
    assert files_of(published) == FILES
    assert [path.name for path in published.parent.iterdir()] == ["2025-09-30"]


def test_the_manifest_says_how_the_report_was_made(published: Path, raw: Path) -> None:
    facts = json.loads((published / "run.json").read_text(encoding="utf-8"))
    assert (facts["force"], facts["as_of"]) == ("barset", "2025-09-30")
    assert facts["settings"]["asb"]["clusters"]["min_incidents"] == 12
    assert {file["name"] for file in facts["inputs"]} == {path.name for path in raw.rglob("*") if path.is_file()}
    assert all(len(file["sha256"]) == 64 for file in facts["inputs"] if file["used"])
    assert all(file["why_not"] for file in facts["inputs"] if not file["used"])
    assert facts["versions"]["pandas"]
    assert facts["measured"]["peak_memory_mb"] > 0


def test_the_manifest_s_counts_are_those_of_the_other_files(published: Path) -> None:
    counts = json.loads((published / "run.json").read_text(encoding="utf-8"))["counts"]
    assert counts["rows_in"] == counts["rows_kept"] + counts["rows_set_aside"]
    with (published / "quality.csv").open(encoding="utf-8", newline="") as file:
        quality = list(csv.DictReader(file))
    assert list(quality[0]) == ["source", "file", "month", "rows_in", "rows_kept", "reason", "rows_set_aside"]
    months = {(line["file"], line["month"]): line for line in quality}.values()
    assert sum(int(line["rows_in"]) for line in months) == counts["rows_in"]
    assert sum(int(line["rows_set_aside"]) for line in quality) == counts["rows_set_aside"]
    for name, file in (("patrol_areas", "patrol_areas.csv"), ("hotspots", "hotspots.csv")):
        with (published / file).open(encoding="utf-8", newline="") as lines:
            families = [line["family"] for line in csv.DictReader(lines)]
        assert {family: families.count(family) for family in set(families)} == counts[name]


def test_the_run_leaves_no_path_outside_the_measured_part(published: Path, targeted: Store, raw: Path) -> None:
    for name, content in barset.report_of(published).items():
        text = json.dumps(content) if name == "run.json" else content.decode("latin-1")
        assert str(raw) not in text and str(targeted.folder) not in text and str(published.parent) not in text


def test_public_figures_by_another_kind_of_areas_than_an_earlier_run_s_are_noticed(
    settings: Settings, store: Store
) -> None:
    facts = store.read_facts("public")  # as the report was published
    assert facts["areas"] == "team" and facts["months"].keys() == {"team"} and len(facts["months"]["team"]) == 3
    earlier = Store(store.folder, "barset", store.as_of.replace(month=8))
    earlier.write_facts("public", {"areas": "team"})
    plain = make_report(store, settings)
    assert "public_areas_changed" not in set(plain.findings["kind"]) and plain.public.by_other_areas == []
    earlier.write_facts("public", {"areas": "lsoa"})
    changed = make_report(store, settings)
    found = changed.findings.query("kind == 'public_areas_changed'")["finding"].item()
    assert found == "The report of 2025-08-30 gives its public figures by lsoa, this one by team."
    both = set(plain.public.figures["month"]) - set(changed.public.figures["month"])
    before = {month for month in plain.public.figures["month"] if month < "2025-08"}
    assert both == set(changed.public.by_other_areas) == before


@pytest.mark.parametrize("other", ["the same day", "a later day", "an earlier day"])
def test_a_month_is_published_by_one_kind_of_areas_whichever_day_is_run_first(
    settings: Settings, store: Store, other: str
) -> None:
    months = sorted(make_report(store, settings).public.figures["month"].unique())
    days = {"the same day": store.as_of, "a later day": date(2025, 10, 31), "an earlier day": date(2025, 8, 31)}
    by_ward = dataclasses.replace(settings, public=PublicParams(areas="ward"))
    (store.day_folder / "public.json").unlink(missing_ok=True)
    published_areas.record(Store(store.folder, "barset", days[other]), "team", months[:2], 12)
    for _ in range(2):  # the second time, the day itself has published the other months by ward
        report = make_report(store, by_ward)
        assert report.public.by_other_areas == months[:2]
        assert sorted(report.public.figures["month"].unique()) == months[2:]
        found = report.findings.query("kind == 'public_areas_changed'")["finding"].item()
        before = "An earlier report of this day" if other == "the same day" else f"The report of {days[other]}"
        assert found == f"{before} gives its public figures by team, this one by ward."
        published_areas.record(store, "ward", report.public.figures["month"].unique(), 12)
    again = make_report(store, settings)
    assert again.public.by_other_areas == months[2:]
    assert sorted(again.public.figures["month"].unique()) == months[:2]


# promises


@pytest.mark.parametrize("breaks", ["write_kml", "write_csv", "map", "manifest"])
def test_writing_that_fails_half_way_leaves_the_old_report_alone(
    settings: Settings, store: Store, old_report: Path, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in old_report.rglob("*") if path.is_file()}

    def break_off(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if breaks == "map":
        monkeypatch.setattr(write_report.map_page, "draw_map", break_off)
    elif breaks == "manifest":
        monkeypatch.setattr("pipelines.flows.publish._write_json", break_off)
    else:
        monkeypatch.setattr(area_files, breaks, break_off)
    with pytest.raises(
        SourceError, match=r"'.*2025-09-30' cannot be written to \(No space left on device\).*stays as it was"
    ):
        publish(settings, store, old_report.parents[1])
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in old_report.rglob("*") if path.is_file()}
    assert after == before
    assert [path.name for path in old_report.parent.iterdir()] == ["2025-09-30"]


def test_our_own_bug_half_way_leaves_the_old_report_alone_too(
    settings: Settings, store: Store, old_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = barset.report_of(old_report)
    monkeypatch.setattr(area_files, "write_geojson", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publish(settings, store, old_report.parents[1])
    assert barset.report_of(old_report) == before
    assert [path.name for path in old_report.parent.iterdir()] == ["2025-09-30"]


def test_a_swap_that_fails_puts_the_old_report_back(
    settings: Settings, store: Store, old_report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = barset.report_of(old_report)
    monkeypatch.setattr(atomic_write, "_exchange", lambda *_: False)  # as on a network drive
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.startswith(".") and not self.name.endswith(".old"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(SourceError, match="Permission denied"):
        publish(settings, store, old_report.parents[1])
    monkeypatch.undo()
    assert barset.report_of(old_report) == before


def test_a_new_report_takes_the_old_one_s_place_whole_and_has_the_same_bytes(
    settings: Settings, store: Store, old_report: Path, published: Path
) -> None:
    publish(settings, store, old_report.parents[1])
    assert files_of(old_report) == FILES
    assert barset.report_of(old_report) == barset.report_of(published)


def test_the_command_the_folder_the_language_and_the_time_zone_do_not_matter(
    published: Path, raw: Path, settings_file: Path, tmp_path: Path
) -> None:
    here = {"LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}
    moved = tmp_path / "somewhere else"
    shutil.copytree(raw, moved)
    again = barset.report_of(run_from(tmp_path / "a" / "b", moved, settings_file, **here))
    assert again == barset.report_of(published)


def test_rows_in_another_order_give_the_same_bytes_on_the_other_side_of_the_world(
    published: Path, raw: Path, settings_file: Path, tmp_path: Path
) -> None:
    shuffled = tmp_path / "shuffled"
    shutil.copytree(raw, shuffled)
    for path in [*shuffled.rglob("*-street.csv"), shuffled / "lets-talk.csv"]:
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        random.Random(3).shuffle(rows)
        path.write_text("".join([head, *rows]), encoding="utf-8")
    there = {"LC_ALL": "C.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "8", "PYTHONUTF8": "1"}
    again = barset.report_of(run_from(tmp_path / "run", shuffled, settings_file, **there))
    # The fingerprints of the files differ, as they must; nothing else does.
    for run in (again, original := barset.report_of(published)):
        page = run["data-quality.html"]
        assert isinstance(page, bytes)
        run["data-quality.html"] = re.sub(rb"\b[0-9a-f]{16,64}\b", b"fingerprint", page)
        run["run.json"] = json.loads(re.sub(r"\b[0-9a-f]{64}\b", "fingerprint", json.dumps(run["run.json"])))
    assert again == original


def test_the_months_of_hotspots_add_up_to_their_incidents(settings: Settings, targeted: Store) -> None:
    report = make_report(targeted, settings)
    months = changes.monthly_counts(report.hotspots, report.incidents, report.window, report.left_out)
    counted = [[n for n in row if n is not None] for row in months]
    assert [sum(row) for row in counted] == report.hotspots["incidents"].tolist()
    assert [len(row) for row in counted] == report.hotspots["months_seen"].tolist()
    latest = zip(months, report.hotspots["latest_months"], strict=True)
    assert [sum(filter(None, row[-n:])) for row, n in latest] == report.hotspots["latest_incidents"].tolist()
    assert len(counted) > 3
