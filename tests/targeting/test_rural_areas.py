"""Rural areas: which places are rural, groups of stops, and what a list misses there."""

import numpy as np
import pandas as pd
import pytest

from hotspots.errors import ParameterError
from hotspots.targeting import rural_areas
from hotspots.targeting.rural_areas import RuralParams


def test_settings_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ParameterError, match="rural: within_m and drive_m_per_minute must be greater than 0"):
        RuralParams(within_m=0)
    with pytest.raises(ParameterError, match="below_per_year and max_drive_minutes must not be negative"):
        RuralParams(max_drive_minutes=-1)


def test_a_town_is_urban_to_its_edge_and_a_village_is_not() -> None:
    random = np.random.default_rng(3)
    town, village = random.uniform(-700, 700, (300, 2)), random.normal(8_000, 150, (20, 2))
    per_year = np.concatenate([np.full(300, 6.0), np.full(20, 6.0)])
    found = rural_areas.is_rural(*np.vstack([town, village]).T, per_year, RuralParams())
    assert not found[:300].any()
    assert found[300:].all()
    assert rural_areas.is_rural(*town.T, np.full(300, 0.1), RuralParams()).all()
    assert rural_areas.is_rural([], [], [], RuralParams()).tolist() == []


def test_a_group_has_the_stops_within_its_minutes_and_no_more() -> None:
    """Villages 1 km apart along a road: 4 minutes at 600 m a minute on roads 30 % longer than lines are 1.8 km."""
    centres = np.column_stack([np.arange(6) * 1_000.0, np.zeros(6)])
    weights = np.array([1.0, 3.0, 2.0, 1.5, 1.0, 2.5])
    params = RuralParams(max_drive_minutes=4.0)
    found = rural_areas.group_stops(centres, weights, 3, params)
    assert [each[0].tolist() for each in found] == [[1_000, 0], [5_000, 0], [3_000, 0]]
    assert found[0].tolist() == [[1_000, 0], [2_000, 0]]
    for each in found:
        assert rural_areas.drive_minutes(each, params) <= 4.0
    two_way = RuralParams(max_drive_minutes=4.0, drive_m_per_minute=1_200)
    assert len(rural_areas.group_stops(centres, weights, 1, two_way)[0]) == 4


def test_a_group_leaves_out_stops_with_few_incidents() -> None:
    found = rural_areas.group_stops(
        np.array([[0.0, 0], [300, 0]]), np.array([5.0, 0.5]), 5, RuralParams(max_drive_minutes=5)
    )
    assert [len(each) for each in found] == [1, 1]


def test_the_drive_is_the_minimum_spanning_tree_on_longer_roads() -> None:
    stops = np.array([[0.0, 0], [0, 600], [600, 600], [0, 300]])
    assert rural_areas.drive_minutes(stops, RuralParams()) == pytest.approx(1_200 * 1.3 / 600)
    assert rural_areas.drive_minutes(stops[:1], RuralParams()) == 0.0


def test_what_the_list_misses_in_rural_areas_is_a_finding() -> None:
    spots = pd.DataFrame({"expected": [6.0, 2.0, 1.0, 1.0], "is_rural": [False, False, True, True]})
    found = rural_areas.rural_gap_findings(spots, pd.DataFrame({"spot": [0, 2]}), "Burglary", RuralParams())[0]
    assert found["finding"] == (
        "Burglary: the list misses 50 % of the expected incidents in rural areas and 25 % in towns. Rural areas have "
        "20 % of all expected incidents (fewer than 200 recorded a year within 1 km)."
    )
    town_only = spots.assign(is_rural=False)
    assert rural_areas.rural_gap_findings(town_only, pd.DataFrame({"spot": [0]}), "Burglary", RuralParams()) == []
