"""Types, subtypes and codes as forces write them, to our categories and subcategories."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots import reference
from hotspots.sources.parsing import offence_types


def classify(
    type_: str, subtype: str = "", code: str = "", own: dict | None = None, finer: dict | None = None
) -> tuple:
    parts = pd.DataFrame({"type": [type_], "subtype": [subtype], "offence_code": [code]}, dtype="str").replace(
        "", pd.NA
    )
    found = offence_types.classify(parts, own or {}, finer or {})
    return found["category"][0], None if pd.isna(found["subcategory"][0]) else found["subcategory"][0]


@pytest.mark.parametrize(
    ("type_", "subtype", "code", "category", "subcategory"),
    [
        ("Burglary - Residential - of a home", "", "", "burglary", "residential_home"),
        ("BURGLARY RESIDENTIAL: UNCONNECTED BUILDING", "", "", "burglary", "residential_unconnected"),
        ("Burglary", "Shed or garage", "", "burglary", "residential_unconnected"),
        ("Burglary - Business and Community", "", "", "burglary", "business_community"),
        ("Burglary in a dwelling", "", "", "burglary", "residential_home"),
        ("Attempted burglaries in a building other than a dwelling", "", "", "burglary", "business_community"),
        ("Burglary Residential", "", "", "burglary", "residential"),
        ("28E/1", "", "", "burglary", "residential"),
        ("Theft", "", "028E/01", "burglary", "residential"),
        ("Burglary Residential - Home", "", "28E", "burglary", "residential_home"),
        ("28A", "", "", "burglary", "residential_home"),
        ("30c", "", "", "burglary", "business_community"),
        ("Aggravated", "", "29", "burglary", "residential_home"),
        ("ASB - Rowdy or inconsiderate", "", "", "asb", "rowdy_inconsiderate"),
        ("Anti-Social Behaviour", "Rowdy/Nuisance Neighbours", "", "asb", "rowdy_neighbours"),
        ("ASB NUISANCE", "Vehicle nuisance", "", "asb", "vehicle_nuisance"),
        ("ASB Environmental", "Abandoned vehicles", "", "asb", "vehicle_abandoned"),
        ("Antisocial behaviour - fireworks", "", "", "asb", "fireworks"),
        ("Street drinking", "", "", "asb", "street_drinking"),
        ("ASB - Personal", "", "", "asb", None),
        ("ASB", "Something else", "", "asb", "Something else"),
        ("Bicycle theft", "Pedal", "", "bicycle_theft", "Pedal"),
        ("29", "", "", "unrecognised", None),
        ("Going equipped for burglary", "", "", "unrecognised", None),
        ("Burglar alarm", "", "", "unrecognised", None),
        ("Breach of anti-social behaviour order", "", "", "unrecognised", None),
        ("Neighbourhood alert", "", "", "unrecognised", None),
    ],
)
def test_types_are_known_whatever_their_spelling(
    type_: str, subtype: str, code: str, category: str, subcategory: str | None
) -> None:
    assert classify(type_, subtype, code) == (category, subcategory)


def test_the_force_s_own_words_decide_first() -> None:
    assert classify("Concerns for safety", own={"concern for SAFETY": "asb"})[0] == "asb"
    assert classify("28E/1", own={"28e/1": "other_crime"})[0] == "other_crime"
    assert (
        classify("Burglary", "Dwelling", finer={"dwellings": "residential_unconnected"})[1] == "residential_unconnected"
    )


@pytest.mark.parametrize("row", reference.rows("asb_types"), ids=lambda row: row["code"])
def test_every_nsir_heading_names_itself(row: dict) -> None:
    assert offence_types.asb_type_of(row["label"]) == row["code"]
    assert classify(row["label"]) == ("asb", row["code"])
    assert classify(f"ASB: {row['label'].upper()}") == ("asb", row["code"])


@pytest.mark.parametrize("row", reference.rows("burglary_codes"), ids=lambda row: row["ho_code"])
def test_every_code_of_burglary_is_in_its_group(row: dict) -> None:
    assert row["subcategory"].startswith("residential") == row["group"].startswith("residential")
    assert offence_types.burglary_kind_of(row["label"]).split("_")[0] == row["group"].split("_")[0]
    if not row["ho_code"].startswith("2023"):
        assert classify("x", code=f"{row['ho_code']}/1") == ("burglary", row["subcategory"])


@pytest.mark.parametrize(
    ("cells", "is_so"),
    [
        ({"type": "Drugs - possession"}, False),
        ({"type": "Stop & Search"}, True),
        ({"subtype": "STOP/SEARCH"}, True),
        ({"origin": "Officer initiated"}, True),
        ({"origin": "Pro-active"}, True),
        ({"origin": "Self generated"}, True),
        ({"origin": "Not police generated"}, False),
        ({"origin": "Non-proactive"}, False),
        ({"origin": "999"}, False),
        ({"origin": "op alpha"}, True),
        ({"origin": None}, False),
    ],
)
def test_records_that_police_made_are_marked(cells: dict, is_so: bool) -> None:
    parts = pd.DataFrame(
        {"type": ["Theft"], "subtype": [None], "origin": [None]} | {k: [v] for k, v in cells.items()}, dtype="str"
    )
    category = pd.Series(["other_theft"])
    assert offence_types.is_police_generated(parts, category, ["Op Alpha"]).tolist() == [is_so]
    assert offence_types.is_police_generated(parts, pd.Series(["drugs"])).tolist() == [True]


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=8))
def test_every_row_gets_a_category_in_order(pairs: list[tuple[str, str]]) -> None:
    parts = pd.DataFrame(pairs, columns=["type", "subtype"], dtype="str", index=range(3, 3 + len(pairs)))
    found = offence_types.classify(parts, {"Burglary": "burglary"}, {})
    assert found.index.equals(parts.index)
    assert found["category"].notna().all()
    for at, (type_, subtype) in zip(found.index, pairs, strict=True):
        assert found["category"][at] == classify(type_, subtype, own={"Burglary": "burglary"})[0]
