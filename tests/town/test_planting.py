from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hotspots import period
from hotspots.targeting import peak_times
from hotspots.town import littleham, planting, sites, streets


def in_disc(incidents, hotspot):
    xy = incidents.get_coordinates()
    return np.hypot(xy["x"] - hotspot.easting, xy["y"] - hotspot.northing) <= hotspot.radius_m


def window_of(town, hotspot):
    return period.evidence_window(town.params.last_day, 12 if hotspot.is_steady else 3)


# inputs


def test_an_empty_background_has_no_site(town):
    no_incidents = pd.DataFrame({"easting": [], "northing": []}, dtype="int64")
    with pytest.raises(sites.ParameterError, match="no place left with enough burglary for hotspot 1 of 2"):
        sites.choose_sites(town.points, no_incidents, sites.HOTSPOT_TYPES[2], 2, np.random.default_rng(1))


# answers


def test_each_ratio_counted_from_the_tables_equals_the_truth_and_is_between_two_and_four(towns):
    for town in towns:
        for hotspot in town.truth_hotspots.itertuples():
            incidents = period.within(town.incidents, window_of(town, hotspot))
            there = incidents[(incidents["category"] == hotspot.family) & in_disc(incidents, hotspot)]
            members = town.truth_members.query("hotspot_number == @hotspot.hotspot_number")["reference"]
            planted = there["incident_id"].isin(members).sum()
            assert planted == hotspot.planted
            assert len(there) - planted == hotspot.background
            assert 2 <= len(there) / (len(there) - planted) <= 4
            assert hotspot.ratio == pytest.approx(len(there) / (len(there) - planted))


def test_every_member_lies_inside_its_disc_and_is_of_its_family(towns):
    for town in towns:
        incidents = town.incidents.set_index("incident_id")
        for hotspot in town.truth_hotspots.itertuples():
            members = town.truth_members.query("hotspot_number == @hotspot.hotspot_number")
            mine = incidents.loc[members["reference"]]
            assert in_disc(mine, hotspot).all()
            assert (mine["category"] == hotspot.family).all()
            assert (mine["committed_from"] >= pd.Timestamp(hotspot.first_day)).all()
            year = period.evidence_window(town.params.last_day, 12)
            assert (mine["committed_from"] >= pd.Timestamp(year.start)).tolist() == members["is_in_window"].tolist()


def test_there_are_as_many_hotspots_as_asked_for_and_one_that_emerges(towns):
    for town in towns:
        counts = town.truth_hotspots.groupby(["family", "is_steady"]).size().to_dict()
        assert counts == {("asb", True): 6, ("asb", False): 1, ("burglary", True): 6}
        assert town.truth_hotspots["hotspot_number"].tolist() == list(range(1, 14))


def test_steady_hotspots_hold_enough_and_in_every_quarter(towns):
    for town in towns:
        incidents = period.within(town.incidents, period.evidence_window(town.params.last_day, 12))
        for hotspot in town.truth_hotspots.query("is_steady").itertuples():
            members = town.truth_members.query("hotspot_number == @hotspot.hotspot_number")["reference"]
            begun = incidents.loc[incidents["incident_id"].isin(members), "committed_from"]
            assert len(begun) >= {"asb": 30, "burglary": 15}[hotspot.family]
            quarter = (pd.Timestamp(town.params.last_day) - begun).dt.days.clip(0) // 92
            assert quarter.value_counts(normalize=True).reindex(range(4)).min() > 0.1


def test_hotspots_are_apart_from_others_of_their_family_and_from_hidden_demand(towns):
    for town in towns:
        hidden = town.truth_concerns.query("kind == 'hidden_demand'")
        for _, family in town.truth_hotspots.groupby("family"):
            xy = np.concatenate([family[["easting", "northing"]], hidden[["easting", "northing"]]]).astype(float)
            apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
            assert apart[np.triu_indices(len(xy), 1)].min() > 500


def test_some_lie_beside_the_centre_and_one_in_a_village_or_at_an_estate_s_edge(towns):
    for town in towns:
        for family in ("asb", "burglary"):
            is_asked = (town.truth_hotspots["family"] == family) & town.truth_hotspots["is_steady"]
            settings = town.truth_hotspots.loc[is_asked, "setting"]
            assert (settings == "beside the centre").any()
            assert settings.isin(["village", "estate edge"]).any()


def test_a_planted_hotspot_is_more_than_one_address(towns):
    for town in towns:
        incidents = town.incidents.set_index("incident_id")
        for _, members in town.truth_members.groupby("hotspot_number"):
            assert incidents.loc[members["reference"]].geometry.nunique() >= 4


def test_planted_asb_happens_at_its_peak_times(towns):
    incidents = pd.concat([town.incidents.assign(seed=town.params.seed) for town in towns])
    truth = pd.concat([town.truth_members.assign(seed=town.params.seed) for town in towns])
    peaks = pd.concat([town.truth_hotspots.assign(seed=town.params.seed) for town in towns])
    members = truth.merge(peaks, on=["seed", "hotspot_number"], validate="m:1")
    members = members.merge(incidents, left_on=["seed", "reference"], right_on=["seed", "incident_id"], validate="1:1")
    hour = members["committed_from"].dt.hour
    assert hour[members["peak"] == "after school"].between(15, 17).mean() > 0.6
    assert hour[members["peak"] == "evening"].between(18, 21).mean() > 0.6
    assert members["committed_from"].dt.day_of_week[members["peak"] == "weekend night"].isin([4, 5]).mean() > 0.6


def test_the_peak_of_a_hotspot_covers_most_of_the_hours_that_were_planted(towns):
    planted = {"after school": range(15, 18), "evening": range(18, 22)}
    overlaps = []
    for town in towns:
        for hotspot in town.truth_hotspots[town.truth_hotspots["peak"].isin(planted)].itertuples():
            incidents = period.within(town.incidents, window_of(town, hotspot))
            inside = incidents[(incidents["category"] == "asb") & in_disc(incidents, hotspot)]
            peak = peak_times.find_peak(peak_times.dated_week(inside))
            found = {(peak.start + hour) % 24 for hour in range(peak.hours)} if peak else set()
            overlaps.append(len(found & set(planted[hotspot.peak])) / len(planted[hotspot.peak]))
    assert np.mean(overlaps) > 0.75


def test_the_series_is_near_in_place_and_time_and_no_member_of_a_hotspot(towns):
    for town in towns:
        series = town.incidents.set_index("incident_id").loc[town.truth_series["reference"]]
        assert 8 <= len(series) <= 12
        assert (series["category"] == "burglary").all()
        assert series["committed_from"].is_monotonic_increasing
        days = (series["committed_from"].iloc[-1] - series["committed_from"].iloc[0]).days
        assert 18 <= days <= 22
        assert series["committed_from"].iloc[0] >= pd.Timestamp(town.params.last_day) - pd.DateOffset(months=2)
        xy = series.get_coordinates().to_numpy()
        assert np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)).max() <= 400
        assert not set(series.index) & set(town.truth_members["reference"])


def test_twice_as_many_hotspots_still_fit():
    town = littleham.build_town(littleham.TownParams(hotspots_per_family=8))
    assert len(town.truth_hotspots) == 17


def test_near_repeats_follow_a_share_of_the_background_near_and_soon():
    params = littleham.TownParams(hotspots_per_family=0, near_repeat_share=0.2)
    plain, followed = (littleham.build_town(replace(params, near_repeat_share=share)) for share in (0.0, 0.2))
    keys = ["committed_from", "committed_to", "category", "easting", "northing"]
    both = []
    for built in (plain, followed):
        xy = built.incidents.get_coordinates().set_axis(["easting", "northing"], axis="columns")
        both.append(built.incidents.join(xy)[keys])
    before, after = both
    added = after.merge(before.drop_duplicates(), how="left", on=keys, indicator=True).query("_merge == 'left_only'")
    first = before[before["category"] == "burglary"]
    assert set(added["category"]) == {"burglary"}
    # A binomial share: 0.2 with a standard error of about 0.01.
    assert 0.16 < len(added) / len(first) < 0.24
    near = []
    for row in added.itertuples():
        gap = np.hypot(first["easting"] - row.easting, first["northing"] - row.northing)
        after_days = (row.committed_from - first["committed_from"].dt.normalize()) / pd.Timedelta(days=1)
        near.append(((gap <= planting.NEAR_REPEAT_M) & after_days.between(1, planting.NEAR_REPEAT_DAYS)).any())
    # A few recorded after the town's last day are moved back by whole weeks.
    assert np.mean(near) > 0.97
    quiet = pd.Timestamp(followed.quiet_week.start), pd.Timestamp(followed.quiet_week.end)
    assert not added["committed_from"].between(*quiet, inclusive="left").any()


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_of_near_repeats_outside_0_to_1_is_refused(share):
    with pytest.raises(sites.ParameterError, match="near_repeat_share must be from 0 to 1"):
        littleham.TownParams(near_repeat_share=share)


# promises


def test_the_background_elsewhere_is_not_empty(towns):
    for town in towns:
        year = period.within(town.incidents, period.evidence_window(town.params.last_day, 12))
        for family in ("asb", "burglary"):
            mine = year[year["category"] == family]
            planted = mine["incident_id"].isin(town.truth_members["reference"]).mean()
            assert 0.03 < planted < 0.25


def test_free_points_are_at_least_600_m_from_places_taken():
    points = pd.DataFrame({"easting": [0, 500, 700], "northing": [0, 0, 0]})
    taken = pd.DataFrame({"easting": [0], "northing": [0]})
    assert sites.is_free(points, taken).tolist() == [False, False, True]
    assert sites.is_free(points, taken.iloc[:0]).tolist() == [True, True, True]
    assert streets.distance_m(points, 0, 0).tolist() == [0, 500, 700]
