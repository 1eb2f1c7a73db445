"""A made-up run, written once for all tests that only read it."""

from collections.abc import Callable
from pathlib import Path

import made_up_report as examples
import pytest

from hotspots.reporting import write_report
from hotspots.reporting.report import Report


@pytest.fixture(scope="session")
def run() -> Report:
    return examples.report()


@pytest.fixture(scope="session")
def written(run: Report, made_once: Callable[..., Path]) -> Path:
    return made_once("report_full", lambda folder: write_report.write_report(run, folder))


@pytest.fixture(scope="session")
def hostile_run() -> Report:
    return examples.hostile()


@pytest.fixture(scope="session")
def hostile_written(hostile_run: Report, made_once: Callable[..., Path]) -> Path:
    return made_once("report_hostile", lambda folder: write_report.write_report(hostile_run, folder))
