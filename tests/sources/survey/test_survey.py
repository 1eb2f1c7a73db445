"""Survey exports: coded answers only, each placed as exactly as it says and no more."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspots import categories, crs, tables
from hotspots.errors import ParameterError, SourceError
from hotspots.sources import survey
from hotspots.sources.survey import Gazetteer, SurveyParams

PARAMS = SurveyParams(
    name="lets-talk",
    columns={
        "response_id": "ID", "received_at": "When", "postcode": "Postcode", "ward": "Ward", "longitude": "Lon",
        "latitude": "Lat", "reported_to_police": "Told police?", "channel": "How",
    },
    issue_columns=("First", "Second"),
    issues={"Yobs": "rowdy_behaviour"},
)  # fmt: skip
HEADER = "ID,When,Name,Postcode,Ward,Lon,Lat,Told police?,How,First,Second,Comments"
UNITS = pd.DataFrame(
    {"easting": [415_000.0], "northing": [184_000.0], "district": "E06000030"}, index=pd.Index(["SN1 1AE"], name="unit")
)
WARDS = tables.conform(
    gpd.GeoDataFrame(
        {"place_code": ["E05", "NPT1"], "kind": ["ward", "NPT"], "name": ["Eastcott", "Swindon Town"]},
        geometry=[shapely.box(414_000, 183_000, 416_000, 185_000)] * 2,
        crs=crs.BNG,
    ),
    tables.PLACES,
)


def line(
    number: int = 1,
    when: str = "01/09/2025 10:00",
    postcode: str = "",
    ward: str = "",
    lon: str = "",
    lat: str = "",
    reported: str = "",
    first: str = "",
    second: str = "",
) -> str:
    return (
        f"r{number},{when},Ann Other,{postcode},{ward},{lon},{lat},{reported},online,{first},{second},call 07700 900123"
    )


@pytest.fixture
def placed(write):
    def read(*lines: str, units: pd.DataFrame | None = UNITS) -> gpd.GeoDataFrame:
        answers, _ = survey.read_answers(write("survey.csv", "\n".join([HEADER, *lines, ""])), PARAMS)
        return survey.geocode_answers(answers, Gazetteer(areas=WARDS, units=units))

    return read


@pytest.fixture
def concerns(placed):
    return lambda *lines: survey.tidy_concerns(placed(*lines), PARAMS)


# inputs


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"columns": {"response_id": "a", "received_at": "b", "surname": "c"}},
            "survey.columns: 'surname' is not a field; expected one of",
        ),
        ({"columns": {"response_id": "a"}}, "'received_at' is needed"),
        ({"columns": {"received_at": "a", "longitude": "b"}}, "'longitude' and 'latitude' go together; one is missing"),
        ({"own_issues": {"bbq": "barbecues"}}, "survey.own_issues: 'barbecues' is not an issue code"),
        ({"tick_columns": {"Yobs": "yobbery"}}, "survey.tick_columns: 'yobbery' is not an issue code"),
        (
            {"issues": {"Yobs": "yobbery"}},
            "survey.issues: 'yobbery' is not an issue code; docs/reference/issue_codes.md",
        ),
    ],
)
def test_a_map_that_is_not_ours_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        SurveyParams(**settings)


def test_a_mapped_heading_that_the_export_lacks_is_named(write) -> None:
    path = write("survey.csv", HEADER.replace("Ward", "Area") + "\n")
    with pytest.raises(SourceError, match=r"survey\.csv: the column 'Ward' is missing; a survey export needs it"):
        survey.read_answers(path, PARAMS)


@pytest.mark.parametrize("broken", [{"when": "September"}, {"when": ""}, {"when": "31/02/2025 10:00"}])
def test_an_answer_without_a_date_cannot_be_used(placed, broken: dict) -> None:
    assert placed(line(1), line(2, **broken))["reason"].tolist() == ["", "unreadable"]


def test_answers_without_a_reference_get_one_that_the_order_of_rows_does_not_change(placed) -> None:
    lines = [line(number, first=text).replace(f"r{number}", "") for number, text in ((1, "Noise"), (2, "Litter"))]
    one, other = placed(*lines), placed(*lines[::-1])
    assert one["answer_id"].is_unique and one["answer_id"].tolist() == other["answer_id"].tolist()[::-1]
    assert placed(lines[0], lines[0])["answer_id"].is_unique


# answers


def test_the_most_exact_place_in_an_answer_counts(placed) -> None:
    everything = {"postcode": "SN1 1AE", "ward": "Eastcott", "lon": "-1.785", "lat": "51.558"}
    found = placed(
        line(1, **everything), line(2, **everything | {"lon": "", "lat": ""}),
        line(3, postcode="SN1 1ZZ", ward="Eastcott"),
        line(4, postcode="SN1", ward="Eastcott"), line(5, postcode="nowhere"),
        line(6, lon="0", lat="0"), line(7, lon="-1.785"),
    )  # fmt: skip
    assert found["location_precision"].tolist() == [
        "point", "postcode_unit", "postcode_sector", "ward", "unplaced", "unplaced", "unplaced",
    ]  # fmt: skip
    assert found["place_code"].fillna("-").tolist()[1:] == ["SN1 1AE", "SN1 1", "E05", "-", "-", "-"]
    assert found.geometry.notna().tolist() == [True, True, False, False, False, False, False]
    assert (found.geometry.iloc[1].x, found.geometry.iloc[1].y) == (415_000, 184_000)


@pytest.mark.parametrize("spelling", ["sn11ae", " SN1  1AE ", "SN1-1AE"])
def test_an_oddly_spelt_postcode_finds_its_unit(placed, spelling: str) -> None:
    assert placed(line(postcode=spelling))["location_precision"].tolist() == ["postcode_unit"]


def test_without_a_list_of_units_a_postcode_is_its_sector(placed) -> None:
    found = placed(line(postcode="SN1 1AE"), units=None)
    assert found[["location_precision", "place_code"]].iloc[0].tolist() == ["postcode_sector", "SN1 1"]


def test_metres_win_over_degrees_and_no_metres_are_no_place() -> None:
    answers = pd.DataFrame(
        {"longitude": ["-1.785", "-1.785", None], "latitude": ["51.558"] * 3, "easting": ["400000", "0", "0"],
         "northing": ["200000", "0", "0"]}, dtype="str",
    )  # fmt: skip
    found = survey.geocode_answers(answers, Gazetteer())
    assert found.geometry.iloc[0].x == 400_000
    assert found.geometry.iloc[1].x == pytest.approx(415_002, abs=2)
    assert found.geometry.iloc[2] is None


@pytest.mark.parametrize(
    ("text", "issue"),
    [(label, code) for code, label in categories.ISSUE_LABELS.items() if "," not in label]
    + [
        ("Yobs", "rowdy_behaviour"),
        ("YOBS", "rowdy_behaviour"),
        ("fly_tipping", "fly_tipping"),
        ("Martians", "not_classified"),
    ],
)
def test_an_answer_in_words_becomes_its_code(concerns, text: str, issue: str) -> None:
    assert concerns(line(first=text))["issue"].tolist() == [issue]


def test_each_issue_ticked_is_a_row_in_order_of_worry(concerns) -> None:
    found = concerns(line(first="Burglary", second="Fly-tipping"))
    assert found["concern_id"].tolist() == ["lets-talk-r1-1", "lets-talk-r1-2"]
    assert found["issue"].tolist() == ["burglary", "fly_tipping"]
    assert found["owner"].tolist() == ["police", "council"]
    assert found["priority"].tolist() == [1, 2]


def test_the_same_worry_ticked_twice_is_one(concerns) -> None:
    assert concerns(line(first="Burglary", second="burglary"))["priority"].tolist() == [1]


def test_a_silent_answer_still_counts_as_an_answer(concerns) -> None:
    assert concerns(line(1), line(2, second="Noise"))[["issue", "priority"]].to_numpy().tolist() == [
        ["not_classified", 1],
        ["noise", 2],
    ]


def test_a_tick_for_reported_is_yes_no_or_missing(concerns) -> None:
    found = concerns(
        *(
            line(number, reported=reported)
            for number, reported in enumerate(["Yes", "n", "Not sure", "", "TRUE"], start=1)
        )
    )
    assert found["reported_to_police"].fillna("-").tolist() == ["yes", "no", "-", "-", "yes"]


# promises


def test_html_in_an_answer_gets_no_further_than_not_classified(concerns) -> None:
    found = concerns(line(first="<script>alert(1)</script>", postcode="<b>SN1</b>", reported="<i>yes</i>"))
    assert found["issue"].tolist() == ["not_classified"]
    assert found["location_precision"].tolist() == ["unplaced"]
    assert "<" not in found.drop(columns="geometry").to_csv()


def test_names_and_comments_are_never_read(write, placed, concerns) -> None:
    path = write("survey.csv", (HEADER + "\n" + line()).encode() + b" \xff not text")
    answers, broken = survey.read_answers(path, PARAMS)
    assert broken == 0
    for table in (answers, placed(line(first="Noise")), concerns(line(first="Noise"))):
        text = table.to_csv()
        assert "Ann" not in text
        assert "07700" not in text


def test_the_order_of_answers_does_not_matter(concerns) -> None:
    lines = [
        line(number, first=text, postcode="SN1 1AE")
        for number, text in enumerate(["Noise", "Burglary", "", "Litter"], start=1)
    ]
    pd.testing.assert_frame_equal(pd.DataFrame(concerns(*lines)), pd.DataFrame(concerns(*lines[::-1])))


def test_answers_keep_their_index_and_stay_as_they_were(write) -> None:
    answers, _ = survey.read_answers(write("survey.csv", "\n".join([HEADER, line(1, first="Noise"), line(2)])), PARAMS)
    given = answers.set_axis([8, 3])
    before = given.copy(deep=True)
    placed = survey.geocode_answers(given, Gazetteer(areas=WARDS, units=UNITS))
    assert placed.index.tolist() == [8, 3]
    survey.tidy_concerns(placed, PARAMS)
    pd.testing.assert_frame_equal(given, before)


def test_no_answers_are_no_concerns_with_every_column(placed, concerns) -> None:
    assert len(placed()) == 0
    assert list(concerns().columns) == list(tables.empty(tables.CONCERNS).columns)
