"""What tests of several folders share: made-up incidents, files to read, and the real data where it is at hand."""

import gc
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import filelock
import geopandas as gpd
import hypothesis
import numpy as np
import pandas as pd
import pytest
from shapely import box

from hotspots import crs, tables

ROOT = Path(__file__).resolve().parents[1]

hypothesis.settings.register_profile(
    "house", deadline=None, derandomize=True, database=None, max_examples=40,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)  # fmt: skip
hypothesis.settings.load_profile("house")
# The processes that run the tests inherit these: threads of two such processes would wait for one another's cores.
os.environ |= {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
# As the command has it: searching for reference cycles is a tenth of a run's time.
gc.set_threshold(200_000)

# One process runs all tests of a file. The slowest files are begun first, so that no process ends long before others.
SLOWEST = (
    "test_documented_commands", "test_cli", "test_hostile_inputs", "test_real_data", "test_engine", "test_pages",
    "test_littleham_truth", "test_publish", "test_team_briefing", "test_download", "test_near_repeats",
    "test_littleham_concerns", "test_nasty_surveys", "test_round_trip", "test_monthly_checks", "test_backtest",
    "test_docs", "test_cluster_choice", "test_privacy", "test_target", "test_local_decisions", "test_planting",
    "test_littleham",
)  # fmt: skip


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: some tests wait for a server or a browser."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first."""
    places = {name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """A folder that is filled once for all test processes; tests read what is in it and change nothing."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made_once"
    shared.mkdir(exist_ok=True)

    def folder_of(name: str, fill: Callable[[Path], object]) -> Path:
        folder, complete = shared / name, shared / f"{name}.complete"
        with filelock.FileLock(shared / f"{name}.lock"):
            if not complete.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                complete.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder with the real data; the test is skipped, saying so, where it is missing."""
    named = os.environ.get("HOTSPOTS_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is no folder (name another with HOTSPOTS_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def expected_results(shared_data: Path) -> dict:
    """Published results on the benchmark data; the test is skipped where they are missing."""
    import json

    path = shared_data / "benchmarks" / "expected.json"
    if not path.is_file():
        pytest.skip(f"no published results: {path} is missing")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def incidents_at() -> Callable[..., gpd.GeoDataFrame]:
    """Incidents at given points; keyword arguments are columns, one value for all or one for each."""

    def make(points: Sequence[tuple[float, float]], **columns: object) -> gpd.GeoDataFrame:
        xy = np.array(points, dtype=float).reshape(-1, 2)
        frame = pd.DataFrame({"incident_id": [f"i{number:05d}" for number in range(len(xy))]})
        facts = {
            "source": "police_uk", "force": "littleham", "is_own_force": True, "category": "asb", "month": "2025-09",
            "date_precision": "month", "location_precision": "snap", "location_text": "On or near Mill Lane",
            "team_name": "Littleham",
        }  # fmt: skip
        frame = frame.assign(**(facts | columns))
        return tables.conform(
            gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(*xy.T), crs=crs.BNG), tables.INCIDENTS
        )

    return make


@pytest.fixture(scope="session")
def squares() -> Callable[..., gpd.GeoDataFrame]:
    """Square outlines given by their corner and side, metres; keyword arguments are columns."""

    def make(*corners: tuple[float, float, float], **columns: object) -> gpd.GeoDataFrame:
        shapes = [box(x, y, x + side, y + side) for x, y, side in corners]
        return gpd.GeoDataFrame(pd.DataFrame(columns, index=range(len(shapes))), geometry=shapes, crs=crs.BNG)

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A file of this name with this text (or these bytes)."""

    def put(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return put
