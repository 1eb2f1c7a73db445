"""Survey, patrol log and bad rows, checked as a reader of the files would meet them."""

import numpy as np
import pandas as pd
import shapely

from hotspots import categories, crs, period
from hotspots.quality import FAULTS
from hotspots.town import answers, areas, patrols

DATE = "%d/%m/%Y %H:%M"
LABELS = set(categories.ISSUE_LABELS.values())


def place_of(town):
    """Easting and northing of each answer that has a full postcode or a point."""
    survey = town.survey
    unit = survey["Postcode"].str.replace(" ", "").str.upper()
    known = town.postcodes.assign(unit=town.postcodes["postcode"].str.replace(" ", "")).set_index("unit")
    known = known.reindex(unit)
    degrees = [pd.to_numeric(survey[name], errors="coerce") for name in ("Longitude", "Latitude")]
    easting, northing = crs.to_grid(*degrees)
    return (
        np.where(np.isfinite(easting), easting, known["easting"].to_numpy(float)),
        np.where(np.isfinite(northing), northing, known["northing"].to_numpy(float)),
    )


# the survey


def test_the_survey_has_the_columns_of_the_export_and_nine_hundred_answers(town):
    assert ",".join(town.survey.columns) == (
        "Response ID,Submitted,Channel,Postcode,Ward,Longitude,Latitude,What worries you most?,Second worry,"
        "How often?,When?,Reported to police?,Name,Email,Comments"
    )
    assert len(town.survey) == 900
    assert town.survey["Response ID"].is_unique


def test_answers_came_in_over_the_last_six_months(town):
    moments = pd.to_datetime(town.survey["Submitted"], format=DATE)
    half_year = period.evidence_window(town.params.last_day, 6)
    assert moments.is_monotonic_increasing
    assert moments.min() >= pd.Timestamp(half_year.start) and moments.max() < pd.Timestamp(half_year.end)
    assert moments.dt.to_period("M").nunique() in (6, 7)


def test_worries_are_labels_of_issues_police_and_council_but_for_one_with_markup(town):
    worries = town.survey["What worries you most?"]
    strange = worries[~worries.isin(LABELS)]
    assert len(strange) == 1 and "<b" in strange.iloc[0]
    assert set(town.survey["Second worry"]) <= LABELS | {""}
    codes = {label: code for code, label in categories.ISSUE_LABELS.items()}
    owners = worries.map(codes).map(categories.ISSUE_OWNERS).value_counts(normalize=True)
    assert owners["police"] > 0.4 and owners["council"] > 0.2
    assert not (town.survey["Second worry"] == worries).any()


def test_most_answers_have_a_postcode_some_a_point_some_a_ward_and_a_few_nothing(town):
    has = {name: town.survey[name] != "" for name in ("Postcode", "Longitude", "Latitude", "Ward")}
    assert (has["Longitude"] == has["Latitude"]).all()
    assert not (has["Postcode"] & has["Longitude"]).any()
    only_ward = has["Ward"] & ~has["Postcode"] & ~has["Longitude"]
    nothing = ~(has["Ward"] | has["Postcode"] | has["Longitude"])
    shares = {"postcode": has["Postcode"], "point": has["Longitude"], "ward": only_ward, "nothing": nothing}
    assert shares["postcode"].mean() > 0.6
    assert 0.08 < shares["point"].mean() < 0.2 and 0.06 < only_ward.mean() < 0.2
    assert 0 < nothing.mean() < 0.06
    assert set(town.survey["Ward"]) == {"", *areas.beat_codes()}


def test_placed_answers_lie_in_the_force(town):
    easting, northing = place_of(town)
    placed = np.isfinite(easting)
    assert placed.mean() > 0.75
    assert shapely.contains_xy(town.places.geometry.iloc[0], easting[placed], northing[placed]).all()


def test_made_up_personal_data_is_there_to_be_left_out(town):
    survey = town.survey
    emails = survey.loc[survey["Email"] != "", "Email"]
    assert len(emails) > 500 and emails.str.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.org").all()
    assert (survey["Name"] != "").sum() == len(emails)
    phones = survey["Comments"].str.findall(r"0\d[\d ]{8,}\d").explode().dropna()
    assert len(phones) > 20 and phones.str.fullmatch(r"01632 960\d{3}").all()
    assert survey["Comments"].str.contains(answers.SCRIPT, regex=False).sum() == 1


def test_many_worry_and_few_report_where_demand_is_hidden(towns):
    for town in towns:
        easting, northing = place_of(town)
        year = period.within(town.incidents, period.evidence_window(town.params.last_day, 12))
        xy = year[year["category"] == "asb"].get_coordinates()
        for place in town.truth_concerns.query("kind == 'hidden_demand'").itertuples():
            near = np.hypot(easting - place.easting, northing - place.northing) <= place.radius_m
            worried = near & (town.survey["What worries you most?"] == categories.ISSUE_LABELS[place.issue]).to_numpy()
            assert place.planted_answers >= 16
            assert worried.sum() >= place.planted_answers - 1
            assert (town.survey.loc[worried, "Reported to police?"] == "Yes").mean() < 0.25
            recorded = (np.hypot(xy["x"] - place.easting, xy["y"] - place.northing) <= place.radius_m).sum()
            assert recorded == place.incidents < worried.sum() * 1.6


def test_the_silent_estate_answers_little_for_its_people_though_much_is_recorded(towns):
    for town in towns:
        silent = town.truth_concerns.query("kind == 'silent_estate'").iloc[0]
        easting, northing = place_of(town)
        answered = (np.hypot(easting - silent["easting"], northing - silent["northing"]) <= silent["radius_m"]).mean()
        away = np.hypot(town.points["easting"] - silent["easting"], town.points["northing"] - silent["northing"])
        people = town.points.loc[away <= silent["radius_m"], "addresses"].sum() / town.points["addresses"].sum()
        assert answered < 0.25 * people
        assert silent["incidents"] > 100


# the patrol log


def test_visits_are_of_the_last_eight_weeks_mostly_ten_to_sixteen_minutes(town):
    log = town.patrol_log
    assert ",".join(log.columns) == "Visit,Team,Patrol area,Start,End,Outcome"
    start, end = (pd.to_datetime(log[name], format=DATE) for name in ("Start", "End"))
    assert log["Visit"].is_unique and start.is_monotonic_increasing
    assert start.min() >= pd.Timestamp("2026-02-02") and end.max() < pd.Timestamp("2026-03-30 01:00")
    minutes = (end - start).dt.total_seconds() / 60
    assert (minutes > 0).all()
    assert 0.75 < minutes.between(10, 16).mean() < 0.98
    assert log["Team"].value_counts().min() > 80
    assert set(log["Patrol area"]) - {""} <= set(town.points["street"])
    assert 0.1 < (log["Patrol area"] == "").mean() < 0.4


def test_a_log_of_no_days_is_empty_with_its_columns(town):
    day = pd.Timestamp(town.params.last_day).date()
    log = patrols.log_visits(town.points, period.Window(day, day), np.random.default_rng(1))
    assert log.empty and log.columns.tolist() == patrols.COLUMNS


# bad rows


def reasons_of(town):
    """Why each row of the export is bad, found from the text alone, in the order of `quality.FAULTS`."""
    rows = town.incident_rows
    dated = pd.to_datetime(rows["From"], format=DATE, errors="coerce")
    dated = dated.fillna(pd.to_datetime(rows["Recorded"], format=DATE, errors="coerce"))
    easting, northing = (pd.to_numeric(rows[name], errors="coerce") for name in ("Easting", "Northing"))
    is_in = shapely.contains_xy(town.places.geometry.iloc[0], easting, northing)
    tests = [dated.isna() | (rows["Type"] == ""), easting.isna() | northing.isna(), ~is_in]
    reason = pd.Series(np.select(tests, FAULTS[:3], ""), index=rows.index)
    kept = rows[reason == ""].assign(easting=easting).sort_values("easting", kind="stable")
    reason[kept.index[kept["Reference"].duplicated()]] = "repeated_id"
    return reason


def test_bad_rows_of_every_kind_are_as_many_as_the_truth_says(towns):
    for town in towns:
        counts = reasons_of(town).value_counts()
        assert counts.drop("").to_dict() == town.truth_faults
        assert set(town.truth_faults) == set(FAULTS) and min(town.truth_faults.values()) >= 8
        assert sum(town.truth_faults.values()) < 0.003 * len(town.incident_rows)


def test_without_the_bad_rows_exactly_the_good_incidents_are_left(towns):
    for town in towns:
        good = town.incident_rows[reasons_of(town) == ""].reset_index(drop=True)
        assert good["Reference"].tolist() == town.incidents["incident_id"].tolist()
        xy = town.incidents.get_coordinates().astype("int64").astype("str")
        assert good["Easting"].tolist() == xy["x"].tolist() and good["Northing"].tolist() == xy["y"].tolist()
        for column, name in (("From", "committed_from"), ("To", "committed_to"), ("Recorded", "recorded_at")):
            assert (pd.to_datetime(good[column], format=DATE) == town.incidents[name]).all()


def test_bad_rows_stand_among_the_good_ones_and_touch_no_truth(town):
    reason = reasons_of(town)
    bad = town.incident_rows[reason != ""]
    assert bad.index.min() < 0.3 * len(reason) and bad.index.max() > 0.7 * len(reason)
    assert not bad["Type"].isin(["Anti-social behaviour", "Burglary"]).any()
    extra_digit = bad["Easting"].str.len() == 7
    assert extra_digit.sum() >= 4 and (reason[bad.index][extra_digit] == "outside_force").all()


def test_rubbish_is_dumped_in_a_street_of_a_district_council_and_its_lamps_are_the_county_s(towns):
    for town in towns:
        place = town.truth_concerns.query("kind == 'fly_tipping'").iloc[0]
        along = town.points[town.points["street"] == place["street"]]
        units = set(along["postcode"])
        assert set(town.postcodes.set_index("postcode").loc[sorted(units), "authority"]) == {"E07999901"}
        typed = town.survey["Postcode"].str.upper().str.replace(" ", "")
        said = town.survey[typed.isin({unit.replace(" ", "") for unit in units})]
        tipped = said[said["What worries you most?"] == "Fly-tipping"]
        assert len(tipped) >= 0.7 * place["planted_answers"]  # the rest gave a point instead of a postcode
        assert (tipped["Second worry"] == "Street lighting").sum() >= 5
    assert set(towns[0].postcodes["authority"]) == {"E07999901", "E06999902"}
