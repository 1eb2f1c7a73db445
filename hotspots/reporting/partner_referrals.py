"""Write referrals for partners: a list with columns for the answer and a covering page for each.

The files contain no small numbers of residents, days or original texts. The page `index.html` is for the force: what
each partner receives, has answered and has overdue.
"""

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import categories, crs, wording
from hotspots.reporting import formatting, html_templates, residents_report
from hotspots.reporting.exports import area_files
from hotspots.reporting.public import disclosure
from hotspots.reporting.residents_report import ResidentsReport
from hotspots.surveys import Counted

COLUMNS = [
    "referral_id", "partner", "department", "tier", "issue", "issue_in_words", "concerns", "place", "easting",
    "northing", "period_start", "period_end", "sent_on", "answer", "answered_on", "public_text",
]  # fmt: skip
_MAX_ISSUES = 5  # in the summary


def write_referrals(residents: ResidentsReport, folder: Path, force_name: str, as_of: date) -> list[Path]:
    """Write a list of new referrals and a covering page for each partner, and an overview.

    Parameters
    ----------
    residents
        Referrals of all days; those sent on `as_of` are listed, earlier ones are on the pages with their answers.
    folder
        Existing folder.
    force_name
        Full name.
    as_of
        Day of the report.
    """
    partners = _partners(residents, as_of)
    written = []
    for partner in partners:
        if len(partner["new"]):
            written.append(area_files.write_csv(folder / partner["list"], list_referrals(partner["new"])))
        if partner["page"]:
            written.append(
                html_templates.write_page(folder / partner["page"], draw_cover(partner, residents, force_name, as_of))
            )
    overview = html_templates.template("referrals.html")
    text = overview.render(
        force_name=force_name,
        as_of=formatting.day(as_of),
        partners=partners,
        counted=residents.counted,
        unknown_council=residents.unknown_council,
    )
    return [*written, html_templates.write_page(folder / "index.html", text)]


def locate_referrals(referrals: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the referrals about a street as points, BNG metres."""
    located = referrals[referrals["easting"].notna()]
    shown = located[["referral_id", "partner", "issue", "concerns", "place", "sent_on", "answer"]]
    return gpd.GeoDataFrame(shown, geometry=gpd.points_from_xy(located["easting"], located["northing"]), crs=crs.BNG)


def list_referrals(referrals: pd.DataFrame) -> pd.DataFrame:
    """Return referrals for export; the last three columns are for the answer."""
    listed = referrals.assign(issue_in_words=referrals["issue"].astype("str").map(categories.ISSUE_LABELS))
    whole = {name: listed[name].astype("Int64") for name in ("easting", "northing")}
    return listed.assign(**whole)[COLUMNS].astype({"issue": "str"})


def draw_cover(partner: dict[str, Any], residents: ResidentsReport, force_name: str, as_of: date) -> str:
    """Return a partner's covering page as HTML: new, unanswered and answered referrals."""
    waiting = partner["waiting"]
    is_overdue = residents_report.is_answer_overdue(waiting, as_of, residents.answer_within_days)
    return html_templates.template("partner.html").render(
        partner=partner,
        force_name=force_name,
        as_of=formatting.day(as_of),
        within_days=residents.answer_within_days,
        summary=_summary(partner["new"], residents.counted),
        counted=residents.counted,
        new=[_line(row) for row in partner["new"].to_dict("records")],
        waiting=[
            _line(row) | {"is_overdue": overdue}
            for row, overdue in zip(waiting.to_dict("records"), is_overdue, strict=True)
        ],
        answered=[_line(row) for row in partner["answered"].to_dict("records")],
    )  # fmt: skip


def _partners(residents: ResidentsReport, as_of: date) -> list[dict[str, Any]]:
    """Return the partners with referrals, or with concerns held back, by name."""
    names = sorted({*residents.referrals["partner"], *residents.held_back})
    overdue = residents.overdue_referrals(as_of)
    ordered = residents.referrals.sort_values(["sent_on", "concerns", "referral_id"], ascending=[False, False, True])
    found = []
    for name, file in zip(names, formatting.file_names(["index", *names])[1:], strict=True):
        own = ordered[ordered["partner"] == name]
        is_new, is_answered = own["sent_on"] == pd.Timestamp(as_of), own["answer"].notna()
        found.append(
            {
                "name": formatting.place(name, 120),
                "new": own[is_new],
                "waiting": own[~is_new & ~is_answered],
                "answered": own[~is_new & is_answered],
                "overdue": int((overdue["partner"] == name).sum()),
                "held_back": disclosure.in_words(residents.held_back.get(name, 0)),
                "list": f"{file}.csv" if is_new.any() else "",
                "page": f"{file}.html" if len(own) else "",
            }
        )
    return found


def _summary(new: pd.DataFrame, counted: Counted) -> str:
    """Summarise new referrals: their number, and the issues named most."""
    if new.empty:
        return "There are no new referrals with this report."
    residents = new.groupby(new["issue"].astype("str"))["concerns"].sum()
    labels = {issue: categories.ISSUE_LABELS[issue].lower() for issue in residents.index}
    first = sorted(residents.index, key=lambda issue: (-residents[issue], labels[issue]))[:_MAX_ISSUES]
    issues = "; ".join(labels[issue] for issue in first)
    more = len(residents) - len(first)
    others = f"; and {wording.counted(more, 'other issue')}" if more else ""
    summary = f"{residents_report.describe_new(new, counted)}, new with this report. Named most: {issues}{others}."
    located = new[new["easting"].notna()]
    if located.empty:
        return summary
    top = located.iloc[0]
    most = wording.counted(int(top["concerns"]), counted.one, counted.many)
    place = formatting.place(top["place"])
    return f"{summary} Most near one street: {labels[str(top['issue'])]}, {place[0].lower()}{place[1:]} ({most})."


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the table of referrals."""
    answered, last = row["answered_on"], pd.Timestamp(row["period_end"]) - pd.Timedelta(days=1)
    has_point = not pd.isna(row["easting"])
    return {
        "id": formatting.clean(row["referral_id"], 60),
        "is_overdue": False,
        "issue": categories.ISSUE_LABELS[str(row["issue"])],
        "place": formatting.place(row["place"]),
        "point": f"{row['easting']:.0f}, {row['northing']:.0f}" if has_point else "",
        "department": formatting.clean(row["department"], 80),
        "residents": f"{row['concerns']:,}",
        "received": formatting.months(f"{row['period_start']:%Y-%m}", f"{last:%Y-%m}"),
        "sent_on": formatting.day(row["sent_on"]),
        "answer": formatting.clean(row["answer"], 300),
        "answered_on": "" if pd.isna(answered) else formatting.day(answered),
    }
