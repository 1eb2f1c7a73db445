"""The flows with Prefect: the same report as without, tasks with names, retries that help, artifacts."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from hotspots.errors import SourceError
from hotspots.testing.backtest import BacktestParams
from pipelines.engine import Flow, Step
from pipelines.flows import evaluate, ingest, publish, target
from pipelines.flows.backtest import backtest
from pipelines.flows.weekly import weekly
from pipelines.settings import Settings
from pipelines.storage.store import Store

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def report_of(folder: Path) -> dict[str, object]:
    """What a report's folder holds, file by file; of run.json all but what was measured."""
    facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    facts.pop("measured")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files} | {"run.json": facts}


@pytest.fixture(scope="module")
def engine_run(engine: None, settings: Settings, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a weekly run through Prefect."""
    folder = tmp_path_factory.mktemp("engine")
    summary = weekly.with_prefect(settings, (raw,), folder / "processed", folder / "reports")
    return Path(summary["report"])


def _runs_of(flow_name: str) -> list[tuple[str, str]]:
    """Name and final state of every task run of the flow runs of this name."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import TaskRunSort

    chosen = FlowFilter(name=FlowFilterName(any_=[flow_name]))
    with get_client(sync_client=True) as client:
        runs = client.read_task_runs(flow_filter=chosen, sort=TaskRunSort.NAME_ASC, limit=200)
    return [(run.name, run.state_name) for run in runs]


def _artifact(key: str) -> str | None:
    """Latest data of the artifact of this key."""
    from prefect.client.orchestration import get_client

    chosen = {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC"}
    with get_client(sync_client=True) as client:
        found = client.request("POST", "/artifacts/filter", json=chosen).json()
    return found[0]["data"] if found else None


def wait_for(find: Callable[[], Any], is_there: Callable[[Any], bool]) -> Any:
    """What a question finds, once it is there: the server writes down events with some delay."""
    for _ in range(60):
        found = find()
        if is_there(found):
            break
        time.sleep(0.5)
    return found


# answers


def test_prefect_s_server_imports_and_a_flow_runs(engine: None) -> None:
    from prefect.server.api.server import create_app

    assert create_app is not None
    double = Step(lambda number: 2 * number, "Double")
    assert Flow(lambda: double(double(3)), "doubling").with_prefect() == 12


def test_the_report_is_the_same_as_without_the_engine(
    engine_run: Path, settings: Settings, raw: Path, tmp_path: Path
) -> None:
    summary = weekly(settings, (raw,), tmp_path / "processed", tmp_path / "reports")
    direct = report_of(Path(summary["report"]))
    assert report_of(engine_run) == direct
    assert {"index.html", "map.html", "patrol_areas.csv", "accuracy.csv", "run.json"} <= set(direct)


def test_a_backtest_finds_the_same_as_without_the_engine(
    engine: None, engine_run: Path, settings: Settings, tmp_path: Path
) -> None:
    store = Store(engine_run.parents[2] / "processed", "barset", date.fromisoformat(engine_run.name))
    short = replace(settings, backtest=BacktestParams(dates=1, ahead_months=1, min_months=1))
    folders = [
        Path(run(short, store, tmp_path / name)["report"])
        for name, run in (("engine", backtest.with_prefect), ("direct", backtest))
    ]
    one, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert one == other
    assert one["accuracy.csv"].count(b"\n") > 20


@pytest.mark.parametrize("module", [ingest, target, evaluate, publish])
def test_every_task_has_a_name_a_reader_knows(engine_run: Path, module: ModuleType) -> None:
    flow = module.__name__.rpartition(".")[2]
    named = {step.name for step in vars(module).values() if isinstance(step, Step)}
    runs = wait_for(lambda: _runs_of(flow), lambda found: {state for _, state in found} == {"Completed"})
    assert {state for _, state in runs} == {"Completed"}
    seen = {name.rsplit("-", 1)[0] for name, _ in runs}
    assert named <= seen
    assert all(name[0].isupper() and " " in name for name in seen)


def test_the_artifacts_hold_what_the_report_holds(engine_run: Path) -> None:
    facts = json.loads((engine_run / "run.json").read_text(encoding="utf-8"))
    key = f"barset-{facts['as_of']}"
    text, table = (wait_for(lambda end=end: _artifact(f"{key}-{end}"), bool) for end in ("summary", "patrol-areas"))
    assert text.startswith(f"# Barset Constabulary, as of {facts['as_of']}")
    assert f"- rows kept: {facts['counts']['rows_kept']}" in text
    assert all(f"- {finding}" in text for finding in facts["findings"])
    rows = json.loads(table)
    areas = json.loads((engine_run / "patrol_areas.geojson").read_text(encoding="utf-8"))["features"]
    first = [
        area["properties"] for area in areas if area["properties"]["rank"] <= facts["settings"]["patrol_areas"]["top_k"]
    ]
    listed = {(row["family"], row["rank"]): row for row in rows}
    assert len(listed) == len(rows) == len(first)
    for area in first:
        row = listed[area["family"], area["rank"]]
        assert (row["main_location"], row["reason"]) == (area["main_location"], area["reason"])
        assert row["expected"] == pytest.approx(area["expected"], abs=1e-4)


# promises


@pytest.mark.parametrize(
    ("error", "tries"),
    [(SourceError("street.csv: column is missing."), 1), (OSError(5, "Input/output error"), 3), (KeyError("bug"), 1)],
)
def test_a_refused_file_is_not_tried_again_and_a_failing_disk_is(
    engine: None, monkeypatch: pytest.MonkeyPatch, error: Exception, tries: int
) -> None:
    calls = []

    def read() -> None:
        calls.append(1)
        raise error

    step = Step(read, "Read what cannot be read", retry=True)
    monkeypatch.setattr(step.task, "retry_delay_seconds", 0)
    with pytest.raises(type(error)):
        Flow(lambda: step(), "reading").with_prefect()
    assert len(calls) == tries


def test_a_step_that_fetches_nothing_is_never_tried_again(engine: None) -> None:
    calls = []

    def count() -> None:
        calls.append(1)
        raise OSError(5, "Input/output error")

    step = Step(count, "Count")
    with pytest.raises(OSError, match="Input/output"):
        Flow(lambda: step(), "counting").with_prefect()
    assert len(calls) == 1


def test_a_failed_flow_prints_no_traceback(engine: None, capfd: pytest.CaptureFixture[str]) -> None:
    def read() -> None:
        raise SourceError("street.csv: a column is missing.")

    step = Step(read, "Read what cannot be read", retry=True)
    with pytest.raises(SourceError):
        Flow(lambda: Flow(lambda: step(), "part")(), "whole").with_prefect()
    said = capfd.readouterr()
    assert "Traceback" not in said.out + said.err and "ERROR" not in said.out + said.err


def test_a_step_outside_a_flow_run_is_the_plain_function(engine: None) -> None:
    from prefect.context import TaskRunContext

    def task_run() -> UUID | None:
        context = TaskRunContext.get()
        return context.task_run.id if context else None

    step = Step(task_run, "Which run")
    assert step() is None
    assert isinstance(Flow(lambda: step(), "asking").with_prefect(), UUID)
