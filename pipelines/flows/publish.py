"""Publish: stored tables to the folder of reports that people open."""

import json
import platform
import resource
import sys
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import __version__, findings, harm, period
from hotspots.reporting import partner_referrals, place_names, run_summary, same_months, write_report
from hotspots.reporting.public import public_figures
from hotspots.reporting.public.public_figures import PublicFigures
from hotspots.reporting.report import Report
from hotspots.targeting.forecasting import expected_incidents
from pipelines import settings as settings_module
from pipelines.engine import flow, in_flow_run, step
from pipelines.flows import publish_residents
from pipelines.settings import Settings
from pipelines.storage import atomic_write, published_areas, referral_ledger, stored_base_map
from pipelines.storage.published_areas import Published
from pipelines.storage.store import Store

LIBRARIES = (
    "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "pyarrow", "scikit-learn", "scipy", "folium", "prefect",
)  # fmt: skip
# Earlier runs whose patrol areas the map can show.
PAST_RUNS = 12
METHOD_TABLES = ("method_notes", "parameter_choices", "concentration", "hexagons")
NOT_EVALUATED = "Earlier lists were not scored: 'hotspots evaluate' was not run for this day."


@flow("publish")
def publish(settings: Settings, store: Store, reports: Path) -> dict[str, object]:
    """Write the report of a stored day in place of an earlier one, and return its summary."""
    report = make_report(store, settings)
    summary = write_folder(report, settings, store, reports)
    create_artifacts(summary, report)
    return summary


@step("Gather the data of the report")
def make_report(store: Store, settings: Settings) -> Report:
    """Return the data of the report from the stored tables."""
    window = period.evidence_window(store.as_of, settings.period.window_months)
    incidents = store.read_incidents(window)
    own = incidents[incidents["is_own_force"]]
    earlier, tally, days_ahead = store.earlier_runs(), store.read("tally"), settings.period.horizon_days
    hotspots = store.read("hotspots")  # read first: without it the message names the flow that comes first
    other_areas = published_areas.months_by_other_areas(store, settings.public.areas, settings.period.window_months)
    public = _public_figures(own, store, settings, other_areas)
    residents = publish_residents.read_residents_report(store, settings)
    places, left_out = store.read("places"), store.read_facts("health")["left_out"]
    hotspots, areas = distinguish_places(hotspots, store.read("patrol_areas"), places)
    base_map = stored_base_map.read_base_map(store)
    return Report(
        force_name=settings.force.name,
        slug=settings.force.slug,
        marking=settings.force.marking,
        as_of=store.as_of,
        previous_as_of=_previous_as_of(store),
        window=window,
        expires_on=store.as_of + timedelta(days=2 * int(expected_incidents.horizon_days(incidents, days_ahead))),
        horizon_label=expected_incidents.horizon_label(incidents, days_ahead),
        top_k=settings.patrol_areas.top_k,
        hotspots=hotspots,
        patrol_areas=areas,
        past_areas=_past_areas(earlier[:PAST_RUNS]),
        incidents=period.within(own, window),
        concerns=store.read("concerns"),
        places=places,
        last_year=same_months.compare_years(_two_years(store, window), window, left_out),
        base_map=base_map,
        encoded_base_map=stored_base_map.encode_base_map(store.folder, store.force, base_map),
        tiles=settings.tiles,
        tally=tally,
        findings=_findings(store, settings, earlier, other_areas),
        left_out=left_out,
        settings=settings_module.as_dict(settings),
        inputs=run_summary.list_inputs(store.read_facts("ingest")["inputs"], tally),
        public=public,
        residents=residents,
        referrals=partner_referrals.locate_referrals(residents.referrals),
        updates=publish_residents.make_updates(store, settings, public),
        versions=_versions(),
        near_repeats=store.read("near_repeats"),
        near_repeat_words=tuple(store.read_facts("near_repeats")["words"]),
        **_accuracy(store),
        **{name: store.read(name) for name in METHOD_TABLES},
    )


def distinguish_places(
    hotspots: pd.DataFrame, areas: pd.DataFrame, places: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the hotspots and the patrol areas with the town after names that repeat."""
    named = [gpd.GeoDataFrame(table) for table in (hotspots, areas)]
    towns = gpd.GeoDataFrame(places)
    return (
        hotspots.assign(main_location=place_names.distinguish_names(named[0], named[1], towns)),
        areas.assign(main_location=place_names.distinguish_names(named[1], named[0], towns)),
    )


def _two_years(store: Store, window: period.Window) -> gpd.GeoDataFrame:
    """Return the force's own incidents of the window and of the year before it."""
    start = (pd.Timestamp(window.start) - pd.DateOffset(years=1)).date()
    incidents = store.read_incidents(period.Window(start, window.end))
    return incidents[incidents["is_own_force"]]


def _previous_as_of(store: Store) -> date | None:
    """Return the last day of the previous period; None where it has no data."""
    day = store.read_facts("target").get("previous_as_of")
    return date.fromisoformat(day) if day else None


def _findings(
    store: Store, settings: Settings, earlier: list[Store], other_areas: dict[str, Published]
) -> pd.DataFrame:
    """Return the findings of ingest, targeting and publishing; those of the last report are marked as seen."""
    found = store.read("findings").to_dict("records") + store.read_facts("target")["findings"]
    if other_areas:
        latest = max(other_areas.values())
        report = "An earlier report of this day" if latest.day == store.as_of else f"The report of {latest.day}"
        found.append(findings.public_areas_changed(report, latest.areas, settings.public.areas))
    last = next((day for day in earlier[:1] if day.has_facts("reported")), None)
    return findings.mark_seen(findings.findings_table(found), last.read_facts("reported")["findings"] if last else ())


def _public_figures(
    own: gpd.GeoDataFrame, store: Store, settings: Settings, other_areas: dict[str, Published]
) -> PublicFigures:
    """Return the figures that may be published."""
    places = store.read("places")
    teams = {team.name: team.valid_from for team in settings.teams_on(store.as_of)}
    return public_figures.gather_figures(
        own,
        places,
        store.as_of,
        settings.period.window_months,
        settings.public,
        force_name=settings.force.name,
        begins=public_figures.first_days(places, teams, store.as_of),
        left_out=store.read_facts("health")["left_out"],
        by_other_areas=sorted(other_areas),
    )


def _past_areas(earlier: list[Store]) -> pd.DataFrame | None:
    """Return the patrol areas of earlier runs with the day of each; None on a first run."""
    found = [day.read("patrol_areas").assign(as_of=pd.Timestamp(day.as_of)) for day in earlier]
    return pd.concat(found, ignore_index=True) if found else None


def _accuracy(store: Store) -> dict[str, Any]:
    """Return the scores of earlier lists, or the reason why there are none."""
    if not store.has("accuracy"):
        return {"accuracy_words": (NOT_EVALUATED,)}
    scores = {name: store.read(name) for name in ("accuracy", "calibration")}
    return {**scores, "accuracy_words": tuple(store.read_facts("accuracy")["words"])}


def _versions() -> dict[str, str]:
    """Return the versions of the package, the harm weights and the libraries."""
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    return {"hotspots": __version__, "harm weights": harm.VERSION, **libraries}


@step("Write the report")
def write_folder(report: Report, settings: Settings, store: Store, reports: Path) -> dict[str, object]:
    """Write the report's folder in place of an earlier one; run.json records how it was made."""
    final = reports / report.slug / report.as_of.isoformat()
    with atomic_write.atomic_folder(final) as temporary:
        write_report.write_report(report, temporary)
        summary = run_summary.summarise(report, final)
        record = {name: fact for name, fact in summary.items() if name not in ("report", *run_summary.TERMINAL_ONLY)}
        record |= {"settings": report.settings, "inputs": report.inputs, "versions": report.versions}
        record[referral_ledger.COMMIT_ID] = referral_ledger.commit_id(store)
        record["measured"] = {**_measurements(store), "report": summary["report"]}
        _write_json(temporary / "run.json", record)
        published = [] if report.public is None else report.public.figures["month"].unique()
        published_areas.record(store, settings.public.areas, published, settings.period.window_months)
        referral_ledger.stage(store, final)
    referral_ledger.commit(store)
    store.write_facts("reported", {"findings": summary["findings"]})
    return summary


def _measurements(store: Store) -> dict[str, object]:
    """Return what differs between runs of the same inputs: memory, machine and folders."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "peak_memory_mb": round(peak / (1024 if sys.platform != "darwin" else 1024**2), 1),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processed": str(store.folder),
    }


def _write_json(path: Path, facts: dict[str, object]) -> None:
    path.write_text(json.dumps(facts, indent=1, default=str, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def create_artifacts(summary: dict[str, object], report: Report) -> None:
    """Create Prefect artifacts of the summary and the top areas, if a flow run is in progress."""
    if not in_flow_run():
        return
    from prefect.artifacts import create_markdown_artifact, create_table_artifact

    key = f"{report.slug}-{report.as_of}".lower()
    text = run_summary.to_markdown(summary, report)
    create_markdown_artifact(key=f"{key}-summary", markdown=text, description="Summary of the run")
    create_table_artifact(
        key=f"{key}-patrol-areas", table=run_summary.top_areas(report), description="Ranked patrol areas"
    )
