"""The folder that goes to partners: a list each, with room for the answer, and a covering page.

Nothing here tells of fewer residents than a referral needs, of a day, or of anybody's words.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.reporting import disclosure, lists, maps, words
from hotspots.reporting.answering import Answering

COLUMNS = [
    "referral_id", "partner", "department", "tier", "issue", "issue_in_words", "concerns", "place", "easting",
    "northing", "period_start", "period_end", "sent_on", "answer", "answered_on",
]  # fmt: skip


def write_referrals(given: Answering, folder: Path, force_name: str, as_of: date) -> list[Path]:
    """The lists of what is passed on with this report, and the page that goes with them, in a folder that exists.

    Parameters
    ----------
    given
        Referrals of all days; those sent on `as_of` are listed, earlier ones stand on the page with their answers.
    folder
        Where to.
    force_name
        In full.
    as_of
        Day of the report.
    """
    file_names = _file_names(given)
    new = given.referrals[given.referrals["sent_on"] == pd.Timestamp(as_of)]
    written = []
    for partner, rows in new.groupby("partner", sort=True):
        written.append(lists.write_csv(folder / f"{file_names[str(partner)]}.csv", list_referrals(rows)))
    page = folder / "index.html"
    page.write_text(draw_cover(given, force_name, as_of), encoding="utf-8", newline="\n")
    return [*written, page]


def list_referrals(referrals: pd.DataFrame) -> pd.DataFrame:
    """Referrals as a partner gets them, the last two columns for the answer."""
    listed = referrals.assign(issue_in_words=referrals["issue"].astype("str").map(categories.ISSUE_LABELS))
    whole = {name: listed[name].astype("Int64") for name in ("easting", "northing")}
    return listed.assign(**whole)[COLUMNS].astype({"issue": "str"})


def draw_cover(given: Answering, force_name: str, as_of: date) -> str:
    """The covering page: what goes to whom, what waits, and what came of earlier referrals."""
    file_names = _file_names(given)
    sent = given.referrals["sent_on"] == pd.Timestamp(as_of)
    new, earlier = given.referrals[sent], given.referrals[~sent]
    partners = sorted({*new["partner"], *given.held_back})
    return maps.pages().get_template("referrals.html").render(
        force_name=force_name,
        as_of=words.day(as_of),
        partners=[_partner(name, new[new["partner"] == name], given.held_back, file_names) for name in partners],
        earlier=[_line(row) for row in earlier.to_dict("records")],
    )  # fmt: skip


def _file_names(given: Answering) -> dict[str, str]:
    """The name of each partner's file, without ending."""
    every = sorted({*given.referrals["partner"], *given.held_back})
    return dict(zip(every, words.file_names(every), strict=True))


def _partner(name: str, rows: pd.DataFrame, held_back: dict[str, int], file_names: dict[str, str]) -> dict[str, Any]:
    """What goes to one partner."""
    return {
        "name": name,
        "file": f"{file_names[name]}.csv" if len(rows) else "",
        "lines": [_line(row) for row in rows.to_dict("records")],
        "waiting": disclosure.in_words(held_back.get(name, 0)),
    }


def _line(row: dict) -> dict[str, str]:
    """A referral in words."""
    answered = row["answered_on"]
    return {
        "id": row["referral_id"],
        "partner": row["partner"],
        "issue": categories.ISSUE_LABELS[str(row["issue"])],
        "place": words.place(row["place"]),
        "residents": f"{row['concerns']:,}",
        "sent_on": words.day(row["sent_on"]),
        "answer": words.clean(row["answer"], 300),
        "answered_on": "" if pd.isna(answered) else words.day(answered),
    }
