import numpy as np
import pandas as pd
import pytest

from hotspots import period
from hotspots.town import crimes, times


def counts_at_points(town, incidents):
    xy = incidents.get_coordinates().astype("int64")
    counts = xy.value_counts()
    return counts.reindex(pd.MultiIndex.from_frame(town.points[["easting", "northing"]])).fillna(0).to_numpy()


@pytest.fixture(scope="module")
def background(town):
    year = period.within(town.incidents, period.evidence_window(town.params.last_day, 12))
    return year[~year["incident_id"].isin(town.truth_members["reference"])]


def test_the_centre_is_much_busier_than_the_neighbourhoods(town, background):
    counts = counts_at_points(town, background[background["category"] == "asb"])
    by_kind = pd.Series(counts).groupby(town.points["kind"].to_numpy()).mean()
    assert 2.5 < by_kind["centre"] / by_kind["houses"] < 6
    assert by_kind["houses"] > 0.2


def test_counts_of_one_kind_of_point_are_overdispersed_within_limits(town, background):
    for family, low, high in (("asb", 1.4, 4), ("burglary", 1.02, 2)):
        counts = counts_at_points(town, background[background["category"] == family])
        for kind in ("houses", "terraces"):
            mine = counts[(town.points["kind"] == kind).to_numpy()]
            assert low < mine.var(ddof=1) / mine.mean() < high


def test_busy_points_are_busy_for_every_type(town, background):
    homes = (town.points["kind"] == "terraces").to_numpy()
    asb = counts_at_points(town, background[background["category"] == "asb"])[homes]
    other = counts_at_points(town, background[~background["category"].isin(["asb", "burglary"])])[homes]
    assert np.corrcoef(asb, other)[0, 1] > 0.3


def test_most_asb_is_in_evenings_and_at_weekends(background):
    begun = background.loc[background["category"] == "asb", "committed_from"]
    assert begun.dt.hour.between(18, 22).mean() > 0.4
    weekday = begun.dt.day_of_week.value_counts()
    assert weekday[[4, 5]].mean() > 1.3 * weekday[[0, 1, 2]].mean()


def test_most_burglaries_are_ranges_overnight_over_a_working_day_or_a_weekend(background):
    burglaries = background[background["category"] == "burglary"]
    hours = (burglaries["committed_to"] - burglaries["committed_from"]).dt.total_seconds() / 3600
    night = (burglaries["committed_from"].dt.hour >= 17) & (burglaries["committed_to"].dt.hour <= 10)
    day = burglaries["committed_from"].dt.hour.between(7, 9) & hours.between(7, 11)
    assert (hours > 5).mean() > 0.7
    assert night.mean() > 0.35 and day.mean() > 0.08
    assert 0.02 < (hours > 24).mean() < 0.15
    assert (hours < 1.5).mean() > 0.08


def test_businesses_are_burgled_where_there_are_businesses(town, background):
    burglaries = background[background["category"] == "burglary"]
    assert set(burglaries["subcategory"]) == {
        crimes.BURGLARY_HOME, crimes.BURGLARY_SHED, crimes.BURGLARY_BUSINESS,
    }  # fmt: skip
    industry = burglaries["beat_code"] == town.places.set_index("name").loc["Lock Quay", "place_code"]
    business = burglaries["subcategory"] == crimes.BURGLARY_BUSINESS
    assert business[industry].mean() > 0.7 > 0.4 > business[~industry].mean()


def test_dates_are_written_in_the_british_order():
    written = pd.Series(pd.to_datetime(["2026-03-29 22:15", "2025-12-01 00:05"]).astype("datetime64[us]"))
    assert times.format_datetimes(written).tolist() == ["29/03/2026 22:15", "01/12/2025 00:05"]


def test_stratified_days_take_one_from_each_part_and_none_with_zero_weight():
    days = pd.date_range("2026-01-01", periods=10, unit="us")
    weights = pd.Series(1.0, index=days)
    rng = np.random.default_rng(1)
    assert times.draw_stratified_days(weights, 10, rng).tolist() == days.to_numpy().tolist()
    assert len(times.draw_stratified_days(weights, 0, rng)) == 0
    assert set(times.draw_stratified_days(weights.where(days >= days[8], 0.0), 6, rng)) == set(days.to_numpy()[8:])


def test_incidents_recorded_after_the_end_are_moved_back_by_whole_weeks():
    def at(text):
        return pd.to_datetime(pd.Series(text)).astype("datetime64[us]")

    drafts = pd.DataFrame({
        "committed_from": at(["2026-03-28 22:00", "2026-03-28 22:00"]),
        "committed_to": at(["2026-03-29 06:00", "2026-03-29 06:00"]),
        "recorded_at": at(["2026-03-29 23:59", "2026-04-06 00:00"]),
    })  # fmt: skip
    kept = times.shift_before_end(drafts, pd.Timestamp("2026-03-30").date())
    assert kept["recorded_at"].tolist() == [pd.Timestamp("2026-03-29 23:59"), pd.Timestamp("2026-03-23")]
    assert kept["committed_from"].tolist() == [pd.Timestamp("2026-03-28 22:00"), pd.Timestamp("2026-03-14 22:00")]
