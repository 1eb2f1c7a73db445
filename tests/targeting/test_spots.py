"""Spots: distinct locations, counted, dated; whatever the order of the rows."""

from datetime import date

import pandas as pd

from hotspots import period
from hotspots.targeting import spots

PLACES = [(300, 100), (100, 100), (300, 100), (100, 50), (300.001, 100)]

# answers


def test_spots_are_the_distinct_places_sorted_by_easting_then_northing(incidents_at) -> None:
    found, spot = spots.spots_of(incidents_at(PLACES))
    assert found.to_numpy().tolist() == [[100, 50], [100, 100], [300, 100]]
    assert spot.tolist() == [2, 1, 2, 0, 2]


def test_spots_count_what_is_at_risk_and_each_family(incidents_at) -> None:
    incidents = incidents_at(PLACES, category=["asb", "burglary", "drugs", "asb", "asb"])
    found, spot = spots.spots_of(incidents)
    counted = spots.count_spots(found, spot, incidents)
    assert counted["at_risk"].tolist() == [1, 1, 3]
    assert counted["asb"].tolist() == [1, 0, 2]
    assert counted["burglary"].tolist() == [0, 1, 0]
    assert "asb" not in found.columns


def test_history_counts_by_spot_and_month_back(incidents_at) -> None:
    incidents = incidents_at(PLACES, month=["2025-09", "2025-08", "2025-09", "2025-06", "2025-06"])
    found, spot = spots.spots_of(incidents)
    steps, _ = period.steps_back(incidents, date(2025, 9, 30))
    assert spots.history(spot, incidents, steps, len(found)).tolist() == [[0, 0, 0, 1], [0, 1, 0, 0], [2, 0, 0, 1]]
    assert spots.observed_steps(incidents, steps).tolist() == [True, True, False, True]


# promises


def test_the_order_of_rows_does_not_matter_and_the_index_is_kept(incidents_at) -> None:
    incidents = incidents_at(PLACES)
    turned = incidents.iloc[[3, 0, 4, 2, 1]]
    before = turned.copy(deep=True)
    one, of_one = spots.spots_of(incidents)
    other, of_other = spots.spots_of(turned)
    pd.testing.assert_frame_equal(one, other)
    assert of_other.index.tolist() == [3, 0, 4, 2, 1]
    assert of_other.sort_index().tolist() == of_one.tolist()
    pd.testing.assert_frame_equal(pd.DataFrame(turned), pd.DataFrame(before))


def test_no_incidents_have_no_spots(incidents_at) -> None:
    nothing = incidents_at([])
    found, spot = spots.spots_of(nothing)
    assert list(found.columns) == ["easting", "northing"]
    assert (len(found), len(spot)) == (0, 0)
    assert list(spots.count_spots(found, spot, nothing).columns) == [
        "easting",
        "northing",
        "at_risk",
        "asb",
        "burglary",
    ]
    steps, _ = period.steps_back(nothing, date(2025, 9, 30))
    assert spots.history(spot, nothing, steps, 0).shape == (0, 0)
    assert spots.observed_steps(nothing, steps).tolist() == []
