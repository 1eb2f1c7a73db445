"""Worse and better: what is said of which hotspot, and counts compared with truth."""

import made_up_report as examples
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import tables
from hotspots.reporting import changes
from hotspots.reporting.report import Report

TABLE = {"emerging": "worse", "fading": "better", "gone": "ended", "new": "new"}


def _with(**columns: object) -> Report:
    """A run with one hotspot, four kilometres square in Littleham, that is `emerging` unless said otherwise."""
    row = examples.made_hotspots().iloc[[0]].assign(**{"status": "emerging"} | columns)
    row.geometry = [shapely.box(413_000, 182_500, 417_000, 186_500)]
    return examples.report(hotspots=tables.conform(row, tables.HOTSPOTS))


@pytest.mark.parametrize("status", tables.STATUSES)
def test_each_status_is_one_kind_of_change_or_none(status: str) -> None:
    found = changes.of_report(_with(status=status))
    if status in tables.STAYED:
        assert found.empty
    else:
        assert found["kind"].tolist() == [TABLE.get(status, "redrawn")]


@pytest.mark.parametrize("status", ["emerging", "fading"])
@pytest.mark.parametrize(("p", "is_said"), [(0.049, True), (0.05, False), (0.94, False), (np.nan, False)])
def test_worse_and_better_are_said_only_below_five_percent(status: str, p: float, is_said: bool) -> None:
    found = changes.of_report(_with(status=status, change_p_value=p))
    assert found["kind"].tolist() == ([TABLE[status]] if is_said else ["unclear"])
    assert found["may_be_chance"].tolist() == [not is_said]


def test_an_ended_hotspot_whose_counts_may_be_chance_is_not_better() -> None:
    found = changes.of_report(_with(status="gone", change_p_value=0.94))
    assert found["kind"].tolist() == ["ended"] and found["may_be_chance"].tolist() == [True]


def test_before_and_now_are_incidents_a_month_in_the_parts_that_the_test_compares() -> None:
    found = changes.of_report(
        _with(incidents=33, months_seen=11, latest_months=3, latest_incidents=17, latest_expected=6.5)
    )
    assert found.loc[0, ["before", "now", "latest", "expected"]].tolist() == [2.0, pytest.approx(17 / 3), 17, 6.5]


def test_without_earlier_months_nothing_is_before() -> None:
    found = changes.of_report(_with(status="new", change_p_value=np.nan, months_seen=3, latest_months=3))
    assert found["before"].isna().all() and found["may_be_chance"].all()


def test_the_months_are_counted_inside_the_outline_without_months_left_out_or_missing() -> None:
    run = _with(family="asb")
    found = changes.of_report(run)["months"].iloc[0]
    own = run.incidents[run.incidents["category"] == "asb"]
    for month, count in zip(run.window.months, found, strict=True):
        x, y = own.loc[own["month"] == month, "geometry"].x, own.loc[own["month"] == month, "geometry"].y
        inside = int(((x >= 413_000) & (x <= 417_000) & (y >= 182_500) & (y <= 186_500)).sum())
        assert count == (None if month in ("2025-02", "2025-05") else inside)
    assert sum(filter(None, found)) > 100


def test_a_first_run_has_no_changes_and_the_order_of_rows_does_not_matter(run: Report) -> None:
    assert changes.of_report(examples.bare()).empty
    mixed = examples.report(**examples.shuffled(run, 7))
    pd.testing.assert_frame_equal(changes.of_report(mixed), changes.of_report(run))
