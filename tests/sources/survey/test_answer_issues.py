"""Ticks, lists and free text become codes; council tier follows the place; nothing of the text is kept."""

from pathlib import Path

import pandas as pd
import pytest

from hotspots.sources import survey
from hotspots.sources.survey import Gazetteer, SurveyParams

UNITS = pd.DataFrame(
    {"easting": [415_000.0, 451_000.0], "northing": [184_000.0, 152_000.0], "district": ["E06000030", "E07000084"]},
    index=pd.Index(["SN1 1AE", "RG21 1AA"], name="unit"),
)
UUID = "123e4567-e89b-12d3-a456-426614174000"
BASE = {"received_at": "When", "response_id": "Id", "postcode": "Postcode"}


@pytest.fixture
def concerns(write):
    """Concerns of answers, each a dict of cells; keywords are settings."""

    def read(*rows: dict[str, str], columns: dict[str, str] | None = None, **settings) -> pd.DataFrame:
        params = SurveyParams(columns=BASE | (columns or {}), **settings)
        cells = [{"Id": str(n), "When": "01/09/2025", "Postcode": "SN1 1AE"} | row for n, row in enumerate(rows, 1)]
        frame = pd.DataFrame(cells, columns=list(dict.fromkeys([*params.headings])))
        path: Path = write("survey.csv", frame.to_csv(index=False))
        answers, _ = survey.read_answers(path, params, b"key")
        answers = answers[answers["reason"] == ""].reset_index(drop=True)
        placed = survey.geocode_answers(answers, Gazetteer(units=UNITS))
        return survey.tidy_concerns(placed, params)

    return read


def pairs(concerns: pd.DataFrame) -> list[tuple[str, int]]:
    return list(zip(concerns["issue"].astype(str), concerns["priority"], strict=True))


# answers: ticks


@pytest.mark.parametrize(
    "text",
    ["Burglary; Litter, bins, street cleaning; Noise", "Burglary|Litter, bins, street cleaning|Noise",
     "Burglary, Litter, bins, street cleaning, Noise", "burglary,litter,noise"],
)  # fmt: skip
def test_a_list_in_one_cell_is_split_and_labels_keep_their_commas(concerns, text: str) -> None:
    assert pairs(concerns({"Worry": text}, issue_columns=["Worry"])) == [
        ("burglary", 1),
        ("litter", 2),
        ("noise", 3),
    ]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Drugs, dealing; or use;Litter", ["drugs", "litter"]),
        ("Litter, Drugs, dealing; or use, Speeding or dangerous driving", ["litter", "drugs", "speeding"]),
        ("Bins, dogs;Bins", ["dog_fouling", "litter"]),
        ("Bins; Bins, dogs", ["litter", "dog_fouling"]),
        ("Litter;Potholes, kerbs and drains all broken;Bins, dogs", ["litter", "road_defect", "dog_fouling"]),
        ("Bins, dogs,", ["dog_fouling"]),
        (";;Litter;", ["litter"]),
    ],
)
def test_options_with_commas_or_semicolons_are_matched_whole_and_the_longest_first(concerns, cell, found) -> None:
    issues = {"Drugs, dealing; or use": "drugs", "Bins": "litter", "Bins, dogs": "dog_fouling", "Dogs": "dangerous_dog"}
    read = concerns({"Worry": cell}, issue_columns=["Worry"], issues=issues)["issue"].tolist()
    assert [issue for issue in read if issue in found] == found
    assert "dangerous_dog" not in read


@pytest.mark.parametrize(
    "row",
    [{"More": "zzz qqq"}, {"More": "///drugs.knife.burglar"}, {"More": "w3w.co/stab.drum.gang"}, {"Worry": "Qwerty"}],
)
def test_what_is_not_clear_is_nobodys_job(concerns, row: dict[str, str]) -> None:
    found = concerns(row, issue_columns=["Worry"], text_columns=["More"])
    assert found[["issue", "owner"]].to_numpy().tolist() == [["not_classified", "nobody"]]
    assert found[["department", "tier"]].isna().all(axis=None)


def test_something_else_is_nobodys_job_until_words_say_what(concerns) -> None:
    rows = {"Worry": "Something else"}, {"Worry": "Something else", "More": "rats in the yard"}
    found = concerns(*rows, issue_columns=["Worry"], text_columns=["More"])
    assert found["owner"].tolist() == ["nobody", "council"]


def test_a_three_word_location_is_no_text(write) -> None:
    path = write("survey.csv", "Id,When,Postcode,More\n1,01/09/2025,,///filled.count.soap\n2,01/09/2025,,thank you\n")
    answers, _ = survey.read_answers(path, SurveyParams(columns=BASE, text_columns=("More",)))
    assert answers["has_text"].tolist() == [False, True]


def test_columns_of_ticks_are_issues_where_they_are_ticked(concerns) -> None:
    ticks = {"Speeding": "speeding", "Noise": "noise", "Drugs": "drugs"}
    found = concerns({"Speeding": "Yes", "Noise": "No", "Drugs": "x"}, {"Noise": "1", "Drugs": "0"}, tick_columns=ticks)
    assert found["issue"].tolist() == ["speeding", "drugs", "noise"]


def test_ranked_ticks_are_in_their_order_but_codes_of_two_for_no_are_not_ticks(concerns) -> None:
    ticks = {"Speeding": "speeding", "Noise": "noise", "Drugs": "drugs"}
    assert pairs(concerns({"Speeding": "2", "Noise": "3", "Drugs": "1"}, tick_columns=ticks)) == [
        ("drugs", 1), ("speeding", 2), ("noise", 3),
    ]  # fmt: skip
    assert pairs(concerns({"Speeding": "2", "Noise": "2", "Drugs": "1"}, tick_columns=ticks)) == [("drugs", 1)]


def test_an_unlisted_ticked_text_is_classified_by_its_words_and_the_words_are_shown(concerns) -> None:
    found = concerns({"Worry": "Kids racing mopeds on the field"}, issue_columns=["Worry"])
    assert found["issue"].tolist() == ["nuisance_vehicles"] and "moped" in found["words"].iloc[0]
    assert concerns({"Worry": "Noise"}, issue_columns=["Worry"])["words"].isna().all()


def test_headings_fit_whatever_their_case_and_punctuation(write) -> None:
    params = SurveyParams(columns=BASE | {"channel": "How was this answered?"}, issue_columns=("Your worry",))
    text = "id,WHEN,post-code,how was this answered,YOUR_WORRY\n1,01/09/2025,SN1 1AE,Doorstep,Noise\n"
    answers, _ = survey.read_answers(write("survey.csv", text.replace("post-code", "postcode")), params)
    assert answers["issue"].tolist() == [["noise"]] and answers["channel"].tolist() == ["doorstep"]


# answers: free text


def test_text_adds_what_is_not_ticked_and_replaces_other(concerns) -> None:
    both = {"issue_columns": ["Worry"], "text_columns": ["More"]}
    assert pairs(concerns({"Worry": "Burglary", "More": "Street light out and dog mess on the path"}, **both)) == [
        ("burglary", 1), ("street_lighting", 2), ("dog_fouling", 3),
    ]  # fmt: skip
    assert pairs(concerns({"Worry": "Something else", "More": "dog mess"}, **both)) == [("dog_fouling", 1)]
    assert pairs(concerns({"Worry": "Dog fouling or stray dogs", "More": "dog mess"}, **both)) == [("dog_fouling", 1)]


def test_a_text_without_an_issue_is_not_classified_and_counted(write) -> None:
    params = SurveyParams(columns=BASE, text_columns=("More",))
    path = write(
        "survey.csv",
        "Id,When,Postcode,More\n1,01/09/2025,,Thank you for asking\n2,01/09/2025,,\n3,01/09/2025,,potholes",
    )
    answers, _ = survey.read_answers(path, params)
    assert answers["issue"].tolist() == [["not_classified"], ["not_classified"], ["road_defect"]]
    assert answers["is_unclear"].tolist() == [True, False, False]


def test_a_force_s_own_issue_keeps_its_code_beside_ours(concerns) -> None:
    found = concerns(
        {"Worry": "Beach fires", "More": "smoke from barbecues on the beach"}, {"More": "Barbecues again on the beach"},
        issue_columns=["Worry"], text_columns=["More"], own_issues={"beach_bbq": "fireworks"},
        issues={"Beach fires": "beach_bbq"}, own_words={"barbecue + beach": "beach_bbq"},
    )  # fmt: skip
    assert found["issue"].tolist() == ["fireworks", "fireworks"] and found["own_issue"].tolist() == ["beach_bbq"] * 2
    assert found["owner"].tolist() == ["police", "police"]


# answers: whose it is


def test_council_tier_follows_the_district_of_the_place(concerns) -> None:
    rows = [{"Worry": "Fly-tipping; Street lighting", "Postcode": unit} for unit in ("SN1 1AE", "RG21 1AA", "ZZ1 1AA")]
    found = concerns(*rows, issue_columns=["Worry"])
    assert found["tier"].tolist() == [
        "unitary", "unitary", "district", "county", "district or unitary", "county or unitary",
    ]  # fmt: skip
    assert found["department"].tolist()[1] == "unitary highway authority"
    assert found["department"].tolist()[3] == "county highway authority"


def test_words_of_the_text_make_exceptions_of_owners_for_ticks_too(concerns) -> None:
    both = {"issue_columns": ["Worry"], "text_columns": ["More"]}
    assert concerns({"Worry": "Fly-tipping", "More": "Sofas thrown into the river"}, **both)["owner"].tolist() == [
        "Environment Agency"
    ]
    assert concerns({"Worry": "Fly-tipping", "More": "Sofas in the lane"}, **both)["owner"].tolist() == ["council"]


# answers: who and when


def test_without_consent_an_answer_is_set_aside(write) -> None:
    params = SurveyParams(columns=BASE | {"consent": "Ok?"}, issue_columns=("Worry",))
    rows = [f"{n},01/09/2025,,{consent},Noise" for n, consent in enumerate(["Yes", "I agree", "No", "", "Not sure"])]
    answers, _ = survey.read_answers(write("survey.csv", "\n".join(["Id,When,Postcode,Ok?,Worry", *rows])), params)
    assert answers["reason"].tolist() == ["", "", "no_consent", "no_consent", "no_consent"]


def test_one_respondent_s_worry_counts_once_in_a_period_at_a_place(concerns) -> None:
    who = {"columns": {"email": "Mail", "phone": "Ring"}, "issue_columns": ["Worry"]}
    days = ("01/06/2025", "30/06/2025", "01/09/2025", "02/09/2025")
    rows = [{"Worry": "Noise", "Mail": "A.B@example.org", "When": day} for day in days]
    rows += [{"Worry": "Litter", "Mail": "a.b@example.org "}, {"Worry": "Noise", "Mail": "c@example.org"}]
    rows += [
        {"Worry": "Noise", "Mail": "a.b@example.org", "Postcode": "RG21 1AA"},
        {"Worry": "Noise"},
        {"Worry": "Noise"},
    ]
    every = concerns(*rows, **who)
    once = survey.without_repeats(every, 90)
    assert every["respondent_id"].nunique() == 2 and len(every) - len(once) == 2
    assert once["concern_id"].tolist() == [f"survey-{n}-1" for n in (1, 3, 5, 6, 7, 8, 9)]
    assert len(survey.without_repeats(every, 0)) == len(every)


def test_a_telephone_number_is_one_respondent_in_any_spelling_and_under_one_key(write) -> None:
    params = SurveyParams(columns=BASE | {"phone": "Ring"}, issue_columns=("Worry",))
    rows = [
        f"{n},01/09/2025,,{ring},Noise" for n, ring in enumerate(["07700 900461", "+447700900461", "(07700)900-461"])
    ]
    path = write("survey.csv", "\n".join(["Id,When,Postcode,Ring,Worry", *rows]))
    one, other = (survey.read_answers(path, params, key)[0]["respondent_id"] for key in (b"one", b"other"))
    assert len(set(one)) == 1 and not set(one) & set(other) and one.str.fullmatch("[0-9a-f]{16}").all()


@pytest.mark.parametrize(
    ("text", "kept"),
    [("LT-00017", "LT-00017"), ("12345", "12345"), ("07700900461", None), ("a.b@example.org", None),
     ("Ada Lovelace", None), ("01/02/1980", None), (UUID, UUID)],
)  # fmt: skip
def test_only_a_reference_that_identifies_no_person_is_kept(concerns, text: str, kept: str | None) -> None:
    found = concerns({"Id": text, "Worry": "Noise"}, issue_columns=["Worry"])["concern_id"].iloc[0]
    assert found == f"survey-{kept}-1" if kept else text not in found


@pytest.mark.parametrize("day", ["01/09/2025", "1 Sep 2025 10:00", "2025-09-01T10:00:00", "45901", "01.09.25"])
def test_dates_come_in_many_forms(concerns, day: str) -> None:
    assert concerns({"When": day, "Worry": "Noise"}, issue_columns=["Worry"])["received_at"].iloc[0].day == 1


# promises


def test_the_words_that_decided_are_of_our_lists_and_nothing_of_the_text_stays(concerns) -> None:
    text = "Mrs Quillfeather at 12 Mill Lane dumps sofas, ring 07700 900461"
    found = concerns({"More": text}, text_columns=["More"])
    assert found["issue"].tolist() == ["fly_tipping"]
    for private in ("Quill", "Mill", "07700", "Mrs"):
        assert private.casefold() not in found.to_csv().casefold()


def test_the_same_answer_in_another_row_has_the_same_content(write) -> None:
    params = SurveyParams(columns=BASE, issue_columns=("Worry",), text_columns=("More",))
    rows = "1,01/09/2025,SN1 1AE,Noise,loud\n2,02/09/2025,SN1 1AE,noise , Loud\n3,02/09/2025,SN1 1AE,loud,Noise\n"
    answers, _ = survey.read_answers(write("survey.csv", f"Id,When,Postcode,Worry,More\n{rows}"), params)
    first, same, other = answers["content"]
    assert first == same != other


def test_answers_are_read_alike_in_one_part_or_several(concerns, monkeypatch) -> None:
    rows = [{"Worry": each, "More": "dog mess"} for each in ("Burglary", "Noise; Litter", "Qwerty", "2") * 5]
    settings = {"issue_columns": ["Worry"], "text_columns": ["More"]}
    whole = concerns(*rows, **settings)
    monkeypatch.setattr("hotspots.sources.survey.answer_issues.CHUNK_ANSWERS", 3)
    monkeypatch.setattr("hotspots.sources.survey.CHUNK_ANSWERS", 7)
    pd.testing.assert_frame_equal(concerns(*rows, **settings), whole)
