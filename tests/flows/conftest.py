"""One temporary Prefect server for all tests of flows."""

from collections.abc import Iterator
from pathlib import Path

import made_up_files as barset
import pytest

from pipelines import engine as prefect_engine
from pipelines import settings as force_settings


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
def settings() -> force_settings.Settings:
    return force_settings.from_toml(barset.SETTINGS, "barset.toml")


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return barset.write_raw(tmp_path_factory.mktemp("raw"))
