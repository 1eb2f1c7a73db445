"""Barset's files and settings, written once; a run of them, made once, for tests that only read it."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import made_up_files as barset
import pytest

from pipelines import settings as force_settings
from pipelines.flows.evaluate import evaluate
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.target import target
from pipelines.flows.task import task
from pipelines.settings import Settings
from pipelines.storage.store import Store

SEPTEMBER = date(2025, 9, 30)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return force_settings.from_toml(barset.SETTINGS, "barset.toml")


@pytest.fixture(scope="session")
def raw(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """Barset's files, in one folder for all test processes, as a stored run holds their paths."""
    return made_once("raw", barset.write_raw)


@pytest.fixture(scope="session")
def stages(settings: Settings, raw: Path, made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A run of Barset, made by one test process: what is stored after ingest and at the end, and the report."""

    def run(folder: Path) -> None:
        store = ingest(settings, (raw,), folder / "processed", SEPTEMBER)
        shutil.copytree(folder / "processed", folder / "ingested")
        publish(settings, evaluate(settings, task(settings, target(settings, store))), folder / "reports")

    return made_once("barset", run)


@pytest.fixture(scope="session")
def ingested(stages: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return _copy_of(stages / "ingested", tmp_path_factory)


@pytest.fixture(scope="session")
def targeted(stages: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return _copy_of(stages / "processed", tmp_path_factory)


@pytest.fixture(scope="session")
def published(stages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "barset"
    return shutil.copytree(stages / "reports" / "barset", folder) / "2025-09-30"


def _copy_of(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of this process's own, as some tests run a flow on it."""
    folder = tmp_path_factory.mktemp("stored") / "processed"
    shutil.copytree(stored, folder)
    return Store(folder, "barset", SEPTEMBER)
