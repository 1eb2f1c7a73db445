"""Lists that people fill in: answers to referrals, actions, priorities, results on confidence, names of places.

Such a file is recognised by its headings, in any order and spelling of case, blanks and underscores. What looks like an
e-mail address or a telephone number in a text is taken out before anything is kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hotspots import categories, quality, surveys, tables
from hotspots.sources.file_formats import any_format, workbooks
from hotspots.sources.parsing import dates, published_shares

REMOVED = "[removed]"
# A list's own column of reasons, while `reason` says why a row was set aside.
_GIVEN = "reason_given"
_OPEN_END = re.compile(r"(?i)-|n/?a|none|now|present|current|ongoing|open|(?:31/12/)?9999(?:-12-31)?")
_DAY = r"\d{1,2}([. -])\d{1,2}\1(?:19|20)\d\d\b"
# An e-mail address; a British telephone number, also as spreadsheets leave it, without the nought.
_PERSONAL = re.compile(
    rf"[^\s@<>,;]+@[^\s@<>,;]+|(?<![\w-])(?!{_DAY})(?:(?:\+|00)\s?44|\(?0(?=[1-9]))(?:[\s().-]{{0,3}}\d){{9,11}}(?!\d)"
    r"|(?<![\w-])7\d{3}[\s-]?\d{3}[\s-]?\d{3}(?!\d)"
)
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
    "respondents": "base n sample samplesize answers responses unweightedbase basesize numberofrespondents",
    "kind": "placekind areakind",
    "valid_from": "validsince from startdate",
    "valid_to": "validuntil until enddate",
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
    "place_names": Form("names and dates of areas", tables.PLACE_NAMES, ("place_code", "kind", "name")),
}  # fmt: skip


def form_of(headings: Iterable[str]) -> str:
    """Which list a file is, by its headings; empty where it is none."""
    headings = list(headings)
    return next((kind for kind, form in FORMS.items() if set(form.needed) <= set(_map(headings, form))), "")


def form_in(path: Path) -> str:
    """Which list a file holds; empty where it is none, or no table at all."""
    if path.suffix.lower() not in (*any_format.TEXT_SUFFIXES, *workbooks.SUFFIXES):
        return ""
    wanted = [field for form in FORMS.values() for field in form.fields]
    return form_of(any_format.read_headings(path, wanted, any_format.Reading()))


def read_form(path: Path, kind: str) -> tuple[pd.DataFrame, int, int]:
    """The rows of a list with its table's columns, `month` and `reason`; rows with the wrong number of cells; removals.

    A list's own reasons stand in `reason_given`. `reason` is `suppressed` where a figure was not published,
    `unreadable` where something that must be there is missing or is no date or number, else empty. The last number
    counts the cells out of which an e-mail address or telephone number was taken.

    Raises
    ------
    SourceError
        The file cannot be read.
    """
    form, reading = FORMS[kind], any_format.Reading()
    headings = _map(any_format.read_headings(path, form.fields, reading), form)
    raw, broken = any_format.read_cells(path, headings.values(), reading, form.says)
    named = pd.DataFrame({name: raw[heading].astype("str") for name, heading in headings.items()})
    columns, removed = {}, 0
    for name in form.fields:
        columns[name], taken = _read(_text(named, name), name, form.table.columns[name])
        removed += taken
    frame = pd.DataFrame(columns, index=named.index)
    if kind == "confidence":
        frame["share"] = published_shares.read_shares(_text(named, "share"), frame["question"])
    reason = quality.assign_reason(
        pd.Series("", index=frame.index, dtype="str"),
        suppressed=_held_back(named, form),
        unreadable=frame[[name for name in form.needed if name != form.waiting]].isna().any(axis=1)
        | _bad_dates(named, frame, kind),
    )
    dated = next((frame[name] for name in _dates(form)), pd.Series(pd.NaT, index=frame.index))
    month = pd.to_datetime(dated).dt.strftime("%Y-%m").fillna("").astype("str")
    return frame.rename(columns={"reason": _GIVEN}).assign(month=month, reason=reason), len(broken), removed


def at_fault(rows: pd.DataFrame, kind: str) -> pd.Series:
    """Rows that cannot be read, with what is wrong in words; `rows` as `read_form` gives them."""
    form = FORMS[kind]
    needed = {name: _GIVEN if name == "reason" else name for name in form.needed if name != form.waiting}
    empty = rows.loc[rows["reason"] == "unreadable", list(needed.values())].isna().set_axis(list(needed), axis=1)
    names = pd.Series([", ".join(empty.columns[row]) for row in empty.to_numpy()], index=empty.index, dtype="str")
    return names.map(lambda name: f"{name}: missing, or not understood" if name else "it ends before it begins")


def settle_form(rows: pd.DataFrame, kind: str, as_of: pd.Timestamp) -> pd.Series:
    """Final reason of each row of a list: why it does not count, or empty.

    Parameters
    ----------
    rows
        As `read_form` gives them, of all files.
    kind
        Which list.
    as_of
        Midnight of the day of the report; rows that begin later are not known yet. A review date is a plan and may lie
        ahead, and so may the dates between which an area holds.
    """
    form = FORMS[kind]
    begun = [rows[name] for name in _begun(form)]
    if kind == "confidence":
        begun = [pd.to_datetime(rows["wave"].map(surveys.wave_end, na_action="ignore"))]
    later = pd.concat([time > as_of for time in begun], axis=1).any(axis=1) if begun else rows["reason"].isna()
    reason = quality.assign_reason(rows["reason"], after_as_of=later)
    order = _ordered(rows[(reason == "") & ~_is_waiting(rows, form)], form)
    repeats = order.duplicated(list(form.table.key), keep="last").reindex(rows.index, fill_value=False)
    return quality.assign_reason(reason, repeated_id=repeats)


def finish_form(rows: pd.DataFrame, kind: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """The rows that count as their table: known on the day, and of a repeated key the latest by its dates.

    Parameters
    ----------
    rows, kind, as_of
        As for `settle_form`. Ends later than the day are not known yet.
    """
    form = FORMS[kind]
    counts = (settle_form(rows, kind, as_of) == "") & ~_is_waiting(rows, form)
    rows = rows[counts].drop(columns="reason").rename(columns={_GIVEN: "reason"})
    ends = {name: rows[name].mask(rows[name] > as_of) for name in ("ended_on", "closed_on") if name in form.fields}
    rows = rows.assign(**ends)
    if "respondents" in form.fields:
        rows = rows.astype({"respondents": "int64"})
    return tables.conform(rows.sort_values(list(form.table.key), ignore_index=True), form.table)


def _is_waiting(rows: pd.DataFrame, form: Form) -> pd.Series:
    """Whether somebody still has to fill a row in: no fault, and nothing to keep."""
    return rows[form.waiting].isna() if form.waiting else pd.Series(False, index=rows.index)


def _begun(form: Form) -> list[str]:
    return [name for name in ("answered_on", "started_on", "agreed_on") if name in form.fields]


def _ordered(rows: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Rows of a list, of a repeated key the one that counts last: by its dates, then by the size of its sample."""
    first = [*form.table.key, *_begun(form), *(["respondents"] if "respondents" in form.fields else [])]
    others = [_GIVEN if name == "reason" else name for name in form.fields if name not in first]
    return rows.sort_values([*first, *others], kind="stable", na_position="first")


def _held_back(named: pd.DataFrame, form: Form) -> pd.Series:
    """Whether a figure of a row was not published."""
    figures = [name for name in ("share", "respondents") if name in form.fields]
    held = [published_shares.is_suppressed(_text(named, name)) for name in figures]
    return pd.concat(held, axis=1).any(axis=1) if held else pd.Series(False, index=named.index)


def _bad_dates(named: pd.DataFrame, frame: pd.DataFrame, kind: str) -> pd.Series:
    """Whether an area's or action's dates end before they begin, or an area's cannot be read; no end is no fault."""
    if kind == "actions":
        return frame["ended_on"] < frame["started_on"]
    if kind != "place_names":
        return pd.Series(False, index=frame.index)
    given = {name: _text(named, name).mask(lambda text: text.str.fullmatch(_OPEN_END).fillna(False).astype(bool))
             for name in ("valid_from", "valid_to")}  # fmt: skip
    unread = [given[name].fillna("").ne("") & frame[name].isna() for name in given]
    return unread[0] | unread[1] | (frame["valid_to"] <= frame["valid_from"])


def _text(named: pd.DataFrame, name: str) -> pd.Series:
    """A column's cells, NA throughout where the list has no such column."""
    return named[name] if name in named else pd.Series(pd.NA, index=named.index, dtype="str")


def without_personal_data(texts: pd.Series) -> tuple[pd.Series, int]:
    """Texts without what looks like an e-mail address or a telephone number, and how many texts held any.

    Examples
    --------
    >>> without_personal_data(pd.Series(["Ring 01632 960123 or a.b@example.org", "Cleared on 02-03-2026"]))[0].tolist()
    ['Ring [removed] or [removed]', 'Cleared on 02-03-2026']
    """
    plain = [_PERSONAL.sub(REMOVED, text) if isinstance(text, str) else text for text in texts]
    held = sum(isinstance(text, str) and text != before for text, before in zip(plain, texts, strict=True))
    return pd.Series(plain, index=texts.index, name=texts.name).astype("str"), held


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
    if name == "respondents":
        return published_shares.read_counts(text), 0
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
