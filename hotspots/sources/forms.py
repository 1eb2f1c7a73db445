"""Lists that people fill in: partners' answers to referrals, actions, local priorities, survey results on confidence.

Such a file is recognised by its headings, in any order and spelling of case, blanks and underscores. What looks like an
e-mail address or a telephone number in a text is taken out before anything is kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hotspots import categories, tables
from hotspots.sources import dates, export_files, workbook_files

REMOVED = "[removed]"
# A list's own column of reasons, while `reason` says why a row was set aside.
_GIVEN = "reason_given"
_PERSONAL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+|(?<![\w-])(?:\+44|\(?0)[\d() -]{8,}\d(?![\w-])")
_SPELLINGS = {
    "answered_on": "answeredat repliedon dateanswered",
    "owner": "lead responsible role",
    "action": "whatwasdone activity",
    "started_on": "started startdate",
    "ended_on": "ended enddate completedon",
    "outcome": "result",
    "public_text": "publicwords forthepublic forresidents tellresidents",
    "hotspot_id": "hotspot",
    "patrol_area_id": "patrolarea areaid",
    "place": "location street",
    "new_name": "rename renameto newplace",
    "decided_by": "decidedbyrole by",
    "until": "validuntil validto expires expireson",
    "place_code": "area place team teamname ward parish neighbourhood",
    "team_name": "team neighbourhoodteam npt lpt snt",
    "issue": "problem topic",
    "agreed_on": "agreed dateagreed seton",
    "review_on": "reviewdate reviewon review reviewby",
    "closed_on": "closed dateclosed",
    "wave": "surveywave quarter period year",
    "question": "measure statement indicator",
    "share": "percent percentage result score agree",
    "respondents": "base n sample samplesize answers responses",
}


# Ranks, roles and teams, as people sign with them.
_ROLES = (
    "chief|deputy|assistant|superintendent|supt|inspector|insp|sergeant|sgt|constable|pc|pcso|acting|temporary|special|"
    "detective|crime|intelligence|analyst|researcher|planner|coordinator|co-ordinator|officer|manager|lead|head|"
    "commander|neighbourhood|community|safety|partnership|reduction|patrol|response|duty|roads|rural|town|county|parish|"
    "borough|district|force|area|beat|council|warden|team|npt|lpt|lpa|snt|cpt|tasking|tactical|meeting|group|board|clerk"
)


@dataclass(frozen=True)
class Form:
    """One kind of list: its table, what must stand in every row, and the column that waits to be filled in."""

    says: str
    table: tables.Table
    needed: tuple[str, ...]
    waiting: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns of the table."""
        return tuple(self.table.columns)


FORMS = {
    "referral_answers": Form(
        "partners' answers to referrals", tables.REFERRAL_ANSWERS, ("referral_id", "answer"), waiting="answer"
    ),
    "actions": Form("actions", tables.ACTIONS, ("action_id", "owner", "action", "started_on")),
    "priorities": Form(
        "local priorities", tables.PRIORITIES,
        ("priority_id", "team_name", "issue", "agreed_on", "owner", "review_on"),
    ),
    "decisions": Form("local decisions", tables.DECISIONS, ("decision_id", "decision", "reason")),
    "confidence": Form(
        "survey results on confidence", tables.CONFIDENCE, ("wave", "place_code", "question", "share", "respondents")
    ),
}  # fmt: skip


def form_of(headings: Iterable[str]) -> str:
    """Which list a file is, by its headings; empty where it is none."""
    headings = list(headings)
    return next((kind for kind, form in FORMS.items() if set(form.needed) <= set(_map(headings, form))), "")


def form_in(path: Path) -> str:
    """Which list a file holds; empty where it is none, or no table at all."""
    if path.suffix.lower() not in (*export_files.TEXT_SUFFIXES, *workbook_files.SUFFIXES):
        return ""
    wanted = [field for form in FORMS.values() for field in form.fields]
    return form_of(export_files.read_headings(path, wanted, export_files.Reading()))


def read_form(path: Path, kind: str) -> tuple[pd.DataFrame, int, int]:
    """The rows of a list with its table's columns, `month` and `reason`; rows with the wrong number of cells; removals.

    A list's own reasons stand in `reason_given`. `reason` is `unreadable` where something that must be there is missing
    or is no date or number, else empty. The last number counts the cells out of which an e-mail address or telephone
    number was taken.

    Raises
    ------
    SourceError
        The file cannot be read.
    """
    form, reading = FORMS[kind], export_files.Reading()
    headings = _map(export_files.read_headings(path, form.fields, reading), form)
    raw, broken = export_files.read_cells(path, headings.values(), reading, form.says)
    named = pd.DataFrame({name: raw[heading].astype("str") for name, heading in headings.items()})
    columns, removed = {}, 0
    for name in form.fields:
        text = named[name] if name in named else pd.Series(pd.NA, index=named.index, dtype="str")
        columns[name], taken = _read(text, name, form.table.columns[name])
        removed += taken
    frame = pd.DataFrame(columns, index=named.index)
    is_bad = frame[[name for name in form.needed if name != form.waiting]].isna().any(axis=1)
    if "share" in frame:
        is_bad |= ~frame["share"].between(0, 1) | ~(frame["respondents"] > 0)
    dated = next((frame[name] for name in _dates(form)), pd.Series(pd.NaT, index=frame.index))
    month = pd.to_datetime(dated).dt.strftime("%Y-%m").fillna("").astype("str")
    frame = frame.rename(columns={"reason": _GIVEN})
    return frame.assign(month=month, reason=np.where(is_bad, "unreadable", "")), len(broken), removed


def finish_form(rows: pd.DataFrame, kind: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """The rows that count as their table: known on the day, and of a repeated key the latest by its dates.

    Parameters
    ----------
    rows
        As `read_form` gives them, of all files.
    kind
        Which list.
    as_of
        Midnight of the day of the report; rows that begin later are left out, and ends later than it are not known
        yet. A review date is a plan and may lie ahead.
    """
    form = FORMS[kind]
    rows = rows[rows["reason"] == ""].drop(columns="reason").rename(columns={_GIVEN: "reason"})
    rows = rows[rows[form.waiting].notna()] if form.waiting else rows
    begun = [name for name in ("answered_on", "started_on", "agreed_on") if name in form.fields]
    ends = {name: rows[name].mask(rows[name] > as_of) for name in ("ended_on", "closed_on") if name in form.fields}
    for name in begun:
        rows = rows[rows[name].isna() | (rows[name] <= as_of)]
    rows = rows.assign(**ends)
    key = list(form.table.key)
    order = [*key, *begun, *(name for name in form.fields if name not in [*key, *begun])]
    rows = rows.sort_values(order, kind="stable", na_position="first").drop_duplicates(key, keep="last")
    if "respondents" in form.fields:
        rows = rows.astype({"respondents": "int64"})
    return tables.conform(rows.sort_values(key, ignore_index=True), form.table)


def without_personal_data(texts: pd.Series) -> tuple[pd.Series, int]:
    """Texts without what looks like an e-mail address or a telephone number, and how many texts held any.

    Examples
    --------
    >>> without_personal_data(pd.Series(["Ring 01632 960123 or a.b@example.org", "Cleared on 12/03/2026"]))[0].tolist()
    ['Ring [removed] or [removed]', 'Cleared on 12/03/2026']
    """
    holds = texts.str.contains(_PERSONAL, regex=True).fillna(False).astype(bool)
    return texts.mask(holds, texts.str.replace(_PERSONAL, REMOVED, regex=True)).astype("str"), int(holds.sum())


def role_of(texts: pd.Series) -> pd.Series:
    """The words of each text that stand for a role, a rank or a team; missing where there are none.

    Whoever decided is kept as a role. Names of people are not known here, so whatever is no such word is left out.

    Examples
    --------
    >>> role_of(pd.Series(["Sgt Jo Bloggs, Trowbridge NPT", "neighbourhood inspector", "Jo"])).tolist()
    ['Sgt NPT', 'neighbourhood inspector', nan]
    """
    found = texts.str.findall(rf"(?i)\b(?:{_ROLES})\b")
    return found.map(lambda words: " ".join(words) if isinstance(words, list) and words else None).astype("str")


def _map(headings: Iterable[str], form: Form) -> dict[str, str]:
    """Our column to the heading that stands for it; our own names come before other spellings."""
    plain = {re.sub(r"[^a-z]", "", heading.lower()): heading for heading in reversed(list(headings))}
    found = {name: plain[name.replace("_", "")] for name in form.fields if name.replace("_", "") in plain}
    for name in form.fields:
        taken = set(found.values())
        others = (
            plain[word] for word in _SPELLINGS.get(name, "").split() if word in plain and plain[word] not in taken
        )
        if name not in found and (other := next(others, None)):
            found[name] = other
    return found


def _dates(form: Form) -> list[str]:
    return [name for name, column in form.table.columns.items() if column.kind == "time"]


def _read(text: pd.Series, name: str, column: tables.Column) -> tuple[pd.Series, int]:
    """One column in its type, and how many cells something personal was taken out of."""
    if column.kind == "time":
        return dates.read_times(text)["time"].dt.normalize(), 0
    if name == "share":
        return _share(text), 0
    if column.kind in ("int64", "float64"):
        return pd.to_numeric(text.str.replace(",", ""), errors="coerce"), 0
    if column.kind == "category":
        labels = categories.ISSUE_LABELS if name == "issue" else {}
        known = {label.casefold(): code for code, label in labels.items()}
        known |= {code.casefold(): code for code in column.choices}
        return text.str.strip().str.casefold().map(known).astype("str"), 0
    if name == "decided_by":
        return role_of(text), 0
    return without_personal_data(text)


def _share(text: pd.Series) -> pd.Series:
    """Shares from 0 to 1, of a column written as such, as percentages or with the sign."""
    number = pd.to_numeric(text.str.replace(r"[%\s]", "", regex=True), errors="coerce")
    is_percent = bool(text.str.contains("%").fillna(False).any() or (number > 1).any())
    return number / 100 if is_percent else number
