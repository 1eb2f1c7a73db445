"""Barset's files and settings, written once; a run of them, made once, for tests that only read it."""

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
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return barset.write_raw(tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="session")
def ingested(settings: Settings, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return ingest(settings, (raw,), tmp_path_factory.mktemp("processed"), SEPTEMBER)


@pytest.fixture(scope="session")
def targeted(settings: Settings, ingested: Store) -> Store:
    return task(settings, target(settings, ingested))


@pytest.fixture(scope="session")
def published(settings: Settings, targeted: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = tmp_path_factory.mktemp("reports")
    publish(settings, evaluate(settings, targeted), reports)
    return reports / "barset" / "2025-09-30"
