"""A force's own export: dated incidents under the headings that the settings name."""

import dataclasses
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from hotspots import tables
from hotspots.errors import ParameterError, SourceError
from hotspots.sources import incident_rows
from hotspots.sources.force_export import export_cells, export_findings, export_rows
from hotspots.sources.force_export.export_params import ExportParams
from hotspots.sources.parsing import dates

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
        raw, _ = export_cells.read_export(write("export.csv", "\n".join([HEADER, *lines, ""])), params)
        return export_rows.tidy_incidents(raw, "littleham", params)

    return tidy


# inputs


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"columns": {"reference": "a", "type": "b", "recorded_at": "c", "victim": "d"}},
            "force_export.columns: 'victim' is not a field",
        ),
        ({"columns": {"reference": "a", "type": "b"}}, "force_export.columns: 'recorded_at' is needed"),
        (
            {"categories": {"Burglary": "burglaries"}},
            "force_export.categories: 'burglaries' is not a category; expected one of asb",
        ),
        (
            {"location_precision": "exact"},
            "force_export.location_precision is 'exact', expected one of snap, station, street",
        ),
    ],
)
def test_a_map_that_is_not_ours_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        ExportParams(**settings)


def test_a_mapped_heading_that_the_export_lacks_is_named(write) -> None:
    with pytest.raises(
        SourceError, match=r"export\.csv: the columns 'E', 'N' are missing; the force's export of incidents needs them"
    ):
        export_cells.read_export(write("export.csv", HEADER.replace("E,N,", "X,Y,") + "\n"), PARAMS)


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
    found = export_rows.tidy_incidents(
        raw.assign(longitude=["-1.785", "0"], latitude=["51.558", "0"]), "littleham", params
    )
    assert found.geometry.iloc[0].x == pytest.approx(415_002, abs=2)
    assert found["reason"].tolist() == ["", "no_coordinates"]


def test_a_row_has_one_of_several_places_the_exactest_first() -> None:
    params = ExportParams(columns={"reference": "r", "type": "t", "recorded_at": "d", "postcode": "p"})
    units = pd.DataFrame({"unit": ["SN1 1AE"], "easting": [415_000.0], "northing": [184_000.0]}).set_index("unit")
    raw = pd.DataFrame(
        {
            "easting": ["415100", None, None, "0"], "northing": ["184100", None, None, "0"],
            "longitude": ["-1.785", "-1.785", None, None], "latitude": ["51.558", "51.558", None, None],
            "postcode": ["SN1 1AE", "SN1 1AE", "sn11ae", "SN9 9ZZ"],
        }, dtype="str",
    ).assign(reference=["1", "2", "3", "4"], type="Burglary", recorded_at="03/09/2025 09:00")  # fmt: skip
    found = export_rows.tidy_incidents(raw, "littleham", params, units)
    assert found["location_precision"].tolist() == ["address", "address", "postcode", "address"]
    notes = [note["finding"] for note in export_findings.file_findings(Path("a.csv"), raw, found, params)]
    assert "a.csv: 1 row with a postcode that is not in Code-Point Open, and no other location." in notes
    assert found["reason"].tolist() == ["", "", "", "no_coordinates"]
    assert found.geometry.x.round()[:3].tolist() == [415_100, 415_002, 415_000]


def test_a_day_and_its_hour_may_stand_in_two_columns(write) -> None:
    columns = {"reference": "Ref", "type": "Type", "recorded_at": "Day", "recorded_time": "Hour", "postcode": "PC"}
    path = write(
        "export.csv", "Ref,Type,Day,Hour,PC\n1,Burglary,03/09/2025,2205,SN1 1AE\n2,Burglary,03/09/2025,,SN1 1AE\n"
    )
    raw, _ = export_cells.read_export(path, ExportParams(columns=columns))
    found = export_rows.tidy_incidents(raw, "littleham", ExportParams(columns=columns))
    assert found["recorded_at"].tolist() == [pd.Timestamp("2025-09-03 22:05"), pd.Timestamp("2025-09-03")]
    assert found["date_precision"].tolist() == ["minute", "day"]


def test_an_end_that_is_a_day_is_the_last_minute_of_it(tidied) -> None:
    found = tidied(line(end="31/08/2025"), line("A2", start="31/08/2025", end="31/08/2025"))
    assert found["committed_to"].tolist() == [pd.Timestamp("2025-08-31 23:59")] * 2
    assert found["date_precision"].tolist() == ["day", "day"]


def test_an_end_before_the_start_is_left_out_but_not_in_the_hour_that_comes_twice(tidied) -> None:
    found = tidied(
        line(start="31/08/2025 22:00", end="31/08/2025 21:00"),
        line("A2", start="26/10/2025 01:50", end="26/10/2025 01:10"),
        line("A3", start="30/03/2025 01:30", end="30/03/2025 02:10"),
    )
    assert found["committed_to"].tolist() == [pd.NaT, pd.Timestamp("2025-10-26 01:10"), pd.NaT]
    assert found["committed_from"].tolist()[2] == pd.Timestamp("2025-03-30 01:30")


def test_records_that_police_made_are_marked(tidied) -> None:
    assert tidied(line(), line("A2", kind="Drugs"), line("A3", sub="Proactive"))["is_police_generated"].tolist() == [
        False, True, True,
    ]  # fmt: skip


def test_every_format_gives_the_same_rows(write, tmp_path) -> None:
    lines = [line(f"A{number}", east=str(415_000 + number)) for number in range(5)]
    path = write("export.csv", "\n".join([HEADER, *lines, line("A9", end="", start="31/08/2025 00:00")]))
    plain, _ = export_cells.read_export(path, PARAMS)
    expected = export_rows.tidy_incidents(plain, "littleham", PARAMS)
    cells = pd.DataFrame({heading: plain[name] for name, heading in PARAMS.columns.items()})
    points = gpd.GeoDataFrame(cells.drop(columns=["E", "N"]), geometry=expected.geometry)
    for name in ("Recorded", "From", "To"):
        points[name] = cells[name] = pd.to_datetime(cells[name], format="%d/%m/%Y %H:%M")
    cells.astype({"E": int, "N": int}).to_excel(tmp_path / "export.xlsx", index=False)
    points.to_file(tmp_path / "export.gpkg")
    points.to_crs(4326).to_file(tmp_path / "degrees.gpkg")
    points.to_file(tmp_path / "export.tab", driver="MapInfo File")
    points.to_file(tmp_path / "export.mif", driver="MapInfo File")
    mapped = {name: heading for name, heading in PARAMS.columns.items() if heading not in ("E", "N")}
    for file in ("export.xlsx", "export.gpkg", "degrees.gpkg", "export.tab", "export.mif"):
        params = PARAMS if file == "export.xlsx" else dataclasses.replace(PARAMS, columns=mapped)
        raw, broken = export_cells.read_export(tmp_path / file, params)
        found = export_rows.tidy_incidents(raw, "littleham", params)
        assert broken == []
        pd.testing.assert_frame_equal(found.drop(columns="geometry"), expected.drop(columns="geometry"), obj=file)
        assert found.distance(expected).max() < (0.1 if file != "degrees.gpkg" else 5), file


def test_the_share_of_mapped_headings_in_a_file(write) -> None:
    assert export_cells.matching_share(write("a.csv", "Title\n" + HEADER + "\n"), PARAMS) == 1
    assert export_cells.matching_share(write("a.csv", "Ref,Type,Sub\n"), PARAMS) == pytest.approx(1 / 3)
    assert export_cells.matching_share(write("a.docx", HEADER), PARAMS) == 0
    assert export_cells.matching_share(write("a.csv", HEADER), ExportParams()) == 0


def test_a_heap_at_one_clock_time_leaves_the_day_and_is_reported(tidied, tmp_path: Path) -> None:
    clock = [f"{18 + number % 5}:{number % 60:02}" for number in range(200)]
    known = [line(f"K{n}", start=f"{n % 28 + 1:02}/08/2025 {c}", end="") for n, c in enumerate(clock)]
    unknown = [line(f"U{n}", start=f"{n % 28 + 1:02}/08/2025 09:00", end="") for n in range(60)]
    rows = tidied(*known, *unknown)
    assert rows["date_precision"].tolist() == ["minute"] * 200 + ["day"] * 60
    raw = pd.DataFrame({"reference": rows["incident_id"], "type": "ASB"})
    found = export_findings.file_findings(tmp_path / "x.csv", raw, rows, PARAMS)
    sentences = [one["finding"] for one in found if one["kind"] == "unknown_time"]
    says = "x.csv: 60 of 260 times of 'From' are exactly 09:00, far more than at similar times of day."
    assert says in sentences


def test_an_end_at_an_unknown_time_is_the_end_of_its_day(tidied) -> None:
    known = [line(f"K{n}", start="01/08/2025 20:00", end=f"02/08/2025 {7 + n % 5:02}:{n % 60:02}") for n in range(200)]
    rows = tidied(*known, *(line(f"U{n}", start="01/08/2025 20:00", end="02/08/2025 00:00") for n in range(60)))
    assert (rows["committed_to"].iloc[200:] == pd.Timestamp("2025-08-02 23:59")).all()


def test_the_first_of_the_month_far_above_other_days_leaves_the_month(tidied) -> None:
    known = [line(f"K{n}", start=f"{n % 28 + 1:02}/08/2025", end="") for n in range(280)]
    unknown = [line(f"U{n}", start=f"01/0{n % 2 + 7}/2025", end="") for n in range(100)]
    rows = tidied(*known, *unknown)
    assert rows["date_precision"].iloc[280:].eq("month").all()
    assert rows["date_precision"].iloc[1:28].eq("day").all()
    assert set(rows["month"].iloc[280:]) == {"2025-07", "2025-08"}
    assert rows.attrs["unknown_times"]["committed_from"].first_of_month == 110


@pytest.mark.parametrize(
    ("reference", "easting", "northing", "reason"),
    [
        ("SU 145 845", 414_550, 184_550, ""),
        ("SU1450084500", 414_500.5, 184_500.5, ""),
        ("SU 14 84", None, None, "no_coordinates"),
        ("Mill Lane", None, None, "no_coordinates"),
    ],
)
def test_a_grid_reference_is_a_place(write, reference: str, easting: float, northing: float, reason: str) -> None:
    columns = {"reference": "Ref", "type": "Type", "recorded_at": "Recorded", "grid_reference": "NGR"}
    params = ExportParams(columns=columns)
    path = write("ngr.csv", f"Ref,Type,Recorded,NGR\nA1,Burglary,03/09/2025 09:00,{reference}\n")
    raw, _ = export_cells.read_export(path, params)
    rows = export_rows.tidy_incidents(raw, "littleham", params)
    assert rows["reason"].tolist() == [reason]
    if easting:
        assert (rows.geometry.x[0], rows.geometry.y[0]) == (easting, northing)
    assert any("grid references" in one["finding"] for one in export_findings.file_findings(path, raw, rows, params))


# promises


def test_usable_rows_make_the_declared_table(tidied) -> None:
    rows = tidied(line("A1"), line("A2", kind="Anti-social behaviour", sub=""))
    assert len(tables.conform(rows, tables.INCIDENTS)) == 2


def test_rows_keep_their_order_and_index_and_stay_as_they_were(write) -> None:
    raw, _ = export_cells.read_export(write("export.csv", "\n".join([HEADER, line("B"), line("A", east="")])), PARAMS)
    given = raw.set_axis([7, 2])
    before = given.copy(deep=True)
    found = export_rows.tidy_incidents(given, "littleham", PARAMS)
    assert (found.index.tolist(), found["incident_id"].tolist()) == ([7, 2], ["B", "A"])
    pd.testing.assert_frame_equal(given, before)


def test_an_export_without_rows_is_an_empty_table(tidied) -> None:
    assert list(tables.conform(tidied(), tables.INCIDENTS).columns) == list(tables.empty(tables.INCIDENTS).columns)


def test_rows_tidied_in_parts_are_those_of_the_whole_file(write, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f"{reference},ASB - Rowdy,,0{day}/09/2025 {clock},415000,{164_000 + day},{number} Mill Lane"
        for day, (reference, clock, number) in enumerate(
            [("R1", "10:00", 1), ("5.43E+09", "24:00", 2), ("5.43E+09", "", 3), ("R4", "x", 4), ("", "11:00", 5),
             ("R6", "12:00", 6), ("#REF!", "13:00", 7)], start=1
        )
    ]  # fmt: skip
    path = write("a.csv", "Ref,Type,Sub,When,East,North,Place\n" + "\n".join(lines) + "\n")
    params = ExportParams(columns={
        "reference": "Ref", "type": "Type", "subtype": "Sub", "recorded_at": "When", "easting": "East",
        "northing": "North", "location": "Place",
    })  # fmt: skip
    raw, _ = export_cells.read_export(path, params)
    whole = incident_rows.to_frame(export_rows.tidy_rows(raw, export_rows.read_whole(raw, params), "barset", params))
    for module in (export_rows, export_cells, dates):
        monkeypatch.setattr(module, "PART_ROWS", 2)
    parts = export_rows.tidy_rows(
        export_cells.without_times(raw), export_rows.read_whole(raw, params), "barset", params
    )
    pd.testing.assert_frame_equal(incident_rows.to_frame(parts), whole)
    incidents = export_rows.tidy_incidents(raw, "barset", params)
    assert whole["location_text"].tolist() == ["Mill Lane"] * 7, "houses of all parts show the street"
    assert whole["incident_id"].tolist() == incidents["incident_id"].tolist()
    assert whole["incident_id"].nunique() == 7 and not whole["incident_id"].str.contains("E+09", regex=False).any()
    assert whole["reason"].tolist() == incidents["reason"].tolist() == ["", "", "", "unreadable", "unreadable", "", ""]
