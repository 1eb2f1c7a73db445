"""The tables' declarations and the one check that names every fault."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import crs, tables
from hotspots.errors import SchemaError

DECLARED = list(tables.TABLES.values())
BY_NAME = pytest.mark.parametrize("table", DECLARED, ids=[table.name for table in DECLARED])


@pytest.fixture
def incidents(incidents_at) -> gpd.GeoDataFrame:
    return incidents_at([(415_000, 184_000), (415_100, 184_000), (415_200, 184_000)])


# inputs


def test_a_missing_column_is_named(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match=r"^incidents: column 'category' is missing\.$"):
        tables.check(incidents.drop(columns="category"), tables.INCIDENTS)


def test_a_wrong_type_is_named_with_the_right_one(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match="column 'is_own_force' is object, expected bool"):
        tables.check(incidents.assign(is_own_force=incidents["is_own_force"].astype(object)), tables.INCIDENTS)


def test_text_where_a_closed_list_belongs_is_named(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match="column 'category' is str, expected category"):
        tables.check(incidents.assign(category=incidents["category"].astype("str")), tables.INCIDENTS)


def test_a_value_outside_a_closed_list_is_shown_with_the_list(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match="column 'date_precision' holds 'hour', expected one of month, day, minute"):
        tables.conform(incidents.assign(date_precision="hour"), tables.INCIDENTS)


def test_empty_values_are_counted(incidents: gpd.GeoDataFrame) -> None:
    month = pd.Series(["2025-09", None, None], dtype="str")
    with pytest.raises(SchemaError, match="column 'month' is empty in 2 rows"):
        tables.conform(incidents.assign(month=month), tables.INCIDENTS)


def test_repeated_keys_are_counted(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match="'incident_id' repeats in 2 rows"):
        tables.conform(incidents.assign(incident_id="same"), tables.INCIDENTS)


def test_a_key_of_two_columns_repeats_only_where_both_do() -> None:
    once = pd.DataFrame({"hotspot_id": ["a", "a", "b"], "incident_id": ["1", "2", "1"]})
    assert len(tables.conform(once, tables.MEMBERS)) == 3
    with pytest.raises(SchemaError, match="'hotspot_id, incident_id' repeats in 1 row"):
        tables.conform(pd.concat([once, once.tail(1)], ignore_index=True), tables.MEMBERS)


def test_degrees_are_refused_by_the_name_of_both_systems(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match=r"CRS is EPSG:4326, expected EPSG:27700 \(British National Grid\)"):
        tables.check(incidents.to_crs(crs.WGS84), tables.INCIDENTS)


def test_a_table_without_a_crs_is_refused(incidents: gpd.GeoDataFrame) -> None:
    bare = gpd.GeoDataFrame(incidents.drop(columns="geometry"), geometry=incidents.geometry.to_numpy())
    with pytest.raises(SchemaError, match="CRS is unset"):
        tables.check(bare, tables.INCIDENTS)


def test_the_wrong_kind_of_shape_is_refused(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match="geometry is Polygon, expected Point"):
        tables.check(incidents.set_geometry(incidents.buffer(5)), tables.INCIDENTS)


def test_a_plain_frame_lacks_its_geometry(incidents: gpd.GeoDataFrame) -> None:
    with pytest.raises(SchemaError, match="column 'geometry' is missing"):
        tables.conform(pd.DataFrame(incidents.drop(columns="geometry")), tables.INCIDENTS)


def test_one_sentence_names_every_fault(incidents: gpd.GeoDataFrame) -> None:
    bad = incidents.drop(columns="month").assign(incident_id="same", category="theft").to_crs(crs.WGS84)
    with pytest.raises(SchemaError) as raised:
        tables.conform(bad, tables.INCIDENTS)
    sentence = str(raised.value)
    assert sentence.count(";") == 3
    for fault in ("'month' is missing", "holds 'theft'", "repeats in 2 rows", "CRS is EPSG:4326"):
        assert fault in sentence


@pytest.mark.parametrize("counts", [[1.5, 2.0], [None, None], ["one", "two"]])
def test_a_count_that_is_none_is_refused_rather_than_made_up(counts: list) -> None:
    tally = pd.DataFrame(
        {
            "source": "s",
            "file": ["a", "b"],
            "month": "",
            "rows_in": counts,
            "rows_kept": 1,
            "reason": "",
            "rows_set_aside": 0,
        }
    )
    with pytest.raises(SchemaError, match=r"column 'rows_in' is .*expected int64"):
        tables.conform(tally, tables.TALLY)


@pytest.mark.parametrize("answers", [["False", "True"], [True, None]])
def test_a_yes_or_no_in_words_is_refused_rather_than_guessed(answers: list) -> None:
    findings = pd.DataFrame({"kind": "k", "finding": ["a", "b"], "action": "", "setting": "", "is_open": answers})
    with pytest.raises(SchemaError, match=r"column 'is_open' is .*expected bool"):
        tables.conform(findings, tables.FINDINGS)


def test_a_time_with_a_zone_is_refused() -> None:
    times = pd.Series(pd.to_datetime(["2025-09-01 10:00"])).dt.tz_localize("UTC")
    visits = pd.DataFrame({"visit_id": ["v"], "officer_team": "t", "started_at": times, "ended_at": times})
    with pytest.raises(SchemaError, match=r"column 'started_at' is datetime64.*UTC.*expected datetime64"):
        tables.conform(visits, tables.VISITS)


# answers


def test_conforming_orders_columns_adds_optional_ones_and_leaves_out_strangers(incidents: gpd.GeoDataFrame) -> None:
    shuffled = (
        incidents[incidents.columns[::-1]].assign(surname="Smith", mo_entry="rear door").drop(columns="beat_code")
    )
    shaped = tables.conform(shuffled, tables.INCIDENTS)
    assert list(shaped.columns) == [*tables.INCIDENTS.columns, "mo_entry", "geometry"]
    assert shaped["beat_code"].isna().all()
    assert shaped["beat_code"].dtype == "str"


def test_the_check_returns_the_table_itself(incidents: gpd.GeoDataFrame) -> None:
    assert tables.check(incidents, tables.INCIDENTS) is incidents


# promises


@BY_NAME
def test_an_empty_table_has_every_column_and_passes_its_own_check(table: tables.Table) -> None:
    empty = tables.empty(table)
    assert len(empty) == 0
    assert [name for name in empty.columns if name != "geometry"] == list(table.columns)
    assert isinstance(empty, gpd.GeoDataFrame) == bool(table.geometry)
    assert tables.check(empty, table) is empty


@BY_NAME
def test_the_data_dictionary_says_something_of_every_table_and_column(table: tables.Table) -> None:
    assert table.description.endswith(".")
    assert set(table.key) <= set(table.columns)
    for name, column in table.columns.items():
        assert column.description.strip(), name
        assert column.kind in {"str", "category", "int64", "float64", "bool", "time"}, name
        assert bool(column.choices) == (column.kind == "category"), name


def test_counts_measures_and_times_have_one_type_in_every_table() -> None:
    kinds: dict[str, set[str]] = {}
    for table in DECLARED:
        for name, column in table.columns.items():
            kinds.setdefault(name, set()).add("text" if column.kind in ("str", "category") else column.kind)
    assert {name: kind for name, kind in kinds.items() if len(kind) > 1} == {}


def test_conforming_leaves_its_argument_and_index_alone(incidents: gpd.GeoDataFrame) -> None:
    given = incidents.set_axis([7, 3, 5]).assign(category=lambda frame: frame["category"].astype("str"))
    before = given.copy(deep=True)
    shaped = tables.conform(given, tables.INCIDENTS)
    pd.testing.assert_frame_equal(pd.DataFrame(given), pd.DataFrame(before))
    assert list(shaped.index) == [7, 3, 5]
    assert (shaped.geometry.to_numpy() == given.geometry.to_numpy()).all()


def test_a_missing_point_is_allowed_and_kept(incidents: gpd.GeoDataFrame) -> None:
    points = np.array([None, shapely.Point(1, 2), None], dtype=object)
    shaped = tables.conform(incidents.set_geometry(gpd.GeoSeries(points, crs=crs.BNG)), tables.INCIDENTS)
    assert shaped.geometry.isna().tolist() == [True, False, True]
