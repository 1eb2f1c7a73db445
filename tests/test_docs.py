"""The README says what the code does; the notebook runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import readme_tables

from pipelines import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readmes_tables_are_those_of_the_code():
    assert readme_tables.renew(README) == README
    assert len(readme_tables.MARK.findall(README)) == 3


def test_every_setting_says_what_it_is():
    rows = re.findall(r"^\| `([a-z_.]+)` \| (.*) \| (.*) \|$", readme_tables.settings_table(), re.MULTILINE)
    assert len(rows) > 40
    assert all(says.strip() for _, _, says in rows)


def test_every_command_of_the_readme_is_there():
    named = set(re.findall(r"(?:^|`|&& )hotspots ([a-z]+)", README, re.MULTILINE))
    there = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    assert named <= there
    assert there <= named


def test_every_option_of_the_readme_is_known_to_weekly():
    run = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "weekly", "--help"],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    for option in set(re.findall(r"--(?:force|raw|as-of|direct|json)\b", README)):
        assert option in run.stdout


def test_every_file_the_readme_names_is_written_by_a_run(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "weekly", "--direct"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "Open reports/littleham/2026-03-29/index.html"
    report = tmp_path / "reports" / "littleham" / "2026-03-29"
    written = {path.name + "/" * path.is_dir() for path in report.iterdir()}
    section = README.partition("## What comes out")[2].partition("## Commands")[0]
    named = set(re.findall(r"`([a-z_]+(?:\.[a-z]+|/))`", section)) | {
        "patrol_areas" + end for end in re.findall(r"`(\.[a-z]+)`", section)
    }
    assert named == written


def test_the_notebook_runs_and_finds_what_is_planted(tmp_path):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read(ROOT / "notebooks" / "01-first-look.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert all(output["output_type"] != "error" for cell in notebook.cells for output in cell.get("outputs", []))
    assert all(
        not cell.get("outputs")
        for cell in nbformat.read(ROOT / "notebooks" / "01-first-look.ipynb", as_version=4).cells
    )
