"""Harm in days: burglary by its kind, nothing for what has no weight."""

import numpy as np
import pandas as pd
import pytest

from hotspots import harm

# answers


def test_published_medians_weigh_burglary_by_its_kind(incidents_at) -> None:
    kinds = ["residential_home", "residential_unconnected", "business_community"]
    burglaries = incidents_at([(0, 0)] * 3, category="burglary", subcategory=kinds)
    assert harm.harm_days(burglaries).tolist() == [273.5, 273.5, 183.5]


def test_a_burglary_of_unknown_kind_weighs_between_the_two(incidents_at) -> None:
    unknown = incidents_at([(0, 0)] * 2, category="burglary", subcategory=[None, "Burglary - other"])
    assert harm.harm_days(unknown).tolist() == pytest.approx([0.68 * 273.5 + 0.32 * 183.5] * 2)
    assert harm.harm_days(pd.DataFrame({"category": ["burglary"]})).tolist() == pytest.approx([244.7])


def test_anti_social_behaviour_has_no_harm_weight(incidents_at) -> None:
    others = incidents_at([(0, 0)] * 2, category=["asb", "violence"])
    assert harm.harm_days(others).isna().all()


# promises


def test_the_index_and_the_argument_are_kept(incidents_at) -> None:
    given = incidents_at([(0, 0)] * 2, category=["burglary", "asb"]).set_axis([9, 4])
    before = given.copy(deep=True)
    days = harm.harm_days(given)
    assert (days.name, list(days.index)) == ("harm_days", [9, 4])
    pd.testing.assert_frame_equal(pd.DataFrame(given), pd.DataFrame(before))


def test_no_incidents_have_no_harm(incidents_at) -> None:
    days = harm.harm_days(incidents_at([]))
    assert days.empty
    assert days.dtype == np.float64
