"""The command as people run it: how it ends, what it says, and that a refused run changes nothing.

Exit status: 0 done, 2 settings or usage, 3 input refused. Whatever is refused is told in one to three sentences on
stderr, never with a traceback, and the report of the last run stays as it was.
"""

import functools
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import forked_command
import made_up_files as barset
import openpyxl
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
STREET = "2025-09-barset-street.csv"
SCRIPT = '<script>alert("hotspots")</script><img src=x onerror=alert(1)>'


@dataclass(frozen=True)
class Desk:
    """A folder somebody works in: settings and raw files of Barset, and the report of an earlier run."""

    folder: Path

    def run(self, *words: str, before: Callable[[], object] | None = None) -> subprocess.CompletedProcess[str]:
        """The command, here; `before` is called in the new process."""
        return forked_command.run(list(words), self.folder, before)

    def run_afresh(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The command, here, in a new interpreter."""
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [*COMMAND, *words], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def weekly(self, *words: str, before: Callable[[], object] | None = None) -> subprocess.CompletedProcess[str]:
        """The weekly run of Barset, without Prefect."""
        return self.run("weekly", "--direct", "--force", "barset.toml", "--raw", "raw", *words, before=before)

    @property
    def report(self) -> Path:
        return self.folder / "reports" / "barset" / "2025-09-30"


@pytest.fixture
def desk(raw: Path, published: Path, tmp_path: Path) -> Desk:
    shutil.copytree(raw, tmp_path / "raw")
    (tmp_path / "barset.toml").write_text(barset.SETTINGS, encoding="utf-8")
    shutil.copytree(published, tmp_path / "reports" / "barset" / "2025-09-30")
    return Desk(tmp_path)


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def check_refused(desk: Desk, status: int, says: str, *words: str, before: Callable[[], object] | None = None) -> None:
    """The weekly run ends with this status and these words, and the reports stay as they were."""
    stood = state_of(desk.folder / "reports")
    done = desk.weekly(*words, before=before)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    told = [line for line in done.stderr.splitlines() if line.startswith("hotspots: ")]
    assert len(told) == 1 and done.stderr.endswith(told[0] + "\n")
    assert re.search(says, told[0]), told[0]
    assert len(re.findall(r"[.!?](?= [A-Z]|$)", told[0])) <= 3
    assert state_of(desk.folder / "reports") == stood


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(STREET, barset.street_text([barset.row()]))
    return content.getvalue()


def text_of(*rows: dict[str, str]) -> str:
    return barset.street_text(rows or [barset.row()] * 5)


# inputs


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (text_of().replace("Longitude", "Lon").encode(), "the column 'Longitude' is missing"),
        (text_of().replace("Crime type", "Type").encode(), "the column 'Crime type' is missing"),
        (text_of().encode("utf-16"), "this is UTF-16 text, expected a street file"),
        (text_of(barset.row(location="Caf\u00e9 Row")).encode("cp1252"), r"line 2 is not UTF-8 text \(byte 0xE9\)"),
        (archive(), "this is a zip archive or an Excel workbook"),
        (b"<!DOCTYPE html><html><body>Service unavailable</body></html>", "this is a web page"),
        (bytes(range(256)) * 8, "this is a binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "this is a binary file"),
        (b"", "this is an empty file"),
        (b"\n\n", "this is an empty file"),
        (b"no,columns,of,ours\n1,2,3,4\n", "this is a file with other columns"),
    ],
    ids=["no longitude", "no type", "utf-16", "cp1252", "zip", "html", "binary", "png", "empty", "blank", "other"],
)
def test_a_street_file_that_is_none_is_refused(desk: Desk, content: bytes, says: str) -> None:
    (desk.folder / "raw" / "2025-09" / STREET).write_bytes(content)
    check_refused(desk, 3, rf"{re.escape(STREET)}: .*{says}")


def test_a_survey_that_lacks_a_mapped_column_is_refused(desk: Desk) -> None:
    survey = desk.folder / "raw" / "lets-talk.csv"
    survey.write_text(survey.read_text(encoding="utf-8").replace("Submitted", "Sent"), encoding="utf-8")
    check_refused(desk, 3, r"lets-talk\.csv: the column 'Submitted' is missing; a survey export needs it")


def test_a_survey_in_another_encoding_is_refused(desk: Desk) -> None:
    survey = desk.folder / "raw" / "lets-talk.csv"
    survey.write_bytes(survey.read_text(encoding="utf-8").replace("Litter", "D\u00e9bris").encode("cp1252"))
    check_refused(desk, 3, r"lets-talk\.csv: line 2 is not UTF-8 text")


def test_an_outline_that_cannot_be_opened_is_refused(desk: Desk) -> None:
    (desk.folder / "raw" / "outlines.geojson").write_text('{"type": "FeatureCollection", "force": [', encoding="utf-8")
    check_refused(desk, 3, r"outlines\.geojson: the file cannot be opened as areas")


def test_an_empty_folder_is_refused(desk: Desk) -> None:
    shutil.rmtree(desk.folder / "raw")
    (desk.folder / "raw").mkdir()
    check_refused(desk, 3, "There are no files for barset in the raw folders")


def test_a_force_with_neither_settings_nor_files_is_a_fault_of_usage(desk: Desk) -> None:
    check_refused(desk, 2, "'ruritania' has neither a settings file nor a street file", "--force", "ruritania")


def test_a_day_before_all_data_is_refused(desk: Desk) -> None:
    check_refused(desk, 3, "the months are 2025-07 to 2025-09", "--as-of", "2019-12")


def test_a_day_long_after_all_data_is_refused_with_the_last_day(desk: Desk) -> None:
    says = r"the last incident of barset \(2025-09-30\)\. Use --as-of 2025-09-30"
    check_refused(desk, 2, says, "--as-of", "31/12/2031")


@pytest.mark.parametrize("day", ["yesterday", "2025-13", "2025-02-30", "31/09/2025", "2025", "9999-12", ""])
def test_a_day_that_is_none_is_a_fault_of_usage(desk: Desk, day: str) -> None:
    if day:
        check_refused(desk, 2, "as_of is", "--as-of", day)


def test_a_folder_that_is_not_there_is_a_fault_of_usage(desk: Desk) -> None:
    check_refused(desk, 2, "--raw names 'nowhere', which does not exist", "--raw", "nowhere")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            barset.SETTINGS.replace("min_incidents = 12", "min_incidnts = 12"),
            "'asb.clusters.min_incidnts' is not a setting; did",
        ),
        (barset.SETTINGS.replace("min_incidents = 12", "min_incidents = 'many'"), "expected a whole number"),
        ("[force", "not valid TOML"),
    ],
)
def test_wrong_settings_are_a_fault_of_settings(desk: Desk, text: str, says: str) -> None:
    (desk.folder / "barset.toml").write_text(text, encoding="utf-8")
    check_refused(desk, 2, rf"barset\.toml: .*{says}")


def test_a_settings_file_that_is_not_there_is_a_fault_of_settings(desk: Desk) -> None:
    check_refused(desk, 2, r"other\.toml: the settings file cannot be opened", "--force", "other.toml")


def test_too_many_rows_set_aside_publish_nothing(desk: Desk) -> None:
    rows = [barset.row()] * 300 + [barset.row(longitude="", latitude="")] * 400
    barset.write_month(desk.folder / "raw", "2025-09", rows=rows)
    check_refused(desk, 3, r"share = 25 % allows. Most common reason: the row has no location \(4\d\d rows\)")


def test_a_reports_folder_that_cannot_be_written_is_refused(desk: Desk) -> None:
    (desk.folder / "a file").write_text("not a folder", encoding="utf-8")
    check_refused(desk, 2, "--reports names 'a file', but 'a file' is a file. Name a folder", "--reports", "a file")
    check_refused(desk, 2, "--processed names 'a file', but 'a file' is a file. Name a folder", "--processed", "a file")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files can be set there")
@pytest.mark.parametrize(
    ("room", "folder"),
    [(2_000, "processed"), (60_000, "reports")],
)
def test_a_disk_without_room_is_refused(desk: Desk, room: int, folder: str) -> None:
    import resource

    leave_little_room = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room))
    check_refused(desk, 3, f"{folder}.* cannot be written to .*File too large", before=leave_little_room)
    assert not [path for path in desk.folder.rglob(".*") if path.is_file() or path.name.startswith(".2025")]
    assert desk.weekly().returncode == 0


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is locked to the administrator")
def test_a_folder_that_may_only_be_read_is_refused(desk: Desk) -> None:
    (desk.folder / "reports" / "barset").chmod(0o555)
    check_refused(desk, 3, "reports.* cannot be written to .*Permission denied.* so it stays as it was")


def test_files_that_nobody_can_read_and_nobody_needs_are_listed_and_passed_over(desk: Desk) -> None:
    strays = {
        "photo.jpg": b"\xff\xd8\xff",
        "odd.csv": b"\xff\xfe\0a",
        "a.json": b"{}",
    }
    for name, content in strays.items():
        (desk.folder / "raw" / name).write_bytes(content)
    assert desk.weekly().returncode == 0
    listed = json.loads((desk.report / "run.json").read_text(encoding="utf-8"))["inputs"]
    assert {file["name"] for file in listed if file["why_not"] == "of no known kind"} >= set(strays)


def test_a_workbook_that_cannot_be_opened_may_be_the_export_and_is_refused(desk: Desk) -> None:
    (desk.folder / "raw" / "old.xlsx").write_bytes(b"PK\x03\x04 no more")
    check_refused(desk, 3, r"old\.xlsx: the workbook is damaged and cannot be opened")


@pytest.mark.parametrize(
    "words", [["--colour"], ["--as-of"], ["weekly", "--direkt"], ["fortnightly"], ["check"], ["init"]]
)
def test_an_unknown_command_or_option_is_a_fault_of_usage(desk: Desk, words: list[str]) -> None:
    done = desk.run(*words)
    assert done.returncode == 2
    assert "Usage:" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(("command", "missing"), [("target", "ingest"), ("evaluate", "ingest"), ("publish", "ingest")])
def test_a_flow_without_what_the_earlier_ones_store_names_the_command(desk: Desk, command: str, missing: str) -> None:
    done = desk.run(command, "--direct", "--force", "barset.toml")
    assert done.returncode == 3
    assert f"Nothing is stored for barset under 'data/processed'. Run 'hotspots {missing}' first." in done.stderr


# answers


def test_a_good_run_says_what_it_kept_and_where_the_report_is(desk: Desk, published: Path) -> None:
    shutil.rmtree(desk.folder / "reports")
    done = desk.run_afresh("weekly", "--direct", "--force", "barset.toml", "--raw", "raw")
    assert done.returncode == 0, done.stderr
    *lines, last = done.stdout.splitlines()
    counts = r"asb \d+ hotspots? and \d+ patrol areas?; burglary \d+ hotspots? and \d+ patrol areas?"
    assert len(lines) == 1
    assert re.fullmatch(rf"barset, as of 2025-09-30: [\d,]+ of [\d,]+ rows kept; {counts}\.", lines[0])
    assert last == "Open reports/barset/2025-09-30/index.html"
    assert (desk.folder / last.removeprefix("Open ")).is_file()
    assert barset.report_of(desk.report) == barset.report_of(published)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("ingest", "--reports"), ("target", "--raw"), ("target", "--reports"), ("evaluate", "--raw"), ("task", "--raw"),
        ("publish", "--raw"),
    ],
)  # fmt: skip
def test_an_option_that_a_command_does_not_use_is_refused(desk: Desk, command: str, option: str) -> None:
    done = desk.run(command, "--direct", "--force", "barset.toml", option, "raw")
    assert done.returncode == 2
    assert done.stderr.startswith(f"hotspots: 'hotspots {command}' does not use {option}: ")
    assert not (desk.folder / "data").exists()


def start(desk: Desk) -> subprocess.Popen[bytes]:
    """The weekly run, under way."""
    words = ["weekly", "--direct", "--force", "barset.toml", "--raw", "raw"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([*COMMAND, *words], cwd=desk.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, **quiet)


def test_two_runs_at_once_do_not_harm_each_other(desk: Desk, published: Path) -> None:
    both = [start(desk), start(desk)]
    assert [run.wait(timeout=300) for run in both] == [0, 0]
    assert barset.report_of(desk.report) == barset.report_of(published)


@pytest.mark.skipif(os.name != "posix", reason="kills a process as only POSIX can")
@pytest.mark.parametrize("reached", ["incidents/records/*.json", "2025-09-30/hotspots.parquet"])
def test_a_run_that_is_killed_leaves_the_last_good_state(desk: Desk, published: Path, reached: str) -> None:
    before = state_of(desk.folder / "reports")
    run = start(desk)
    while run.poll() is None and not any((desk.folder / "data" / "processed" / "barset").glob(reached)):
        time.sleep(0.005)
    run.kill()
    assert run.wait(timeout=60) != 0, "the run was over before it could be killed"
    assert state_of(desk.folder / "reports") == before
    assert desk.weekly().returncode == 0
    assert barset.report_of(desk.report) == barset.report_of(published)


def test_json_prints_the_summary_and_nothing_else(desk: Desk) -> None:
    done = desk.weekly("--json", "--as-of", "2025-08")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["force"], summary["as_of"]) == ("barset", "2025-08-31")
    assert summary["report"] == "reports/barset/2025-08-31"
    assert summary["counts"]["rows_in"] > summary["counts"]["rows_kept"] > 0


def test_the_flows_one_by_one_give_what_the_whole_gives(desk: Desk, published: Path) -> None:
    shutil.rmtree(desk.folder / "reports")
    options = ["--direct", "--json", "--force", "barset.toml"]
    for words in (["ingest", "--raw", "raw", "--as-of", "2025-09"], ["target"], ["evaluate"], ["task"], ["publish"]):
        done = desk.run(*words, *options)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["as_of"] == "2025-09-30"
    assert barset.report_of(desk.report) == barset.report_of(published)


def test_a_backtest_reads_what_it_is_given_and_names_its_page(desk: Desk) -> None:
    settings = barset.SETTINGS + "[backtest]\nahead_months = 1\nmin_months = 1\n"
    (desk.folder / "barset.toml").write_text(settings, encoding="utf-8")
    words = ["backtest", "--direct", "--force", "barset.toml", "--months", "1"]
    done = desk.run(*words, "--raw", "raw")
    assert done.returncode == 0, done.stderr
    *lines, last = done.stdout.splitlines()
    assert last == "Open reports/barset/backtest-2025-09-30/index.html"
    assert lines[0].startswith("Anti-social behaviour: over 1 past date the first ")
    page = (desk.folder / last.removeprefix("Open ")).read_bytes()
    again = desk.run(*words, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["dates"] == ["2025-08-31"]
    assert (desk.folder / last.removeprefix("Open ")).read_bytes() == page


def test_a_backtest_of_a_short_record_is_refused(desk: Desk) -> None:
    done = desk.run("backtest", "--direct", "--force", "barset.toml", "--raw", "raw")
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert "hotspots: The record is too short for a backtest" in done.stderr
    assert not (desk.folder / "reports" / "barset" / "backtest-2025-09-30").exists()
    usage = desk.run("backtest", "--direct", "--force", "barset.toml", "--months", "0")
    assert usage.returncode == 2


def test_a_force_without_settings_runs_on_the_defaults_where_files_of_it_are_there(desk: Desk) -> None:
    done = desk.run("weekly", "--direct", "--force", "loamshire", "--raw", "raw", "--as-of", "2025-09")
    assert done.returncode == 0, done.stderr
    assert (desk.folder / "reports" / "loamshire" / "2025-09-30" / "index.html").is_file()


class Planted(html.parser.HTMLParser):
    """Tags of a page that a planted text has become: attributes may hold it as text, but nothing may run it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" or any(name.startswith("on") for name, _ in attrs):
            self.found.append(tag)

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and data.startswith("alert"):
            self.found.append("script")


def test_html_in_a_survey_and_in_a_place_name_is_text_everywhere(desk: Desk) -> None:
    barset.write_survey(
        desk.folder / "raw" / "lets-talk.csv", [SCRIPT] * 12 + ["Rowdy or inconsiderate behaviour"] * 12
    )
    rows = [row | {"Location": SCRIPT} for row in barset.month_rows("2025-09")]
    barset.write_month(desk.folder / "raw", "2025-09", rows=rows)
    done = desk.weekly()
    assert done.returncode == 0, done.stderr
    files = [path for path in desk.report.rglob("*") if path.is_file()]
    pages = {path.relative_to(desk.report).as_posix(): path.read_text("utf-8", "replace") for path in files}
    for name in (name for name in pages if name.endswith(".html")):
        assert Planted(pages[name]).found == []
    for name in ("index.html", "areas.html", "map.html", "patrol_areas.kml"):
        assert SCRIPT not in pages[name] and "<script>alert" not in pages[name] and "<img src=x" not in pages[name]
    assert "alert" in pages["patrol_areas.csv"], "the place's name is still told, as text"
    table = openpyxl.load_workbook(desk.report / "patrol_areas.xlsx")
    assert any("alert" in str(cell.value) for sheet in table for line in sheet.iter_rows() for cell in line)


def test_names_and_comments_of_a_survey_reach_no_file(desk: Desk) -> None:
    assert desk.weekly().returncode == 0
    for path in [*desk.report.rglob("*"), *(desk.folder / "data").rglob("*")]:
        assert path.is_dir() or b"Proudie" not in path.read_bytes()


def test_check_tells_what_is_good_and_bad_and_stores_nothing(desk: Desk) -> None:
    done = desk.run("check", "raw", "--force", "barset.toml")
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(": ", 1) for line in done.stdout.splitlines() if not line.startswith("  "))
    assert "  lets-talk.csv: 1 column holds personal data and was left out: 'Your name' (names)." in done.stdout
    assert set(lines) == {path.name for path in (desk.folder / "raw").rglob("*") if path.is_file()}
    assert re.search(r"street file, \d+ rows, 2025-09 to 2025-09; 1 row: the row has no location", lines[STREET])
    assert "3 rows" in lines["lets-talk.csv"] and "2 force" in lines["outlines.geojson"]
    assert lines["notes.docx"] == "unknown, not used."
    assert not (desk.folder / "data").exists()
    (desk.folder / "raw" / "2025-09" / STREET).write_bytes(archive())
    done = desk.run("check", "raw", "--force", "barset.toml")
    assert done.returncode == 3 and "Traceback" not in done.stderr
    assert f"{STREET}: this is a zip archive" in done.stdout


def test_init_makes_settings_that_run_once_files_are_there(desk: Desk) -> None:
    done = desk.run("init", "West Barset Police")
    assert done.returncode == 0, done.stderr
    assert (desk.folder / "west-barset.toml").is_file() and (desk.folder / "data" / "raw" / "west-barset").is_dir()
    again = desk.run("init", "West Barset Police")
    assert again.returncode == 2 and "'west-barset.toml' already exists" in again.stderr
    empty = desk.run("weekly", "--direct", "--force", "west-barset.toml")
    assert empty.returncode == 3 and "There are no files for west-barset" in empty.stderr
    nameless = desk.run("init", "123")
    assert nameless.returncode == 2 and "Traceback" not in nameless.stderr


def test_doctor_tells_versions_and_what_is_well(desk: Desk) -> None:
    done = desk.run_afresh("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert any(re.match(r"ok +Python 3\.\d+", line) for line in lines)
    assert any("Prefect" in line and line.startswith("ok") for line in lines)
    assert not any(line.startswith("BAD") for line in lines)


def test_doctor_says_what_is_not_well(desk: Desk) -> None:
    shutil.rmtree(desk.folder / "reports")
    (desk.folder / "reports").write_text("a file in the folder's place", encoding="utf-8")
    done = desk.run("doctor")
    assert done.returncode == 2
    assert any(line.startswith("BAD") and "'reports' cannot be written to" in line for line in done.stdout.splitlines())


def test_help_names_every_command(desk: Desk) -> None:
    done = desk.run("--help")
    assert done.returncode == 0
    for command in ("weekly", "ingest", "target", "evaluate", "publish", "backtest", "check", "init", "doctor"):
        assert re.search(rf"^\s+{command}\s", done.stdout, re.MULTILINE)


# promises


@pytest.mark.parametrize("words", [["--help"], ["weekly", "--direct", "--force", "barset.toml", "--raw", "raw"]])
def test_a_direct_run_never_imports_prefect(desk: Desk, words: list[str]) -> None:
    code = (
        "import atexit, sys; from pipelines.cli import main; "
        "atexit.register(lambda: print('prefect' in sys.modules, file=sys.stderr)); main()"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=desk.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "False"
