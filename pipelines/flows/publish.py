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

from hotspots import __version__, categories, findings, harm, period, quality
from hotspots.reporting import write_report
from hotspots.reporting.public import disclosure
from hotspots.reporting.public.public_figures import PublicFigures, gather_figures
from hotspots.reporting.report import Report
from hotspots.targeting.forecasting import expected_incidents
from pipelines import settings as settings_module
from pipelines.engine import flow, in_flow_run, step
from pipelines.flows import publish_residents
from pipelines.settings import Settings
from pipelines.storage import atomic_write, referral_ledger
from pipelines.storage.store import Store, stored_days

LIBRARIES = (
    "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "pyarrow", "scikit-learn", "scipy", "folium", "prefect",
)  # fmt: skip

PAST_RUNS = 12  # that the map can go back to

METHOD_TABLES = ("method_notes", "parameter_choices", "concentration", "hexagons")


@flow("publish")
def publish(settings: Settings, store: Store, reports: Path) -> dict[str, object]:
    """Write the report of a stored day, whole or not at all, and give its summary."""
    report = make_report(store, settings)
    summary = write_folder(report, settings, store, reports)
    create_artifacts(summary, report)
    return summary


@step("Gather what the report says")
def make_report(store: Store, settings: Settings) -> Report:
    """Everything that the pages say, from the stored tables."""
    window = period.evidence_window(store.as_of, settings.period.window_months)
    incidents = store.read_incidents(window)
    own = incidents[incidents["is_own_force"]]
    earlier = store.earlier()
    tally = store.read("tally")
    rows = quality.file_totals(tally).set_index("file")["rows_in"]
    listed = [
        {"name": file["name"], "kind": file["kind"], "sha256": file["sha256"], "rows": int(rows.get(file["name"], 0)),
         "used": not file["not_used"], "why_not": file["not_used"]}
        for file in store.read_facts("ingest")["inputs"]
    ]  # fmt: skip
    hotspots, days_ahead = store.read("hotspots"), settings.period.horizon_days
    residents, public = publish_residents.read_residents_report(store, settings), _public(own, store, settings)
    return Report(
        force_name=settings.force.name,
        slug=settings.force.slug,
        marking=settings.force.marking,
        as_of=store.as_of,
        previous_as_of=earlier[0].as_of if earlier else None,
        window=window,
        expires_on=store.as_of + timedelta(days=2 * int(expected_incidents.horizon_days(incidents, days_ahead))),
        horizon_label=expected_incidents.horizon_label(incidents, days_ahead),
        top_k=settings.patrol_areas.top_k,
        hotspots=hotspots,
        patrol_areas=store.read("patrol_areas"),
        past_areas=_past_areas(earlier[:PAST_RUNS]),
        incidents=period.within(own, window),
        concerns=store.read("concerns"),
        places=store.read("places"),
        base_map=store.read("base_map") if store.has("base_map") else None,
        tiles=settings.tiles,
        tally=tally,
        findings=_findings(store, settings),
        left_out=store.read_facts("health")["left_out"],
        settings=settings_module.as_dict(settings),
        inputs=listed,
        public=public,
        residents=residents,
        referrals=publish_residents.locate_referrals(residents),
        updates=publish_residents.make_updates(store, settings, public),
        versions={
            "hotspots": __version__,
            "harm weights": harm.VERSION,
            **{name: metadata.version(name) for name in LIBRARIES},
        },
        **_near_repeats(store),
        **_how_good(store),
        **{name: store.read(name) for name in METHOD_TABLES if store.has(name)},
    )


def _findings(store: Store, settings: Settings) -> pd.DataFrame:
    """What the day's ingest noticed, then what its targeting did."""
    noticed = store.read("findings").to_dict("records") + store.read_facts("target")["findings"]
    return findings.findings_table(noticed + _other_areas(store, settings))


def _given_by_others(store: Store, settings: Settings) -> dict[date, str]:
    """Earlier runs that gave their public figures by another kind of areas, and which."""
    days = [Store(store.folder, store.force, day) for day in stored_days(store.folder, store.force)]
    told = [day for day in days if day.as_of < store.as_of and (day.day_folder / "public.json").exists()]
    kinds = {day.as_of: str(day.read_facts("public")["areas"]) for day in told}
    return {day: kind for day, kind in kinds.items() if kind != settings.public.areas}


def _other_areas(store: Store, settings: Settings) -> list[dict]:
    """What there is to say where an earlier run gave its public figures by another kind of areas."""
    others = _given_by_others(store, settings)
    return [findings.public_areas_changed(max(others), others[max(others)], settings.public.areas)] if others else []


def _how_good(store: Store) -> dict[str, Any]:
    """The scores of earlier lists; empty, and saying so, where the day was not evaluated."""
    if not store.has("accuracy"):
        return {"accuracy_words": ("Earlier lists were not scored: 'hotspots evaluate' was not run for this day.",)}
    scores = {name: store.read(name) for name in ("accuracy", "calibration")}
    return {**scores, "accuracy_words": tuple(store.read_facts("accuracy")["words"])}


def _near_repeats(store: Store) -> dict[str, Any]:
    """Near-repeat zones and what is said of them; nothing for a day that was targeted before there were any."""
    if not store.has("near_repeats"):
        return {}
    return {
        "near_repeats": store.read("near_repeats"),
        "near_repeat_words": tuple(store.read_facts("near_repeats")["words"]),
    }


def _past_areas(earlier: list[Store]) -> pd.DataFrame | None:
    """What earlier runs listed, with the day of each; none on a first run."""
    found = [day.read("patrol_areas").assign(as_of=pd.Timestamp(day.as_of)) for day in earlier]
    return pd.concat(found, ignore_index=True) if found else None


def _public(own: gpd.GeoDataFrame, store: Store, settings: Settings) -> PublicFigures:
    """What may be published; teams that began later tell nothing of earlier months."""
    places = store.read("places")
    today = settings.teams_on(store.as_of)
    begins = {team.name: date.fromisoformat(team.valid_from) for team in today if team.valid_from}
    dated = places[places["valid_from"].notna() & (places["valid_from"] <= pd.Timestamp(store.as_of))]
    begins |= {str(name): since.date() for name, since in zip(dated["name"], dated["valid_from"], strict=True)}
    months = settings.period.window_months
    elsewhere = {month for day in _given_by_others(store, settings) for month in disclosure.public_months(day, months)}
    return gather_figures(
        own, places, store.as_of, months, settings.public, force_name=settings.force.name, begins=begins,
        left_out=store.read_facts("health")["left_out"], by_other_areas=sorted(elsewhere),
    )  # fmt: skip


@step("Write the report")
def write_folder(report: Report, settings: Settings, store: Store, reports: Path) -> dict[str, object]:
    """The report's folder, in place of the one that stood there; run.json says how it was made."""
    final = reports / report.slug / report.as_of.isoformat()
    with atomic_write.atomic_folder(final) as temporary:
        write_report.write_report(report, temporary)
        summary = _summary(report, final)
        made = {"settings": report.settings, "inputs": report.inputs, "versions": report.versions}
        measured = {**_measured(store), "report": summary["report"]}
        told = {name: fact for name, fact in summary.items() if name != "report"}
        sent = {referral_ledger.COMMIT_ID: referral_ledger.commit_id(store)}
        _write_json(temporary / "run.json", {**told, **made, **sent, "measured": measured})
        referral_ledger.stage(store, final)
    referral_ledger.commit(store)
    store.write_facts("public", {"areas": settings.public.areas})
    return summary


def _summary(report: Report, final: Path) -> dict[str, object]:
    """What a run is about, in numbers."""
    totals = quality.file_totals(report.tally)
    in_window = report.incidents["category"].value_counts()
    return {
        "force": report.slug,
        "as_of": report.as_of.isoformat(),
        "report": str(final),
        "window": [report.window.start.isoformat(), report.window.end.isoformat()],
        "counts": {
            "rows_in": int(totals["rows_in"].sum()),
            "rows_kept": int(totals["rows_kept"].sum()),
            "rows_set_aside": int(totals["rows_set_aside"].sum()),
            "set_aside": {str(reason): int(rows) for reason, rows in _reasons(report.tally).items()},
            "incidents_in_window": len(report.incidents),
            "asb_in_window": int(in_window.get("asb", 0)),
            "burglary_in_window": int(in_window.get("burglary", 0)),
            "hotspots": _by_family(report.hotspots[~categories.is_gone(report.hotspots)]),
            "patrol_areas": _by_family(report.patrol_areas),
            "concerns": len(report.concerns),
        },
        "findings": report.findings["finding"].tolist(),
        "open_findings": int(report.findings["is_open"].sum()),
    }


def _reasons(tally: pd.DataFrame) -> pd.Series:
    """Rows set aside for each reason."""
    return quality.by_reason(tally).groupby("reason", sort=False)["rows_set_aside"].sum()


def _by_family(areas: pd.DataFrame) -> dict[str, int]:
    return {str(family): int(number) for family, number in areas["family"].value_counts(sort=False).items()}


def _measured(store: Store) -> dict[str, object]:
    """What differs from run to run: memory, machine, folders."""
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
    """The summary and the ranked table as Prefect artifacts, where a flow run is under way."""
    if not in_flow_run():
        return
    from prefect.artifacts import create_markdown_artifact, create_table_artifact

    key = f"{report.slug}-{report.as_of}".lower()
    listed = report.patrol_areas[["family", "rank", "main_location", "team_name", "expected", "reason"]]
    top = listed[listed["rank"] <= report.top_k].astype({"family": "str"})
    rows = [{str(name): value for name, value in row.items()} for row in top.to_dict("records")]
    text = _in_markdown(summary, report)
    create_markdown_artifact(key=f"{key}-summary", markdown=text, description="The week in short")
    create_table_artifact(key=f"{key}-patrol-areas", table=rows, description="Ranked patrol areas")


def _in_markdown(summary: dict[str, object], report: Report) -> str:
    counts = summary["counts"]
    lines = [f"# {report.force_name}, as of {report.as_of}", "", f"Report: `{summary['report']}`", ""]
    if isinstance(counts, dict):
        lines += [f"- {name.replace('_', ' ')}: {value}" for name, value in counts.items()]
    return "\n".join([*lines, "", *[f"- {finding}" for finding in report.findings["finding"]]])
