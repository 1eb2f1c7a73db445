"""Two weeks of a small Littleham: what goes to partners, comes back filled in by hand, and is told the week after."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from hotspots.town import littleham
from pipelines import settings as force_settings
from pipelines.flows.weekly import weekly

FIRST, SECOND = date(2026, 3, 22), date(2026, 3, 29)
COUNCIL = "littleham-borough-council"


@dataclass(frozen=True)
class Weeks:
    """The folders of both reports, and the references that the council answered."""

    first: Path
    second: Path
    answered: list[str]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    folder, settings = tmp_path_factory.mktemp("weeks"), force_settings.read_settings(None)[0]
    params = littleham.TownParams(months=12, hotspots_per_family=2, monthly_asb=120, monthly_others=150)
    littleham.write_town(littleham.build_town(params), folder / "raw")
    run = [settings, (folder / "raw",), folder / "processed", folder / "reports"]
    weekly(*run, FIRST)
    reports = folder / "reports" / "littleham"
    answered = answer(reports / str(FIRST) / "referrals" / f"{COUNCIL}.csv", folder / "raw" / "from the council.csv")
    weekly(*run, SECOND)
    return Weeks(reports / str(FIRST), reports / str(SECOND), answered)


def answer(sent: Path, back: Path) -> list[str]:
    """Fill in the first two lines as Excel would save them, and leave the others as they came."""
    with sent.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"answer": "Skip placed, ask Jo", "answered_on": "26/03/2026", "public_text": "The street is cleared"}
    rows[1] |= {"answer": "No money this year", "answered_on": "27/03/2026"}
    with back.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return [rows[0]["referral_id"], rows[1]["referral_id"]]


def lists_of(report: Path) -> pd.DataFrame:
    parts = [pd.read_csv(path, dtype="str") for path in sorted((report / "referrals").glob("*.csv"))]
    return pd.concat(parts, ignore_index=True)


def test_no_referral_is_sent_twice_and_none_of_its_residents_is_counted_again(weeks: Weeks) -> None:
    first, second = lists_of(weeks.first), lists_of(weeks.second)
    assert len(first) > 20 and not set(first["referral_id"]) & set(second["referral_id"])
    assert len(second) < len(first) / 2
    assert second["answer"].isna().all()


def test_answers_are_shown_to_the_force_and_to_the_council_and_the_rest_still_waits(weeks: Weeks) -> None:
    page = (weeks.second / "residents.html").read_text(encoding="utf-8")
    assert "Skip placed, ask Jo" in page and "No money this year" in page
    own = (weeks.second / "referrals" / f"{COUNCIL}.html").read_text(encoding="utf-8")
    before, heading, answered = own.partition('<h2 id="answered">')
    _, waiting_heading, waiting = before.partition('<h2 id="waiting">')
    assert heading and waiting_heading
    sent = lists_of(weeks.first).query("partner == 'Littleham Borough Council'")["referral_id"]
    assert all(name in answered and name not in waiting for name in weeks.answered)
    assert all((name in waiting) != (name in weeks.answered) for name in sent)
    other = (weeks.second / "referrals" / "saltholme-council.html").read_text(encoding="utf-8")
    assert not any(name in other for name in sent)


def test_residents_are_told_the_words_meant_for_them_and_no_others(weeks: Weeks) -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in (weeks.second / "public").rglob("*.html"))
    assert "“The street is cleared.”" in told
    assert "Skip placed" not in told and "No money" not in told


def test_lines_that_came_back_empty_are_no_faults(weeks: Weeks) -> None:
    quality = pd.read_csv(weeks.second / "quality.csv").query("file == 'from the council.csv'")
    assert quality["rows_set_aside"].sum() == 0 and quality["rows_in"].iloc[0] > 10
