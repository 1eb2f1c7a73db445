"""Answers are placed as exactly as they say, by names that are on a list, and never more exactly."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspots import crs, tables
from hotspots.sources.geography import street_names
from hotspots.sources.survey import geocoding
from hotspots.sources.survey.geocoding import Gazetteer

TOWNS = {"Northton": (0, 0), "Southton": (20_000, 0)}
E0, N0 = 400_000, 200_000


def areas_of(*rows: tuple[str, str, str, str | None, tuple[float, float, float]]) -> gpd.GeoDataFrame:
    """Squares: code, kind, name, team, and corner with side, from the origin."""
    boxes = [shapely.box(E0 + x, N0 + y, E0 + x + side, N0 + y + side) for *_, (x, y, side) in rows]
    frame = pd.DataFrame([row[:4] for row in rows], columns=["place_code", "kind", "name", "team_name"])
    return tables.conform(gpd.GeoDataFrame(frame, geometry=boxes, crs=crs.BNG), tables.PLACES)


AREAS = areas_of(
    ("E05N", "ward", "Northton Central", None, (0, 0, 5_000)), ("E05S", "ward", "Southton", None, (20_000, 0, 5_000)),
    ("E04N", "parish", "Little Northton", None, (0, 0, 3_000)), ("B1", "beat", "Dock", "Harbour team", (0, 0, 5_000)),
    ("N", "NPT", "North team", None, (0, 0, 10_000)), ("S", "NPT", "South team", None, (20_000, 0, 10_000)),
    ("E07000001", "district", "Northshire", None, (0, 0, 10_000)),
)  # fmt: skip


@pytest.fixture(scope="session")
def incidents(incidents_at) -> gpd.GeoDataFrame:
    """Two streets in two towns each, one of its own, a road of twelve kilometres, and car parks anywhere."""
    points, names, teams = [], [], []
    for town, (x, y) in TOWNS.items():
        for number in range(5):
            points += [(E0 + x + 1_000 + 60 * number, N0 + y + 1_000), (E0 + x + 2_000, N0 + y + 2_000 + 60 * number)]
            names += ["On or near High Street", "On or near Mill Lane"]
            teams += [town] * 2
    points += [(E0 + 3_000 + 50 * number, N0 + 3_000) for number in range(3)]
    points += [(E0 + 300 * number, N0 + 4_000) for number in range(40)]
    points += [(E0 + 4_000 + 900 * number, N0 + 4_500) for number in range(4)]
    names += ["On or near Saint Anne's Rd"] * 3 + ["On or near Long Road"] * 40 + ["On or near Parking Area"] * 4
    teams += ["Northton"] * 47
    return incidents_at(points, location_text=names, team_name=teams, lsoa_code="E01000001")


def place(incidents: gpd.GeoDataFrame | None = None, units: pd.DataFrame | None = None, **fields: str) -> pd.Series:
    """Where one answer is from."""
    answer = pd.DataFrame({name: [text] for name, text in fields.items()}, dtype="str")
    gazetteer = Gazetteer(areas=AREAS, units=units, incidents=incidents, teams=("West team",))
    return geocoding.geocode_answers(answer, gazetteer).iloc[0]


# answers: grid references


@pytest.mark.parametrize(("text", "precision"), [("SU 010 995", "point"), ("SU 01 99", "unplaced"), ("x", "unplaced")])
def test_a_grid_reference_of_six_figures_is_a_point(text: str, precision: str) -> None:
    found = place(grid_reference=text)
    assert found["location_precision"] == precision
    if precision == "point":
        assert (found.geometry.x, found.geometry.y) == (401_050, 199_550)


# answers: streets


@pytest.mark.parametrize(
    "text", ["St Annes Road", "saint annes rd", "12 Saint Anne's Road", "Saint Anne’s Rd, Northton"]
)
def test_a_street_of_one_place_is_found_however_it_is_written(incidents, text: str) -> None:
    found = place(incidents, street=text.replace("St ", "Saint "))
    assert (found["location_precision"], found["place_code"]) == ("street", "Saint Anne's Rd")
    assert found["geometry"] is None and found["team_name"] == "Harbour team" and found["lsoa_code"] == "E01000001"


@pytest.mark.parametrize(
    ("fields", "team"),
    [
        ({"town": "Northton"}, "Harbour team"), ({"town": "southton"}, "South team"),
        ({"ward": "Southton ward"}, "South team"), ({"parish": "Little Northton Parish Council"}, "Harbour team"),
    ],
)  # fmt: skip
def test_a_street_name_of_two_towns_is_resolved_by_the_town_ward_or_parish(incidents, fields: dict, team: str) -> None:
    assert place(incidents, street="Mill Lane")["location_precision"] == "unplaced"
    found = place(incidents, street="mill ln", **fields)
    assert (found["location_precision"], found["team_name"]) == ("street", team)


@pytest.mark.parametrize("street", ["Long Road", "Parking Area", "Nowhere Street", "7", "Ada Lovelace"])
def test_long_scattered_and_unknown_streets_place_nothing(incidents, street: str) -> None:
    found = place(incidents, street=street)
    assert found["location_precision"] == "unplaced" and pd.isna(found["place_code"])


def test_the_middle_of_a_street_is_that_of_its_points(incidents) -> None:
    streets = street_names.list_streets(incidents).set_index("street")
    assert streets.loc["saint annes road", ["easting", "northing"]].tolist() == [E0 + 3_050, N0 + 3_000]
    assert "long road" not in streets.index and len(streets.loc[["high street"]]) == 2


# answers: LSOAs


def test_a_point_is_in_the_lsoa_whose_outline_holds_it_and_else_in_that_of_the_nearest_record(incidents) -> None:
    lsoa = areas_of(("E01000009", "lsoa", "Northshire 001A", None, (0, 0, 1_500)))
    both = gpd.GeoDataFrame(pd.concat([AREAS, lsoa], ignore_index=True), crs=crs.BNG)
    xy = pd.DataFrame(
        {"easting": [E0 + 1_000, E0 + 2_010, E0 + 9_000], "northing": [N0 + 1_100, N0 + 2_000, N0 + 9_000]}
    )
    known = Gazetteer(areas=both, incidents=incidents)
    found = geocoding.geocode_answers(xy.astype("str"), known)
    assert found["lsoa_code"].fillna("-").tolist() == ["E01000009", "E01000001", "-"]
    streets = pd.DataFrame({"street": ["High Street"], "town": ["Northton"]}).astype("str")
    assert geocoding.geocode_answers(streets, known)["lsoa_code"].tolist() == ["E01000001"]  # its records' own
    nothing_else = geocoding.geocode_answers(xy.astype("str"), Gazetteer(areas=lsoa))
    assert nothing_else["lsoa_code"].fillna("-").tolist() == ["E01000009", "-", "-"]


# answers: postcodes, wards, parishes, teams


def units_at(**places_by_unit: tuple[float, float, str]) -> pd.DataFrame:
    index = pd.Index([name.replace("_", " ") for name in places_by_unit], name="unit")
    frame = pd.DataFrame(list(places_by_unit.values()), index=index, columns=["easting", "northing", "district"])
    return frame.assign(easting=frame["easting"] + E0, northing=frame["northing"] + N0)


UNITS = units_at(
    NN1_1AA=(100, 100, "E07000001"), NN1_1AB=(200, 100, "E07000001"), NN2_1AA=(100, 200, "E07000001"),
    NN2_1AB=(21_000, 100, "E06000002"), SS1_1AA=(21_000, 200, "E06000002"),
)  # fmt: skip


def test_a_postcode_gives_its_point_team_and_district() -> None:
    found = place(units=UNITS, postcode="ss1 1aa")
    assert found["location_precision"] == "postcode_unit" and found["place_code"] == "SS1 1AA"
    assert (found["geometry"].x, found["geometry"].y) == (E0 + 21_000, N0 + 200)
    assert (found["team_name"], found["district_code"]) == ("South team", "E06000002")


def test_an_unknown_unit_is_its_sector_whose_team_counts_only_where_nearly_all_of_it_is_that_team_s() -> None:
    one, two = place(units=UNITS, postcode="NN1 1ZZ"), place(units=UNITS, postcode="NN2 1ZZ")
    assert [one["location_precision"], one["place_code"], one["team_name"]] == [
        "postcode_sector",
        "NN1 1",
        "Harbour team",
    ]
    assert [two["location_precision"], two["place_code"]] == ["postcode_sector", "NN2 1"]
    assert pd.isna(two["team_name"]) and one["geometry"] is None and one["district_code"] == "E07000001"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ward": "northton central"}, ("ward", "E05N")), ({"ward": "E05S"}, ("ward", "E05S")),
        ({"ward": "Dock beat"}, ("ward", "B1")), ({"parish": "Little Northton"}, ("parish", "E04N")),
        ({"ward": "Ada Lovelace"}, ("unplaced", "-")), ({"town": "Northshire"}, ("unplaced", "-")),
    ],
)  # fmt: skip
def test_wards_parishes_and_beats_are_known_by_name_and_code(fields: dict, expected: tuple[str, str]) -> None:
    found = place(**fields)
    code = "-" if pd.isna(found["place_code"]) else found["place_code"]
    assert (found["location_precision"], code) == expected and found["geometry"] is None
    is_south, is_placed = code == "E05S", code != "-"
    assert found["team_name"] == ("South team" if is_south else "Harbour team") if is_placed else True


@pytest.mark.parametrize(
    ("team", "known"), [("North team", "North team"), ("west", "West team"), ("Ada Lovelace", None)]
)
def test_an_unplaced_answer_counts_for_the_team_it_names_where_there_is_one(team: str, known: str | None) -> None:
    found = place(team=team)
    assert found["location_precision"] == "unplaced"
    assert (None if pd.isna(found["team_name"]) else found["team_name"]) == known


def test_a_ward_named_beside_a_postcode_does_not_move_the_answer() -> None:
    found = place(units=UNITS, postcode="SS1 1AA", ward="Northton Central", team="North team")
    assert (found["place_code"], found["team_name"]) == ("SS1 1AA", "South team")


# promises


def test_nothing_known_places_points_only_and_keeps_the_order() -> None:
    answers = pd.DataFrame(
        {"longitude": ["-1.785", None], "latitude": ["51.558", None], "ward": ["X", "X"]}, dtype="str"
    )
    found = geocoding.geocode_answers(answers.set_axis([7, 3]), Gazetteer())
    assert found.index.tolist() == [7, 3] and found["location_precision"].tolist() == ["point", "unplaced"]
    assert not set(geocoding.LOCATION_FIELDS) & set(found.columns)


def test_no_answers_no_places(incidents) -> None:
    answers = pd.DataFrame({"street": [], "postcode": []}, dtype="str")
    found = geocoding.geocode_answers(answers, Gazetteer(areas=AREAS, units=UNITS, incidents=incidents))
    assert found.empty and {"location_precision", "district_code"} <= set(found.columns)
