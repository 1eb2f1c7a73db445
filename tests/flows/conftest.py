"""One temporary Prefect server for all tests of flows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import engine as prefect_engine
from pipelines import settings as force_settings
from pipelines.commands import init


@pytest.fixture(scope="session")
def engine() -> Iterator[None]:
    """A Prefect server with an empty database; slow machines take long to start one."""
    import warnings

    prefect_engine.prepare_prefect()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from prefect.testing.utilities import prefect_test_harness

        with prefect_test_harness(server_startup_timeout=180):
            yield


@pytest.fixture(scope="session")
def demo() -> force_settings.Settings:
    """The demo's settings with few random deals."""
    text = (force_settings.FORCES / "demo.toml").read_text(encoding="utf-8")
    return force_settings.from_toml(text + "\n[significance]\ndraws = 19\n", "demo.toml")


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("littleham")
    init.make_demo(folder)
    return folder
