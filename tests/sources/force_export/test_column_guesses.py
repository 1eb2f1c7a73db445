"""A column map proposed from headings and values: right for typical systems, silent about content."""

import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.errors import SourceError
from hotspots.sources.force_export import column_guesses
from hotspots.sources.force_export.export_params import ExportParams

COUNT = 200
RNG = np.random.default_rng(1)
TIMES = pd.Series(pd.Timestamp("2025-01-01") + pd.to_timedelta(RNG.integers(0, 300_000, COUNT), unit="min"))


def made(**columns: object) -> pd.DataFrame:
    """Columns of text; a list is drawn from, a text with % is a form of date, anything else stands in every row."""
    cells = {}
    for name, what in columns.items():
        if isinstance(what, list):
            cells[name] = RNG.choice(what, COUNT)
        elif isinstance(what, str) and "%" in what:
            cells[name] = TIMES.dt.strftime(what)
        else:
            cells[name] = what
    return pd.DataFrame(cells, index=range(COUNT)).astype("str")


NUMBERS = [f"{number:08d}" for number in range(COUNT)]
EAST, NORTH = RNG.integers(400_000, 420_000, COUNT), RNG.integers(100_000, 190_000, COUNT)
SYSTEMS = {
    "Niche": (
        made(**{
            "Occurrence Number": NUMBERS, "Occurrence Type": ["ASB - Nuisance", "Burglary Dwelling"],
            "Stats Classification": ["28E/1", "105A"], "Reported Date/Time": "%d/%m/%Y %H:%M",
            "Occurrence Start Date/Time": "%d/%m/%Y %H:%M", "Occurrence End Date/Time": "%d/%m/%Y %H:%M",
            "OIC Name": "Jo", "Victim Surname": "Proudie", "Address": "1 Mill Lane", "Street Name": "Mill Lane",
            "Post Code": "SN1 1AA",
            "Easting": EAST, "Northing": NORTH, "Beat Code": ["A1", "B2"], "MO Notes": "by the window",
        }),
        {
            "reference": "Occurrence Number", "type": "Occurrence Type", "offence_code": "Stats Classification",
            "recorded_at": "Reported Date/Time", "committed_from": "Occurrence Start Date/Time",
            "committed_to": "Occurrence End Date/Time", "easting": "Easting", "northing": "Northing",
            "postcode": "Post Code", "location": "Street Name", "beat": "Beat Code",
        },
        "%d/%m/%Y %H:%M",
    ),
    "Connect": (
        made(
            CrimeNumber=NUMBERS, HOCode=["28E/1", "30C"], DateRecorded="%d-%b-%Y",
            OffenceDescription=["Burglary Residential", "Burglary business"], CommittedFromDate="%d-%b-%Y",
            CommittedFromTime="%H:%M",
            CommittedToDate="%d-%b-%Y", CommittedToTime="%H:%M", LocationX=EAST,
            LocationY=NORTH, Ward="Central", NeighbourhoodTeam=["N", "S"],
        ),
        {
            "reference": "CrimeNumber", "type": "OffenceDescription", "offence_code": "HOCode",
            "recorded_at": "DateRecorded", "committed_from": "CommittedFromDate",
            "committed_from_time": "CommittedFromTime", "committed_to": "CommittedToDate",
            "committed_to_time": "CommittedToTime", "easting": "LocationX", "northing": "LocationY",
            "team": "NeighbourhoodTeam",
        },
        "%d-%b-%Y",
    ),
    "Storm": (
        made(**{
            "URN": range(COUNT), "Incident Date": "%Y-%m-%d", "Created Date Time": "%Y-%m-%d %H:%M:%S",
            "Opening Code": ["ASB - nuisance", "Noise"], "Closing Code 1": ["ASB - nuisance", "Noise", "Concern"],
            "ASB Qualifier": ["Rowdy", "Noise"], "Call Origin": ["999", "101", "Proactive"],
            "X": RNG.uniform(-2, -1, COUNT), "Y": RNG.uniform(51, 52, COUNT), "Caller Name": "Jo",
            "Location": "Mill Lane",
        }),
        {
            "reference": "URN", "type": "Closing Code 1", "subtype": "ASB Qualifier", "origin": "Call Origin",
            "recorded_at": "Created Date Time", "committed_from": "Incident Date", "longitude": "X", "latitude": "Y",
            "location": "Location",
        },
        "%Y-%m-%d %H:%M:%S",
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
def test_headings_of_a_typical_system_are_mapped(system: str) -> None:
    cells, expected, form = SYSTEMS[system]
    lines = column_guesses.as_toml(column_guesses.propose(cells), cells)
    read = tomllib.loads("\n".join(lines))["force_export"]
    assert (read["columns"], read["date_format"]) == (expected, form)
    ExportParams(**read)


def test_the_values_decide_between_metres_and_degrees() -> None:
    for x, y, names in ((EAST, NORTH, ["easting", "northing"]), (-1.785, 51.558, ["longitude", "latitude"])):
        found = column_guesses.propose(made(X=x, Y=y))
        assert [guess.field for guess in found] == names


def test_a_heading_whose_values_are_of_another_kind_is_not_mapped() -> None:
    assert (
        column_guesses.propose(made(Easting="Mill Lane", Northing="north", Recorded="not known", Postcode="none")) == []
    )


def test_two_headings_that_fit_as_well_are_marked_unsure() -> None:
    cells = made(**{"Crime Number": NUMBERS, "Occurrence Number": NUMBERS})
    found = column_guesses.propose(cells)
    assert [guess.is_sure for guess in found] == [False]
    assert "# unsure: the heading says" in "\n".join(column_guesses.as_toml(found, cells))


def test_what_is_missing_is_named() -> None:
    text = "\n".join(column_guesses.as_toml([], made(Ward="Central", Notes="x")))
    for name in ("reference", "type", "recorded_at", "easting"):
        assert f'# {name} = ""  # not found: ' in text
    assert "easting" not in "\n".join(column_guesses.as_toml([], made(Ward="x"), has_points=True))


def test_postcodes_are_known_under_any_heading_but_unsure() -> None:
    cells = made(**{"Ref": NUMBERS, "Where": ["SN1 1AA", "SN2 2BB"]})
    found = {guess.field: guess for guess in column_guesses.propose(cells)}
    assert (found["postcode"].heading, found["postcode"].is_sure) == ("Where", False)
    assert 'location_precision = "postcode"' in column_guesses.as_toml(list(found.values()), cells)


@pytest.mark.parametrize(
    "heading", ["Victim Name", "Caller Location", "DOB", "Officer in charge number", "Suspect address"]
)
def test_headings_about_people_are_never_proposed(heading: str) -> None:
    assert column_guesses.propose(made(**{heading: NUMBERS})) == []


def test_a_first_row_of_values_is_refused_without_being_shown() -> None:
    cells = pd.DataFrame([["x"] * 4], columns=["5425001", "03/09/2025 10:00", "Burglary", "14 Mill Lane"], dtype="str")
    with pytest.raises(
        SourceError, match=r"^The first row looks like values, not headings: 2 of its 4 cells"
    ) as caught:
        column_guesses.propose(cells)
    assert "Mill" not in str(caught.value)


def test_no_value_appears_in_a_proposal() -> None:
    for cells, _, _ in SYSTEMS.values():
        proposal = "\n".join(column_guesses.as_toml(column_guesses.propose(cells), cells))
        for secret in ("Proudie", "Mill Lane", "SN1 1AA", NUMBERS[7], str(EAST[0]), "by the window"):
            assert secret not in proposal


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=6, unique=True), st.text(max_size=10))
def test_any_headings_give_a_proposal_that_can_be_read(names: list[str], value: str) -> None:
    cells = pd.DataFrame({name: [value] * 3 for name in names}, dtype="str")
    try:
        found = column_guesses.propose(cells)
    except SourceError:
        return
    tomllib.loads("\n".join(column_guesses.as_toml(found, cells, sheet=names[0])))
    assert len({guess.heading for guess in found}) == len(found)
