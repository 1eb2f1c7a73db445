"""Types of incident and issues of concern."""

import pandas as pd

from hotspots import categories

# answers


def test_all_types_of_the_street_files_are_ours_and_different() -> None:
    current = list(categories.POLICE_UK.items())[:14]
    assert len({code for _, code in current}) == 14
    assert categories.POLICE_UK["Anti-social behaviour"] == "asb"
    assert categories.POLICE_UK["Violent crime"] == categories.POLICE_UK["Violence and sexual offences"]


def test_what_police_find_by_looking_is_in_no_family() -> None:
    scored = {category for members in categories.FAMILIES.values() for category in members}
    assert not scored & categories.POLICE_GENERATED
    assert not scored & {"unrecognised"}
    assert set(categories.CATEGORIES) >= categories.POLICE_GENERATED


def test_a_family_holds_its_own_type_only(incidents_at) -> None:
    incidents = incidents_at([(0, 0)] * 4, category=["asb", "burglary", "drugs", "asb"])
    assert categories.of_family(incidents, "asb").index.tolist() == [0, 3]
    assert categories.of_family(incidents, "burglary").index.tolist() == [1]


def test_an_issue_is_about_asb_by_its_group_and_about_burglary_by_its_code() -> None:
    issues = pd.Series(["noise", "burglary", "litter", "rowdy_behaviour", "vehicle_crime"], index=list("abcde"))
    assert categories.is_about(issues, "asb").tolist() == [True, False, False, True, False]
    assert categories.is_about(issues, "burglary").tolist() == [False, True, False, False, False]


# promises


def test_every_issue_has_a_label_an_owner_and_a_group() -> None:
    assert len(set(categories.ISSUES)) == len(categories.ISSUES) == len(set(categories.ISSUE_LABELS.values()))
    for code in categories.ISSUES:
        assert categories.ISSUE_LABELS[code]
        assert categories.ISSUE_OWNERS[code]
        assert categories.ISSUE_GROUPS[code]


def test_indices_are_kept_and_no_issues_give_none(incidents_at) -> None:
    issues = pd.Series(["noise"], index=["k"])
    assert categories.is_about(issues, "asb").index.tolist() == ["k"]
    assert categories.is_about(issues.iloc[:0], "asb").empty
    nothing = incidents_at([])
    assert list(categories.of_family(nothing, "asb").columns) == list(nothing.columns)
