"""A force's own export: dated incidents under the headings that the settings name."""

import dataclasses

import geopandas as gpd
import pandas as pd
import pytest

from hotspots import tables
from hotspots.errors import ParameterError, SourceError
from hotspots.sources import force_export
from hotspots.sources.force_export import ExportParams

PARAMS = ExportParams(
    columns={
        "reference": "Ref", "type": "Type", "subtype": "Sub", "recorded_at": "Recorded", "committed_from": "From",
        "committed_to": "To", "easting": "E", "northing": "N", "location": "Place",
    },
    categories={"Anti-social behaviour": "asb", "Burglary": "burglary"},
    subcategories={"Dwelling": "residential_home"},
)  # fmt: skip
HEADER = "Ref,Type,Sub,Recorded,From,To,E,N,Place"


def line(
    ref: str = "A1",
    kind: str = "Burglary",
    sub: str = "Dwelling",
    recorded: str = "03/09/2025 09:00",
    start: str = "31/08/2025 22:00",
    end: str = "01/09/2025 07:30",
    east: str = "415000",
    north: str = "184000",
) -> str:
    return f"{ref},{kind},{sub},{recorded},{start},{end},{east},{north},14 Mill Lane"


@pytest.fixture
def tidied(write):
    def tidy(*lines: str, params: ExportParams = PARAMS) -> gpd.GeoDataFrame:
        raw, _ = force_export.read_export(write("export.csv", "\n".join([HEADER, *lines, ""])), params)
        return force_export.tidy_incidents(raw, "littleham", params)

    return tidy


# inputs


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"columns": {"reference": "a", "type": "b", "recorded_at": "c", "victim": "d"}},
            "force_export.columns: 'victim' is no field",
        ),
        ({"columns": {"reference": "a", "type": "b"}}, "force_export.columns: 'recorded_at' is needed"),
        (
            {"categories": {"Burglary": "burglaries"}},
            "force_export.categories: 'burglaries' is no category; expected one of asb",
        ),
        ({"location_precision": "exact"}, "force_export.location_precision is 'exact', expected one of snap, street"),
    ],
)
def test_a_map_that_is_not_ours_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        ExportParams(**settings)


def test_a_mapped_heading_that_the_export_lacks_is_named(write) -> None:
    with pytest.raises(
        SourceError, match=r"export\.csv: columns are missing: 'E', 'N'; expected of the force's export"
    ):
        force_export.read_export(write("export.csv", HEADER.replace("E,N,", "X,Y,") + "\n"), PARAMS)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"ref": ""}, "unreadable"),
        ({"kind": ""}, "unreadable"),
        ({"recorded": "", "start": ""}, "unreadable"),
        ({"recorded": "31/02/2025 10:00", "start": "not known"}, "unreadable"),
        ({"east": ""}, "no_coordinates"),
        ({"north": ""}, "no_coordinates"),
        ({"east": "0", "north": "0"}, "no_coordinates"),
        ({"east": "east of here"}, "no_coordinates"),
        ({"recorded": ""}, ""),
        ({"start": ""}, ""),
    ],
)
def test_a_row_that_cannot_be_used_says_why(tidied, cells: dict, reason: str) -> None:
    assert tidied(line(), line(**({"ref": "A2"} | cells)))["reason"].tolist() == ["", reason]


# answers


def test_a_row_becomes_a_dated_incident(tidied) -> None:
    incident = tidied(line()).iloc[0]
    assert incident["incident_id"] == "A1"
    assert (incident["category"], incident["subcategory"]) == ("burglary", "residential_home")
    assert incident["committed_from"] == pd.Timestamp("2025-08-31 22:00")
    assert incident["committed_to"] == pd.Timestamp("2025-09-01 07:30")
    assert incident["recorded_at"] == pd.Timestamp("2025-09-03 09:00")
    assert (incident["month"], incident["date_precision"], incident["location_precision"]) == (
        "2025-08",
        "minute",
        "address",
    )
    assert (incident.geometry.x, incident.geometry.y) == (415_000, 184_000)


def test_an_incident_of_unknown_time_goes_by_the_month_of_its_record_and_no_time_is_invented(tidied) -> None:
    incident = tidied(line(start="")).iloc[0]
    assert incident["month"] == "2025-09"
    assert pd.isna(incident["committed_from"])


def test_a_type_that_no_setting_maps_is_unrecognised(tidied) -> None:
    assert tidied(line(kind="BURGLARY"), line(kind="Hoax call"))["category"].tolist() == ["burglary", "unrecognised"]


def test_dates_without_hours_are_days(tidied) -> None:
    params = dataclasses.replace(PARAMS, date_format="%d/%m/%Y")
    found = tidied(line(recorded="03/09/2025", start="31/08/2025", end=""), params=params)
    assert found["date_precision"].tolist() == ["day"]


def test_degrees_serve_where_the_export_has_no_metres() -> None:
    params = ExportParams(
        columns={"reference": "r", "type": "t", "recorded_at": "d", "longitude": "x", "latitude": "y"}
    )
    raw = pd.DataFrame({"reference": ["1", "2"], "type": "Burglary", "recorded_at": "03/09/2025 09:00"}).astype("str")
    found = force_export.tidy_incidents(
        raw.assign(longitude=["-1.785", "0"], latitude=["51.558", "0"]), "littleham", params
    )
    assert found.geometry.iloc[0].x == pytest.approx(415_002, abs=2)
    assert found["reason"].tolist() == ["", "no_coordinates"]


# promises


def test_usable_rows_make_the_declared_table(tidied) -> None:
    rows = tidied(line("A1"), line("A2", kind="Anti-social behaviour", sub=""))
    assert len(tables.conform(rows, tables.INCIDENTS)) == 2


def test_rows_keep_their_order_and_index_and_stay_as_they_were(write) -> None:
    raw, _ = force_export.read_export(write("export.csv", "\n".join([HEADER, line("B"), line("A", east="")])), PARAMS)
    given = raw.set_axis([7, 2])
    before = given.copy(deep=True)
    found = force_export.tidy_incidents(given, "littleham", PARAMS)
    assert (found.index.tolist(), found["incident_id"].tolist()) == ([7, 2], ["B", "A"])
    pd.testing.assert_frame_equal(given, before)


def test_an_export_without_rows_is_an_empty_table(tidied) -> None:
    assert list(tables.conform(tidied(), tables.INCIDENTS).columns) == list(tables.empty(tables.INCIDENTS).columns)
