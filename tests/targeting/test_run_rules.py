"""Settings that affect outlines, and which of them changed between two runs."""

import pytest

from hotspots.targeting import run_rules

BEFORE = {"clusters.radius_m": 150.0, "clusters.min_incidents": None}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ({}, []),
        ({"clusters.radius_m": 200.0}, ["clusters.radius_m from 150.0 to 200.0"]),
        ({"clusters.min_incidents": 8}, ["clusters.min_incidents from not set to 8"]),
        ({"clusters.new": 1}, []),
    ],
)
def test_settings_that_changed_are_named(now: dict, found: list[str]) -> None:
    assert run_rules.differences(BEFORE | now, BEFORE) == found


def test_settings_that_move_no_outline_are_left_out() -> None:
    sections = {"period": {"window_months": 12, "horizon_days": 7}, "patrol_areas": {"top_k": 20, "max_areas": 50}}
    assert run_rules.settings_of(sections) == {"period.window_months": 12, "patrol_areas.max_areas": 50}
