"""Every command shown on the pages runs, and leaves the files that the pages name.

The blocks of a page are run in order, in a folder of its own; a page that goes on from the README shares its folder.
Two things differ from what a reader does: `hotspots weekly` runs with `--direct` (tests/flows compares both ways), and
`hotspots download` asks a made-up site on this machine.
"""

import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import documentation
import forked_command
import pandas as pd
import pytest
from documentation import PAGES, ROOT, Block
from download_server import MadeUpSite, archive_of, square

pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="the pages show commands of a POSIX shell")

# Commands that are not run here: why, and what runs them instead.
NOT_RUN = {
    r"python -m pip install -c constraints\.txt -e \S+": "it needs a package index; .ci/run runs it",
    r"pytest": "it is what runs this",
}
FOLDERS = {"README.md": "readme", "deployment.md": "readme", "tutorial.md": "tutorial"}
MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


def ask_the_made_up_site(url: str) -> None:
    """Let `hotspots download` ask another address than data.police.uk."""
    from pipelines.flows.download import DownloadParams
    from pipelines.flows.download_roads import RoadsParams

    DownloadParams.__init__.__kwdefaults__["base_url"] = url
    RoadsParams.__init__.__kwdefaults__["list_url"] = f"{url}/roads"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeUpSite]:
    """A data.police.uk on this machine with two years of Wiltshire, and OS Open Roads with one road there."""
    made_up = MadeUpSite()
    for last in ("2025-09", "2025-12"):
        made_up.put_archive(last, archive_of([month for month in MONTHS if month <= last], ["wiltshire"]))
    made_up.put_neighbourhoods("wiltshire", {"SW1": square(-1.80, 51.55), "SW2": square(-1.70, 51.55)})
    made_up.put_json("/api/crime-last-updated", {"date": "2025-12-01"})
    made_up.put_roads(tmp_path_factory.mktemp("os"))
    yield made_up
    made_up.close()


@pytest.fixture(scope="module")
def desk(site: MadeUpSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each page's commands, run."""
    folder = tmp_path_factory.mktemp("desk")
    for name, pages in _by_folder().items():
        (folder / name).mkdir()
        for page in pages:
            for block in documentation.blocks(page):
                _follow(block, folder / name, site.url)
    return folder


def _by_folder() -> dict[str, list[Path]]:
    """The pages by the folder that their commands run in, the README before those that go on from it."""
    found: dict[str, list[Path]] = {}
    for page in PAGES:
        found.setdefault(FOLDERS.get(page.name, page.stem), []).append(page)
    return found


def _follow(block: Block, work: Path, site: str) -> None:
    """Do what a block asks of the reader: fill a file, or run commands."""
    name, mode = block.file
    if name:
        with (work / name).open(mode, encoding="utf-8") as file:
            file.write(block.text)
    if block.language == "sh":
        for line in block.text.splitlines():
            for command in line.split(" && "):
                _run(command, block, work, site)


def _run(command: str, block: Block, work: Path, site: str) -> None:
    """Run a command as it stands on the page, but for what the head of this module says."""
    if any(re.fullmatch(pattern, command) for pattern in NOT_RUN):
        return
    words = shlex.split(command)
    if words[0] == "hotspots":
        words += ["--direct"] if words[1] == "weekly" and "--direct" not in words else []
        done = forked_command.run(words[1:], work, before=functools.partial(ask_the_made_up_site, site))
    else:
        environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        done = subprocess.run(["bash", "-c", command], cwd=work, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{block.page.name}: {command}\n{done.stdout}\n{done.stderr}"


def test_every_block_of_the_pages_is_run_or_filled_in_or_shown_only() -> None:
    found = [block for page in PAGES for block in documentation.blocks(page)]
    assert {block.language for block in found} <= {"sh", "toml", "text", "{toctree}"}
    assert sum(block.language == "sh" for block in found) >= 12
    assert sum(bool(block.file[0]) for block in found) >= 4


def test_what_is_not_run_here_is_run_on_the_server() -> None:
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"' in steps
    assert steps.splitlines()[-1] == "pytest"
    assert re.search(r"^mypy\b", steps, re.MULTILINE)


def test_the_pages_that_the_readme_and_the_tutorial_promise_are_there(desk: Path) -> None:
    for page, folder in (("README.md", "readme"), ("docs/tutorial.md", "tutorial")):
        promised = re.findall(r"`(reports/[\w-]+/[\d-]+/index\.html)`", (ROOT / page).read_text(encoding="utf-8"))
        assert promised
        assert all((desk / folder / path).is_file() for path in promised)


# Littleham's files have none of these, and a first run has no accuracy; without rows they are not written.
NOT_IN_THE_DEMO = {"priorities.csv", "confidence.csv", "accuracy.html"}


@pytest.mark.parametrize("page", ["README.md", "docs/reference/report_files.md"])
def test_the_tables_of_report_files_name_what_a_run_writes_and_nothing_else(desk: Path, page: str) -> None:
    report = desk / "readme" / "reports" / "littleham" / "2026-03-29"
    written = {path.name + "/" * path.is_dir() for path in report.iterdir()}
    text = (ROOT / page).read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`[a-z_-]+(?:\.[a-z]+|/)`.*?) \|", text.partition("| file | content |")[2], re.MULTILINE)
    named = set(re.findall(r"`([a-z_-]+(?:\.[a-z]+|/))`", "\n".join(cells)))
    named |= {"patrol_areas" + end for end in re.findall(r"`(\.[a-z]+)`", "\n".join(cells))}
    assert named == written | (named & NOT_IN_THE_DEMO)


def test_the_tutorial_s_decisions_stand_on_its_list(desk: Path) -> None:
    path = desk / "tutorial" / "reports" / "littleham" / "2026-03-29" / "patrol_areas.csv"
    areas = pd.read_csv(path).dropna(subset="decision").set_index("decision")
    assert sorted(areas.index) == ["exclude", "pin"]
    assert areas.loc["pin", ["rank", "main_location"]].tolist() == [1, "Castle Row"]
    excluded = areas.loc["exclude"]
    assert excluded["patrol_area_id"] == "asb-area-2026-03-0001"
    assert excluded["rank_by_method"] == 1 and excluded["rank"] > 20


def test_the_survey_s_map_in_the_tutorial_is_the_one_that_check_proposes(desk: Path) -> None:
    from pipelines.commands import init

    proposed = [line for line in init.propose_map(desk / "tutorial" / "downloads" / "survey.csv") if line]
    shown = next(block for block in documentation.blocks(ROOT / "docs/tutorial.md") if "[survey]" in block.text)
    assert [line for line in shown.text.splitlines() if line] == [line for line in proposed if not line.startswith("#")]
