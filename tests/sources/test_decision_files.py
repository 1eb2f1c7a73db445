"""Files of local decisions: recognised by their headings, roles kept and names not."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspots import tables
from hotspots.sources import local_lists
from hotspots.targeting import decisions

TEXT = (
    "Decision ID,Patrol area,Place,Decision,Reason,Decided by,Until\n"
    'd1,asb-area-2025-09-0004,,Exclude,Market moved. Ring 01632 960123,"Sgt Jo Bloggs, Trowbridge NPT",31/12/2025\n'
    "d2,,Mill Lane,pin,School holidays,Neighbourhood Inspector,\n"
    "d3,,Mill Lane,delete,not known,A. Person,\n"
    ",,Mill Lane,pin,no reference,analyst,\n"
)


@pytest.fixture
def rows(write) -> pd.DataFrame:
    return local_lists.read_list(write("decisions.csv", TEXT), "decisions")[0]


def test_decisions_are_recognised_by_their_headings() -> None:
    assert (
        local_lists.kind_by_headings(["Decision_ID", "place", "DECISION", "reason", "decided_by", "until"])
        == "decisions"
    )
    assert local_lists.kind_by_headings(["decision", "reason"]) == ""


def test_a_decision_needs_a_reference_a_reason_and_a_word_we_know(rows: pd.DataFrame) -> None:
    assert rows["reason"].tolist() == ["", "", "unreadable", "unreadable"]


def test_roles_are_kept_and_names_of_people_are_not(rows: pd.DataFrame) -> None:
    kept = local_lists.accept_rows(rows, "decisions", pd.Timestamp("2025-09-30"))
    assert kept["decided_by"].tolist() == ["Sgt NPT", "Neighbourhood Inspector"]
    assert "Bloggs" not in kept.to_csv() and "960123" not in kept.to_csv()


def test_the_table_is_the_declared_one(rows: pd.DataFrame) -> None:
    kept = local_lists.accept_rows(rows, "decisions", pd.Timestamp("2025-09-30"))
    assert tables.check(kept, tables.DECISIONS) is kept
    assert kept["reason"].tolist() == ["Market moved. Ring [removed]", "School holidays"]
    assert kept["decision"].tolist() == ["exclude", "pin"]
    assert kept["patrol_area_id"].fillna("").tolist() == ["asb-area-2025-09-0004", ""]
    assert kept["until"].tolist()[0] == pd.Timestamp("2025-12-31")
    assert pd.isna(kept["until"].tolist()[1])


def test_a_file_may_name_areas_by_their_place_only(write, tmp_path) -> None:
    path = write("decisions.csv", "decision_id,place,decision,reason\nd1,Mill Lane,exclude,Road works\n")
    assert local_lists.kind_of(path) == "decisions"
    kept = local_lists.accept_rows(local_lists.read_list(path, "decisions")[0], "decisions", pd.Timestamp("2025-09-30"))
    kept.to_parquet(tmp_path / "decisions.parquet")
    stored = pd.read_parquet(tmp_path / "decisions.parquet")
    areas = gpd.GeoDataFrame(
        {"rank": [1, 2], "patrol_area_id": ["asb-1", "asb-2"], "main_location": ["Mill Lane", "High Street"]},
        geometry=[shapely.Point(0, 0), shapely.Point(9, 9)],
    )
    decided, matched, found = decisions.apply_decisions(areas, decisions.of_family(stored, "asb"))
    assert (decided["main_location"].tolist(), matched, found) == (["High Street", "Mill Lane"], ["d1"], [])
