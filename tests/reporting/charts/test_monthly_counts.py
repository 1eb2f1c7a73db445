from xml.etree import ElementTree

import made_up_report as examples
import pandas as pd

from hotspots import tables
from hotspots.reporting.charts import monthly_counts


def test_a_month_without_any_data_is_missing_and_one_without_the_family_is_zero() -> None:
    incidents = examples.made_incidents(2000)
    calm = incidents[~((incidents["month"] == "2025-05") & (incidents["category"] == "burglary"))]
    monthly = monthly_counts.monthly_counts(calm, examples.WINDOW)
    assert list(monthly.index) == examples.WINDOW.months
    assert pd.isna(monthly.loc["2025-02", "asb"]) and pd.isna(monthly.loc["2025-02", "burglary"])
    assert monthly.loc["2025-05", "burglary"] == 0 and monthly.loc["2025-05", "asb"] > 0


def test_a_gap_is_drawn_as_a_gap_and_never_as_a_bar() -> None:
    svg = monthly_counts.draw_trend(monthly_counts.monthly_counts(examples.made_incidents(), examples.WINDOW), {})
    assert svg.count('class="bar"') == 2 * 11 and svg.count('class="gap"') == 2
    assert "No data for 2025-02." in svg


def test_each_panel_is_well_formed_and_described() -> None:
    svg = monthly_counts.draw_trend(monthly_counts.monthly_counts(examples.made_incidents(), examples.WINDOW), {})
    root = ElementTree.fromstring(f"<div>{svg}</div>")
    assert [svg[0].text for svg in root.iter("svg")] == ["Anti-social behaviour by month", "Burglary by month"]
    for drawn in root.iter("svg"):
        assert drawn.get("aria-labelledby") == f"{drawn[0].get('id')} {drawn[1].get('id')}"
        assert (drawn[1].text or "").count("incidents in ") == 1


def test_a_month_excluded_from_the_evidence_is_drawn_apart_and_described() -> None:
    monthly = monthly_counts.monthly_counts(examples.made_incidents(), examples.WINDOW)
    svg = monthly_counts.draw_trend(monthly, {"asb": ["2025-05", "2025-02"]})
    assert svg.count('class="bar excluded"') == 1 and svg.count("Excluded from the evidence: 2025-05.") == 1


def test_no_data_at_all_is_reported() -> None:
    monthly = monthly_counts.monthly_counts(tables.empty(tables.INCIDENTS), examples.WINDOW)
    assert monthly.isna().all(axis=None)
    assert "no data in the window" in monthly_counts.draw_trend(monthly, {})
