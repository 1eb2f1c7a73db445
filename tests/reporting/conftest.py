"""A made-up run, written once for all tests that only read it."""

from pathlib import Path

import made_up_report as examples
import pytest

from hotspots.reporting import write_report
from hotspots.reporting.report import Report


@pytest.fixture(scope="session")
def run() -> Report:
    return examples.report()


@pytest.fixture(scope="session")
def written(run: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report")
    write_report.write_report(run, path)
    return path


@pytest.fixture(scope="session")
def hostile_run() -> Report:
    return examples.hostile()


@pytest.fixture(scope="session")
def hostile_written(hostile_run: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile")
    write_report.write_report(hostile_run, path)
    return path
