"""Addresses of Great Britain: only the street, estate or public building and a known town are kept."""

import pandas as pd
import pytest

from hotspots.privacy import street_addresses

TOWNS = ["Salisbury", "Swindon"]
# Addresses of all kinds that forces record, and what may be kept of each.
ADDRESSES = [
    ("12 HIGH STREET", "High Street"),
    ("44 Romsey Road", "Romsey Road"),
    ("FLAT 3, MEADOW COURT", None),
    ("Flat 3, Meadow Court, High Street, Salisbury", "High Street, Salisbury"),
    ("FLAT 3 MEADOW COURT HIGH STREET SALISBURY", "High Street, Salisbury"),
    ("ROSE COTTAGE, MILL LANE", "Mill Lane"),
    ("ROSE COTTAGE MILL LANE", "Mill Lane"),
    ("The Old Rectory", None),
    ("The Old Rectory, Church Lane", "Church Lane"),
    ("Unit 4 Parkway Industrial Estate", "Parkway Industrial Estate"),
    ("Junction 16 M4", "M4 junction 16"),
    ("M4 J16", "M4 junction 16"),
    ("A36 near Salisbury", "A36, Salisbury"),
    ("A1(M) junction 7", "A1(M) junction 7"),
    ("1st Avenue", "1st Avenue"),
    ("12 1st Avenue", "1st Avenue"),
    ("Number One Riverside", "Riverside"),
    ("Platform 2, Swindon Station", "Swindon Station"),
    ("Room 12 Travelodge", None),
    ("Room 12, Travelodge, London Road", "London Road"),
    ("12A Mill Lane", "Mill Lane"),
    ("12-14 Mill Lane", "Mill Lane"),
    ("12/3 Leith Walk", "Leith Walk"),
    ("12 A MILL LN", "Mill Lane"),
    ("Flat C, 9 Mill Rd.", "Mill Road"),
    ("3 Heol y Felin", "Heol y Felin"),
    ("14 Ffordd Penrhyn, Bangor", "Ffordd Penrhyn"),
    ("7 Stryd Fawr", "Stryd Fawr"),
    ("Bwthyn Rhosyn, Lôn Las", "Lôn Las"),
    ("Tŷ Gwyn", None),
    ("c/o Mr J Smith, 3 Mill Lane", "Mill Lane"),
    ("home of Zebedee Quill, Mill Lane", "Mill Lane"),
    ("home of Zebedee Quill Mill Lane", None),
    ("Mrs Quill, Rosedene, Mill Lane", "Mill Lane"),
    ("The Willows Care Home, Mill Lane", "Mill Lane"),
    ("The Willows Care Home", None),
    ("Women's Refuge, 12 Mill Lane", "Mill Lane"),
    ("///filled.count.soap", None),
    ("what3words filled.count.soap, Mill Lane", "Mill Lane"),
    ("UPRN 100121234567, 12 Mill Lane", "Mill Lane"),
    ("100121234567", None),
    ("SP1 3AB", None),
    ("12 Mill Lane SP1 3AB", "Mill Lane"),
    ("12, Mill Lane", "Mill Lane"),
    ("St Ann's Road", "St Ann's Road"),
    ("12 ST ANN'S RD", "St Ann's Road"),
    ("MILL ST SALISBURY", "Mill Street, Salisbury"),
    ("12 CHURCH LANE ST IVES", "Church Lane"),
    ("The Street, Barford", "The Street"),
    ("14 The Broadway", "The Broadway"),
    ("27 Broadway", "Broadway"),
    ("12 Avenue Road", "Avenue Road"),
    ("12 Manor Farm Road", "Manor Farm Road"),
    ("Manor Farm, Mill Lane", "Mill Lane"),
    ("Manor Farm", None),
    ("3 Meadow Court", None),
    ("Hill View", None),
    ("Hill View, Mill Lane", "Mill Lane"),
    ("Basement Flat, 12 Victoria Terrace", "Victoria Terrace"),
    ("Top Floor Flat 12 Victoria Terrace", "Victoria Terrace"),
    ("Ward 4, Salisbury District Hospital", "Salisbury District Hospital"),
    ("Victoria Park", "Victoria Park"),
    ("Outside Tesco, High Street", "High Street"),
    ("Junction of Mill Lane and Church Street", "Church Street"),
    ("Mill Lane j/w Church Street", "Mill Lane"),
    ("Rear of 12 Mill Lane", "Mill Lane"),
    ("Land at Mill Lane", "Mill Lane"),
    ("Plot 7 Oak Caravan Park", "Oak Caravan Park"),
    ("2 Railway Cottages, Station Road", "Station Road"),
    ("12 Mill Street North", "Mill Street North"),
    ("7 Seven Sisters Road", "Seven Sisters Road"),
    ("On or near Mill Lane", "On or near Mill Lane"),
    ("On or near Flat 3", None),
    ("Parking Area", "Parking Area"),
    ("12 Stratford-sub-Castle Road", "Stratford-sub-Castle Road"),
    ("FLAT 2 ROSEDENE MILL LANE", None),
    ("Rosedene", None),
    ("", None),
    ("12 Queens Wynd", "Queens Wynd"),
    ("Old Police Station", None),
    ("Salisbury Police Station", "Salisbury Police Station"),
    ("Flat above Tesco Superstore, High Street", "High Street"),
    ("12 Isle of Wight Road", "Isle of Wight Road"),
    ("Manor Park Road", "Manor Park Road"),
    ("12 School Lane", "School Lane"),
    ("High Street Car Park", "High Street Car Park"),
    ("Swindon Station, Station Road", "Swindon Station"),
    ("12 Castle Hill", "Castle Hill"),
    ("Rose Hill", None),
    ("Rose Hill, Mill Lane", "Mill Lane"),
    ("12 Mill Dr Salisbury", "Mill Drive, Salisbury"),
    ("Dr Quill, 12 Mill Drive", "Mill Drive"),
    ("Occupier, 12 Mill Lane", "Mill Lane"),
    ("Caravan 4, Mill Lane", "Mill Lane"),
    ("The Lodge, Salisbury", None),
    ("Y Bwthyn, 4 Rhodfa'r Môr", "Rhodfa'r Môr"),
    ("Zebedee Quill", None),
    ("GARAGES R/O 12 MILL LANE", "Mill Lane"),
    ("O/S 12 MILL LANE", "Mill Lane"),
    ("C/O 12 MILL LANE", "Mill Lane"),
    ("Mill Lane (flat above no 9)", "Mill Lane"),
    ("12 mill lane", "Mill Lane"),
    ("Victoria Park, Flat 2", None),
    ("Ground Floor Flat, The Old Library", None),
    ("07700 900461, Mill Lane", "Mill Lane"),
    ("Sunnyside, Rectory Road, Salisbury", "Rectory Road, Salisbury"),
]


@pytest.mark.parametrize(("address", "place"), ADDRESSES)
def test_an_address_becomes_its_street_or_public_place(address: str, place: str | None) -> None:
    assert street_addresses.public_place(address, TOWNS) == place


def reduced(*addresses: str, **options: object) -> list[str | None]:
    found = street_addresses.public_places(pd.Series(addresses, dtype="str"), **options)
    return [text if isinstance(text, str) else None for text in found]


def test_a_block_is_a_street_only_if_enough_numbered_houses_are_in_it() -> None:
    houses = [f"{number} MEADOW COURT" for number in range(1, 6)]
    assert reduced(*houses) == ["Meadow Court"] * 5
    assert reduced(*houses[:4]) == [None] * 4
    assert reduced(*houses[:4], min_addresses=4) == ["Meadow Court"] * 4
    assert reduced(*houses[:1] * 9) == [None] * 9, "one house reported nine times is one house"


def test_flats_of_a_block_never_name_it() -> None:
    assert reduced(*(f"FLAT {number} MEADOW COURT" for number in range(1, 20))) == [None] * 19


def test_other_addresses_show_where_the_name_of_a_street_begins() -> None:
    assert reduced("ROSEDENE MILL LANE", "12 MILL LANE") == ["Mill Lane", "Mill Lane"]
    assert reduced("ROSEDENE MILL LANE") == [None]
    assert reduced("SIR TOM MOORE WAY", "3 SIR TOM MOORE WAY") == ["Sir Tom Moore Way"] * 2
    assert reduced("3 ROSEDENE MILL LANE", *(f"{n} MILL LANE" for n in range(1, 6)))[0] == "Mill Lane"
    assert reduced("3 UPPER MILL LANE", *(f"{n} MILL LANE" for n in range(1, 6)))[0] == "Upper Mill Lane"


def test_names_of_streets_are_kept_where_the_settings_say_that_there_are_no_others() -> None:
    names = ["Sir Tom Moore Way", "Hill View", "Weir Retail Park", "Broad Walk", "The Croft"]
    assert reduced(*names, are_streets=True) == names
    homes = ["12 Mill Lane", "Flat 2 Hill View", "Rose Cottage", "Mrs Quill", "Rosedene, Mill Lane"]
    assert reduced(*homes, are_streets=True) == ["Mill Lane", None, None, None, "Mill Lane"]


def test_places_are_counted_as_reduced_unless_only_the_spelling_changed() -> None:
    texts = pd.Series(["12 MILL LANE", "MILL LN", "On or near Mill Lane", "Flat 3", None], dtype="str")
    places = street_addresses.public_places(texts)
    assert street_addresses.is_reduced(texts, places).tolist() == [True, False, False, True, False]


def test_the_index_is_kept_and_the_argument_unchanged() -> None:
    texts = pd.Series(["12 MILL LANE", None], index=[7, 3], dtype="str", name="location")
    found = street_addresses.public_places(texts)
    assert found.index.tolist() == [7, 3] and texts.tolist()[0] == "12 MILL LANE"
    assert street_addresses.public_places(texts[:0]).empty
