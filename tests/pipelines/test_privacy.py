"""What residents say of themselves, and where people live, reaches no file: planted in every field of a survey, an
export and a patrol log, looked for in every byte."""

import csv
import dataclasses
import io
import os
import random
import re
import sqlite3
import zipfile
from pathlib import Path

import made_up_files as barset
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pypdfium2
import pytest

from hotspots.errors import ParameterError
from hotspots.sources.survey import SurveyParams
from pipelines import settings as force_settings
from pipelines.commands import check
from pipelines.flows.weekly import weekly
from pipelines.settings import Settings
from pipelines.storage import respondent_key

FIRST, LAST = "Zebedee", "Quillfeather"
EMAIL, PHONE = "z.quill77@example.org", "07700 900461"
PLANTED = (FIRST, LAST, "quill77", PHONE, "07700900461", "7700900461", "900461")
HEADINGS = {
    "response_id": "Ref", "received_at": "Sent", "channel": "Via", "longitude": "Lon", "latitude": "Lat",
    "postcode": "Postcode", "street": "Road", "ward": "Ward", "parish": "Parish", "town": "Town", "team": "Team",
    "priority": "Rank", "frequency": "Often", "time_band": "When", "reported_to_police": "Told", "consent": "Agree",
    "member": "Member", "email": "Mail", "phone": "Ring",
}  # fmt: skip
ISSUES, TICKS, TEXTS = ("Worry", "Next"), {"Speeding?": "speeding"}, ("Say more",)
UNMAPPED = ("Full name", "Address line 1", "Anything", "IP")
COLUMNS = (*HEADINGS.values(), *ISSUES, *TICKS, *TEXTS, *UNMAPPED)
WAYS = (
    f"{FIRST} {LAST}", EMAIL, PHONE, PHONE.replace(" ", ""), f"+44{PHONE[1:]}".replace(" ", ""),
    f"{LAST.upper()}, {FIRST.upper()}", f"Litter. Please ring {FIRST} {LAST} on {PHONE} or write to {EMAIL}",
    f"{FIRST.lower()} {LAST.lower()} dumps rubbish", f"Speeding; {FIRST} {LAST}; {EMAIL}",
)  # fmt: skip
PLAIN = {
    "Ref": "T-1", "Sent": "02/09/2025 10:00", "Via": "Online", "Lon": "-1.785", "Lat": "51.558", "Told": "No",
    "Agree": "Yes", "Worry": "Burglary",
}  # fmt: skip


def answers() -> list[dict[str, str]]:
    """Every field in turn in every way, each often enough to look like an answer on a list."""
    rows = []
    for heading in COLUMNS:
        for way in WAYS:
            for _ in range(2):
                row = PLAIN | {"Ref": f"T-{len(rows) + 1}"} | {heading: way}
                rows.append(row if heading != "Agree" else row | {"Agree": f"Yes {way}"})
    everything = dict.fromkeys(COLUMNS, WAYS[0]) | {"Sent": "02/09/2025 10:00", "Agree": "yes"}
    rows += [everything | {"Mail": EMAIL}] * 15
    random.Random(1).shuffle(rows)
    return rows


def as_csv(path: Path) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(answers())
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def as_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for row in answers():
        sheet.append([row.get(name) for name in COLUMNS])
    book.save(path)
    return path


@pytest.fixture
def settings() -> Settings:
    plain = force_settings.from_toml(barset.SETTINGS, "barset.toml")
    params = SurveyParams(columns=HEADINGS, issue_columns=ISSUES, tick_columns=TICKS, text_columns=TEXTS)
    return dataclasses.replace(plain, survey=params)


def texts_of(path: Path) -> list[str]:
    """What a file holds: its bytes, and what is packed inside."""
    held = [path.read_bytes().decode("utf-8", "replace"), path.read_bytes().decode("utf-16-le", "replace")]
    if path.suffix == ".parquet":
        held.append(pq.read_table(path).to_pandas().to_csv())
        held.append(str(pq.read_metadata(path).metadata))
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as database:
            held += list(database.iterdump())
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            held += [page.get_textpage().get_text_range() for page in document]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            held += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return held


def traces(*folders: Path, planted: tuple[str, ...] = PLANTED) -> list[str]:
    """Where anything planted stands."""
    said = re.compile("|".join(re.escape(each) for each in planted), re.IGNORECASE)
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    assert paths
    return [f"{path.name}: {said.search(text)[0]}" for path in paths for text in texts_of(path) if said.search(text)]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_nothing_planted_in_the_answers_reaches_any_file(tmp_path: Path, settings: Settings, write) -> None:
    raw = barset.write_raw(tmp_path / "raw")
    (raw / "lets-talk.csv").unlink()
    source = write(raw / ("survey.csv" if write is as_csv else "survey.xlsx"))
    assert traces(source.parent), "the test finds what is planted in the source"
    processed, reports = tmp_path / "processed", tmp_path / "reports"
    weekly(settings, (raw,), processed, reports, None)
    assert traces(processed, reports) == []
    concerns = pd.read_parquet(processed / "barset" / "2025-09-30" / "concerns.parquet")
    assert len(concerns) > 100 and concerns["respondent_id"].nunique() >= 3
    assert {"litter", "fly_tipping", "speeding"} <= set(concerns["issue"])


def test_what_was_left_out_is_told_by_its_headings(tmp_path: Path, settings: Settings) -> None:
    lines, is_good = check.check_files([as_csv(tmp_path / "survey.csv")], settings)
    told = "\n".join(lines)
    assert is_good and not any(each.casefold() in told.casefold() for each in PLANTED)
    assert "'Full name' (names), 'Address line 1' (addresses)" in told and "'IP' (IP addresses and devices)" in told
    assert re.search(r"answers give a contact in 'Member', 'Mail', 'Ring'\. Only a keyed hash", told)
    assert re.search(r"\d+ answers have free text; \d+ contain an e-mail address or telephone number", told)


def test_the_key_is_made_once_and_can_be_read_by_its_owner_alone(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv(respondent_key.VARIABLE, raising=False)
    key = respondent_key.read_key(tmp_path, "barset")
    assert respondent_key.read_key(tmp_path, "barset") == key and len(key) == 64
    assert respondent_key.read_key(tmp_path, "loamshire") != key
    if os.name == "posix":
        assert (tmp_path / "barset" / respondent_key.FILE).stat().st_mode & 0o777 == 0o600


def test_the_environment_may_give_the_key_but_no_short_one(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(respondent_key.VARIABLE, "a long enough secret")
    assert respondent_key.read_key(tmp_path, "barset") == b"a long enough secret"
    assert not (tmp_path / "barset").exists()
    monkeypatch.setenv(respondent_key.VARIABLE, "short")
    with pytest.raises(ParameterError, match="HOTSPOTS_RESPONDENT_KEY is too short"):
        respondent_key.read_key(tmp_path, "barset")


REACH = {"e-mail": EMAIL, "telephone": PHONE, "joined": PHONE.replace(" ", ""), "abroad": f"+44 {PHONE[1:]}"}


def as_lists(folder: Path) -> None:
    """Every list that people fill in, a contact in every text of it; words for the public that name somebody."""
    for n, contact in enumerate(REACH.values()):
        texts = {
            "actions": {"action_id": f"A{n}", "place_code": "Barchester", "owner": f"Sergeant, {contact}",
                        "action": f"Called on a tenant, {contact}", "started_on": "02/09/2025", "ended_on": "",
                        "outcome": f"Ring {contact}",
                        "public_text": f"Ask Mr {LAST}, {contact}" if n else "The alley is lit again"},
            "priorities": {"priority_id": f"P{n}", "team_name": f"Barchester {contact}", "issue": "litter",
                           "agreed_on": "01/06/2025", "owner": f"Inspector {contact}", "review_on": "01/09/2025"},
            "confidence": {"wave": "2025-Q2", "place_code": f"Barchester {contact}", "question": f"Good? {contact} {n}",
                           "share": "0.5", "respondents": "100"},
            "answers": {"referral_id": f"{contact} {n}", "answer": f"Cleared; {contact}", "answered_on": "03/09/2025",
                        "public_text": f"Thank Mrs {LAST} {contact}"},
        }  # fmt: skip
        for name, row in texts.items():
            with (folder / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, row)
                if n == 0:
                    writer.writeheader()
                writer.writerow(row)


def test_no_contact_typed_into_a_list_reaches_any_file_and_no_name_the_public(tmp_path: Path) -> None:
    settings = force_settings.from_toml(barset.SETTINGS, "barset.toml")
    raw = barset.write_raw(tmp_path / "raw")
    as_lists(raw)
    contacts = ("quill77", "900 461", "900461", "7700 900")
    assert traces(raw, planted=contacts), "the test finds what is planted in the source"
    processed, reports = tmp_path / "processed", tmp_path / "reports"
    weekly(settings, (raw,), processed, reports, None)
    assert traces(processed, reports, planted=contacts) == []
    day = reports / "barset" / "2025-09-30"
    assert "Called on a tenant" in (day / "residents.html").read_text(encoding="utf-8")
    assert traces(day / "public", planted=(LAST, "tenant", "[removed]")) == []
    assert "The alley is lit again." in (day / "public" / "updates" / "barchester.html").read_text(encoding="utf-8")


HOUSE, FLAT, NUMBER, PROPERTY = "Zorblatt", "Quixley", "7391Q", "100998877665"
HOMES = (HOUSE, FLAT, NUMBER, PROPERTY, LAST, "ZQ9 9ZQ", "zebra.quartz.violin")
PLACES = (
    f"FLAT {NUMBER}, {FLAT} COURT, 12 HIGH STREET, BARCHESTER", f"{HOUSE} COTTAGE, MILL LANE", f"{HOUSE} MILL LANE",
    f"{NUMBER} Mill Lane, Barchester, ZQ9 9ZQ", f"No. {NUMBER} Mill Lane", f"UPRN {PROPERTY}, Mill Lane", f"{HOUSE}",
    f"Mr {FIRST} {LAST}, {NUMBER} Church Road", f"c/o {LAST}, {HOUSE} House", f"home of {FIRST} {LAST} Mill Lane",
    f"Flat {NUMBER} {FLAT} Court", f"The Old {HOUSE}", f"{HOUSE} Care Home, Church Road", "///zebra.quartz.violin",
    f"Unit {NUMBER} {HOUSE} Buildings", f"Rear of {NUMBER}-{NUMBER} High Street", f"On or near Flat {NUMBER}",
    f"Mill Lane - {FIRST} {LAST} at {NUMBER}", f"{HOUSE} Farm", f"Room {NUMBER}, Travelodge, Church Road",
)  # fmt: skip
EXPORT_MAP = """
subtype = "Sub"
offence_code = "Code"
origin = "Origin"
beat = "Beat"
district = "MO"
team = "Team"
[patrol_log.columns]
visit = "Visit"
team = "Team"
patrol_area = "Area"
started_at = "Start"
ended_at = "End"
outcome = "Outcome"
[force_export.categories]"""


def as_export(path: Path) -> Path:
    """An export in which every location and every free column names a home or a person."""
    rng = random.Random(1)
    headings = [
        *["Ref", "Type", "Sub", "Code", "Origin", "Recorded", "Lon", "Lat", "Place", "Beat", "Team", "Officer", "MO"]
    ]
    free = (f"PC {NUMBER} {LAST}", f"Mr {FIRST} {LAST} of {NUMBER} Mill Lane", f"Flat {NUMBER}, ring {PHONE}")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for number in range(300):
            lon, lat = rng.choice([(-1.785, 51.558), (-1.82, 51.55), (-1.80, 51.57), (-1.83, 51.53)])
            day = f"{rng.randint(1, 28):02}/{rng.randint(7, 9):02}/2025 {rng.randint(0, 23):02}:{rng.randint(1, 59):02}"
            kind = rng.choice(["Nuisance", "Burglary", "Other matter"])
            texts = [rng.choice(free) for _ in range(7)]
            place = PLACES[number % len(PLACES)]
            position = (f"{lon + rng.randint(0, 5) * 0.0004:.6f}", f"{lat + rng.randint(0, 3) * 0.0002:.6f}")
            writer.writerow([f"R{number}", kind, *texts[:3], day, *position, place, *texts[3:]])
    return path


def as_log(path: Path) -> Path:
    """A patrol log whose team and outcome name people and homes."""
    rows = "".join(f"V{n},PC {LAST},asb-1,0{n}/09/2025 10:00,0{n}/09/2025 10:15,Saw Mr {LAST} at {NUMBER} Mill Lane\n"
                   for n in range(1, 6))  # fmt: skip
    path.write_text(f"Visit,Team,Area,Start,End,Outcome\n{rows}", encoding="utf-8")
    return path


def test_no_home_and_no_name_in_an_export_reaches_any_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = barset.SETTINGS.replace("\n[force_export.categories]", EXPORT_MAP)
    settings = force_settings.from_toml(text, "barset.toml")
    raw = tmp_path / "raw"
    raw.mkdir()
    barset.write_outline(raw / "outlines.geojson", "barset")
    export, log = as_export(raw / "export.csv"), as_log(raw / "patrols.csv")
    assert len(traces(raw, planted=HOMES)) >= 2, "the test finds what is planted in the sources"
    processed, reports = tmp_path / "processed", tmp_path / "reports"
    weekly(settings, (raw,), processed, reports, None)
    lines, is_good = check.check_files([export, log], settings)
    shown = "\n".join([*lines, *capfd.readouterr()])
    assert is_good and not [each for each in (*HOMES, "900461") if each.casefold() in shown.casefold()]
    assert traces(processed, reports, planted=(*HOMES, "900461", "900 461")) == []
    assert "300 of 300 locations hold a house number, a flat or a name." in shown
    incidents = pd.concat(pd.read_parquet(path) for path in (processed / "barset").rglob("export-*.parquet"))
    assert {"Mill Lane", "High Street", "Church Road"} == set(incidents["location_text"].dropna())
