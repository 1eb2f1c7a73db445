"""A month that looks wrong at the source is told of, left out of the evidence, and open until somebody has looked."""

import dataclasses
import json
from pathlib import Path

import made_up_files as barset
import pandas as pd
import pytest

from hotspots.data_health.health_params import HealthParams
from pipelines import settings as force_settings
from pipelines.flows.ingest import ingest
from pipelines.flows.publish import publish
from pipelines.flows.target import target
from pipelines.flows.task import task
from pipelines.settings import Settings
from pipelines.storage.store import Store

MONTHS = [str(month) for month in pd.period_range("2024-04", "2025-09", freq="M")]
WRONG = "2025-05"


def misfiled(month: str) -> list[dict[str, str]]:
    """Rows of a month; in the wrong one nine in ten ASB records stand under another type."""
    rows = barset.month_rows(month)
    asb = [row for row in rows if row["Crime type"] == "Anti-social behaviour"]
    if month == WRONG:
        for number, row in enumerate(asb):
            if number % 10:
                row |= {"Crime type": "Other crime", "Crime ID": f"moved-{number}"}
    return rows


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    barset.write_outline(folder / "outline.geojson")
    for month in MONTHS:
        barset.write_month(folder, month, rows=misfiled(month))
    return folder


def settings(**health: object) -> Settings:
    made = force_settings.from_toml(barset.SETTINGS, "barset.toml")
    alone = dataclasses.replace(made.force, neighbours=())
    return dataclasses.replace(made, force=alone, health=HealthParams(**health))


@pytest.fixture(scope="module")
def gated(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return target(settings(), ingest(settings(), (raw,), tmp_path_factory.mktemp("processed"), None))


def test_the_month_is_told_of_with_how_sure_what_was_done_and_which_setting_decides(gated: Store) -> None:
    told = gated.read("findings").query("is_open")
    assert told["kind"].tolist() == ["misfiled_month"]
    finding = told.iloc[0]
    assert f"Anti-social behaviour, {WRONG}:" in finding["finding"] and "'other crime' has" in finding["finding"]
    assert "in fewer than 1 in 100,000 ordinary months" in finding["finding"]
    assert f"{WRONG} is left out of the evidence" in finding["action"] and finding["setting"] == "health.on_misfiled"


def test_the_family_does_without_the_month_and_the_others_keep_it(gated: Store) -> None:
    hotspots = gated.read("hotspots").set_index("hotspot_id")
    incidents = gated.read("incidents").set_index("incident_id")
    members = gated.read("members")
    month, family = incidents.loc[members["incident_id"], "month"], hotspots.loc[members["hotspot_id"], "family"]
    counted = pd.crosstab(family.astype("str").to_numpy(), month.to_numpy())
    assert WRONG not in counted.columns[counted.loc["asb"] > 0]
    assert WRONG in counted.columns[counted.loc["burglary"] > 0]
    reasons = gated.read("patrol_areas").query("family == 'asb'")["reason"]
    assert reasons.str.contains("the 11 months with data").all()


def test_the_run_ends_with_an_open_finding_until_somebody_has_looked(gated: Store, raw: Path, tmp_path: Path) -> None:
    summary = publish(settings(), task(settings(), gated), tmp_path / "reports")
    assert summary["open_findings"] == 1
    assert json.loads((Path(str(summary["report"])) / "run.json").read_text(encoding="utf-8"))["open_findings"] == 1
    looked = ingest(settings(reviewed_months=(WRONG,)), (raw,), tmp_path, None)
    assert not looked.read("findings")["is_open"].any()
    assert looked.read_facts("health")["left_out"]["asb"] == [WRONG]


def test_the_setting_decides_what_is_done(raw: Path, tmp_path: Path) -> None:
    for choice, is_open in (("keep", False), ("ask", True)):
        store = ingest(settings(on_misfiled=choice), (raw,), tmp_path / choice, None)
        assert store.read_facts("health")["left_out"] == {"asb": [], "burglary": []}
        assert bool(store.read("findings")["is_open"].any()) is is_open
