"""The folder that goes to partners: for each a list with room for the answer, and a covering page of its own.

Nothing here tells of fewer residents than a referral needs, of a day, or of anybody's words. The page `index.html` is
the force's own: who gets what, who has answered, whose answers are overdue.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from hotspots import categories
from hotspots.reporting import formatting, html_templates, residents_report
from hotspots.reporting.exports import area_files
from hotspots.reporting.public import disclosure
from hotspots.reporting.residents_report import ResidentsReport

COLUMNS = [
    "referral_id", "partner", "department", "tier", "issue", "issue_in_words", "concerns", "place", "easting",
    "northing", "period_start", "period_end", "sent_on", "answer", "answered_on", "public_text",
]  # fmt: skip
_NAMED = 5  # issues named in the summary


def write_referrals(given: ResidentsReport, folder: Path, force_name: str, as_of: date) -> list[Path]:
    """A list of what is passed on with this report and a covering page for each partner, and the page over them all.

    Parameters
    ----------
    given
        Referrals of all days; those sent on `as_of` are listed, earlier ones stand on the pages with their answers.
    folder
        Where to; it exists.
    force_name
        In full.
    as_of
        Day of the report.
    """
    partners = _partners(given, as_of)
    written = []
    for partner in partners:
        if len(partner["new"]):
            written.append(area_files.write_csv(folder / partner["list"], list_referrals(partner["new"])))
        if partner["page"]:
            written.append(_write(folder / partner["page"], draw_cover(partner, given, force_name, as_of)))
    overview = html_templates.template("referrals.html")
    text = overview.render(force_name=force_name, as_of=formatting.day(as_of), partners=partners)
    return [*written, _write(folder / "index.html", text)]


def list_referrals(referrals: pd.DataFrame) -> pd.DataFrame:
    """Referrals as a partner gets them, the last three columns for the answer."""
    listed = referrals.assign(issue_in_words=referrals["issue"].astype("str").map(categories.ISSUE_LABELS))
    whole = {name: listed[name].astype("Int64") for name in ("easting", "northing")}
    return listed.assign(**whole)[COLUMNS].astype({"issue": "str"})


def draw_cover(partner: dict[str, Any], given: ResidentsReport, force_name: str, as_of: date) -> str:
    """A partner's covering page: what is new in short and line by line, what waits for an answer, what was answered."""
    waiting = partner["waiting"]
    late = residents_report.is_late(waiting, as_of, given.answer_within_days)
    return html_templates.template("partner.html").render(
        partner=partner,
        force_name=force_name,
        as_of=formatting.day(as_of),
        within_days=given.answer_within_days,
        short=_in_short(partner["new"]),
        new=[_line(row) for row in partner["new"].to_dict("records")],
        waiting=[
            _line(row) | {"is_late": is_late} for row, is_late in zip(waiting.to_dict("records"), late, strict=True)
        ],
        answered=[_line(row) for row in partner["answered"].to_dict("records")],
    )  # fmt: skip


def _partners(given: ResidentsReport, as_of: date) -> list[dict[str, Any]]:
    """Every partner that something was passed on to or is held back for, by name."""
    every = sorted({*given.referrals["partner"], *given.held_back})
    late = given.late(as_of)
    ordered = given.referrals.sort_values(["sent_on", "concerns", "referral_id"], ascending=[False, False, True])
    found = []
    for name, file in zip(every, formatting.file_names(["index", *every])[1:], strict=True):
        own = ordered[ordered["partner"] == name]
        is_new, is_answered = own["sent_on"] == pd.Timestamp(as_of), own["answer"].notna()
        found.append(
            {
                "name": formatting.place(name, 120),
                "new": own[is_new],
                "waiting": own[~is_new & ~is_answered],
                "answered": own[~is_new & is_answered],
                "late": int((late["partner"] == name).sum()),
                "held_back": disclosure.in_words(given.held_back.get(name, 0)),
                "list": f"{file}.csv" if is_new.any() else "",
                "page": f"{file}.html" if len(own) else "",
            }
        )
    return found


def _in_short(new: pd.DataFrame) -> str:
    """What is new in a sentence: how much, and the issues that most residents name."""
    if new.empty:
        return "Nothing is new with this report."
    residents = new.groupby(new["issue"].astype("str"))["concerns"].sum()
    labels = {issue: categories.ISSUE_LABELS[issue].lower() for issue in residents.index}
    first = sorted(residents.index, key=lambda issue: (-residents[issue], labels[issue]))[:_NAMED]
    named = "; ".join(labels[issue] for issue in first)
    more = len(residents) - len(first)
    also = f"; and {formatting.counted(more, 'other issue', 'other issues')}" if more else ""
    number = formatting.counted(len(new), "concern is", "concerns are")
    said = f"{number} new with this report. Named by most residents: {named}{also}."
    placed = new[new["easting"].notna()]
    if placed.empty:
        return said
    top = placed.iloc[0]
    most = formatting.counted(int(top["concerns"]), "resident", "residents")
    place = formatting.place(top["place"])
    return f"{said} Most near one street: {labels[str(top['issue'])]}, {place[0].lower()}{place[1:]} ({most})."


def _line(row: dict) -> dict[str, Any]:
    """A referral in words."""
    answered, last = row["answered_on"], pd.Timestamp(row["period_end"]) - pd.Timedelta(days=1)
    has_point = not pd.isna(row["easting"])
    return {
        "id": formatting.clean(row["referral_id"], 60),
        "is_late": False,
        "issue": categories.ISSUE_LABELS[str(row["issue"])],
        "place": formatting.place(row["place"]),
        "point": f"{row['easting']:.0f}, {row['northing']:.0f}" if has_point else "",
        "department": formatting.clean(row["department"], 80),
        "residents": f"{row['concerns']:,}",
        "heard": formatting.months(f"{row['period_start']:%Y-%m}", f"{last:%Y-%m}"),
        "sent_on": formatting.day(row["sent_on"]),
        "answer": formatting.clean(row["answer"], 300),
        "answered_on": "" if pd.isna(answered) else formatting.day(answered),
    }


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
