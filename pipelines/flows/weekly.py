"""Weekly: the whole cycle of a force, from raw files to the report."""

from datetime import date
from pathlib import Path

from pipelines.engine import flow
from pipelines.flows.evaluate import evaluate
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.target import target
from pipelines.flows.task import task
from pipelines.settings import Settings


@flow("weekly", parts=5)
def weekly(
    settings: Settings, raw: tuple[Path, ...], processed: Path, reports: Path, as_of: date | None = None
) -> dict[str, object]:
    """Ingest, target, evaluate, task and publish, and give the summary of the run."""
    store = ingest(settings, raw, processed, as_of)
    target(settings, store)
    evaluate(settings, store)
    task(settings, store)
    return publish(settings, store, reports)
