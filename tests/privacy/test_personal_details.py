"""Names after ranks and titles, contacts and homes are taken out of what staff type; roles and places stay."""

import pandas as pd
import pytest

from hotspots.privacy import personal_details


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("PC Jones", "an officer"),
        ("pc jones to call", "an officer to call"),
        ("PC 4417 Jones attended", "an officer attended"),
        ("PCSO 7123", "an officer"),
        ("Sgt. A. B. Patel agreed this", "an officer agreed this"),
        ("Inspector Zebedee Quill decided", "an officer decided"),
        ("Acting Sergeant O'Neill", "an officer"),
        ("DC Quill's idea", "an officer idea"),
        ("collar number 4417", "an officer"),
        ("Visit Mr Smith weekly", "Visit [removed] weekly"),
        ("Mr and Mrs Smith-Jones complained", "[removed] complained"),
        ("mrs quill complained", "[removed] complained"),
        ("Cllr Quill and Dr A Khan", "[removed] and [removed]"),
        ("Ring 01632 960123 or z.quill@example.org", "Ring [removed] or [removed]"),
        ("Called at 12 Mill Lane", "Called at Mill Lane"),
        ("Called at Flat 3, 12-14 Mill Lane, SP1 3XX", "Called at Mill Lane, [removed]"),
        ("At ///filled.count.soap", "At [removed]"),
        ("Rear of 12-14, litter", "Rear of [removed], litter"),
        ("Outside no. 7", "Outside [removed]"),
        ("Outside 7 Mill Lane", "Outside Mill Lane"),
        ("Occupier of 12A called", "Occupier of [removed] called"),
        ("House number 7 complained", "[removed] complained"),
        ("Called at Rose Cottage, Mill Lane", "Called at [removed], Mill Lane"),
        ("Seen at The Old Rectory", "Seen at [removed]"),
        ("Flat B, Mill Lane", "Mill Lane"),
        ("Apt 4/2 Mill Lane", "Mill Lane"),
        ("1st floor flat, High Street", "High Street"),
        ("UPRN 100121234567", "[removed]"),
    ],
)
def test_people_and_homes_are_taken_out(text: str, kept: str) -> None:
    assert personal_details.remove_details(text) == kept


@pytest.mark.parametrize(
    "text",
    ["Sergeant to review on 02-03-2026", "PC and PCSO patrols", "Two PCSOs on foot", "Inspector, Salisbury NPT",
     "Constable Road", "asb-2026-03-0007", "12 visits in March", "Lord Street and Lady Bay",
     "Outside 3 shops", "Rear of 24-hour garage", "Outside 10 pm", "Behind 22.30", "Tithe Barn Lane", "Aston Villa",
     "Victoria Cottage Hospital", "Old Vicarage Lane", "The Old Market", "Priority no. 1",
     "Dispersal order, 48 hours", "Team of 4 at the High Street", "PSPO renewed", "Officers asked for lighting"],
)  # fmt: skip
def test_roles_places_and_figures_stay(text: str) -> None:
    assert personal_details.remove_details(text) == text
    assert not personal_details.holds_details(text)


@pytest.mark.parametrize(
    ("owner", "role"),
    [
        ("Zebedee Quill", "an officer"), ("Z Quill", "an officer"), ("Sgt Quill", "an officer"),
        ("Wiltshire Council", "Wiltshire Council"), ("Selwood Housing", "Selwood Housing"),
        ("Neighbourhood sergeant", "Neighbourhood sergeant"), ("Town council warden", "Town council warden"),
    ],
)  # fmt: skip
def test_an_owner_is_a_role_or_a_partner(owner: str, role: str) -> None:
    assert personal_details.owner_role(owner) == role


@pytest.mark.parametrize(
    "text",
    ["07700 900461", "07700900461", "+447700900461", "+44 7700 900461", "(07700) 900461", "07700-900-461",
     "07700.900.461", "0044 7700 900461", "+44 (0)7700 900461", "7700900461", "01632 960123", "020 7946 0123",
     "j.smith@example.org"],
)  # fmt: skip
def test_a_contact_is_taken_out_however_it_is_written(text: str) -> None:
    found, count = personal_details.apply_to(pd.Series([f"Ask Jo, {text}, or me"]))
    assert (found.tolist(), count) == (["Ask Jo, [removed], or me"], 1)


@pytest.mark.parametrize(
    "text", ["02-03-2026", "02/03/2026 10:15", "2 03 2026", "02.03.2026", "asb-2026-03-0007", "0000000017", "0800-1200"]
)
def test_dates_times_and_references_are_no_telephone_numbers(text: str) -> None:
    assert personal_details.apply_to(pd.Series([text]))[0].tolist() == [text]
