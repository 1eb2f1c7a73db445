"""Read local lists: answers to referrals, actions, priorities, decisions, confidence results and names of areas.

Staff keep these lists as spreadsheets. They are recognised by their headings, whatever the order, case, blanks and
underscores. Contacts, numbers of homes, and names that follow a rank or title are removed before anything is stored.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hotspots import categories, quality, surveys, tables
from hotspots.privacy import personal_details
from hotspots.sources.file_formats import any_format, workbooks
from hotspots.sources.parsing import dates, published_shares

# How personal details are removed from a column; only contacts and numbers of homes from any other.
_REMOVERS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("reason", "action", "outcome", "answer"), personal_details.remove_details),
    **dict.fromkeys(
        ("referral_id", "action_id", "hotspot_id", "patrol_area_id", "decision_id", "priority_id", "wave"),
        personal_details.remove_contacts,
    ),
    "owner": personal_details.owner_role,
    "public_text": personal_details.remove_marked,
}
# Name of a list's own column `reason` while `reason` is why a row was set aside.
_GIVEN = "reason_given"
# Lists have no settings, so their encoding is detected.
_READING = any_format.Reading(encoding="")
_OPEN_END = re.compile(r"(?i)-|n/?a|none|now|present|current|ongoing|open|(?:31/12/)?9999(?:-12-31)?")
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


@dataclass(frozen=True)
class LocalList:
    """A kind of list: its table, the columns that every row needs, and the one that may still be empty (`pending`)."""

    description: str
    table: tables.Table
    needed: tuple[str, ...]
    pending: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the columns of the table."""
        return tuple(self.table.columns)


LISTS = {
    "referral_answers": LocalList(
        "partners' answers to referrals", tables.REFERRAL_ANSWERS, ("referral_id", "answer"), pending="answer"
    ),
    "actions": LocalList("actions", tables.ACTIONS, ("action_id", "owner", "action", "started_on")),
    "priorities": LocalList(
        "local priorities", tables.PRIORITIES,
        ("priority_id", "team_name", "issue", "agreed_on", "owner", "review_on"),
    ),
    "decisions": LocalList("local decisions", tables.DECISIONS, ("decision_id", "decision", "reason")),
    "confidence": LocalList(
        "survey results on confidence", tables.CONFIDENCE, ("wave", "place_code", "question", "share", "respondents")
    ),
    "place_names": LocalList("names and dates of areas", tables.PLACE_NAMES, ("place_code", "kind", "name")),
}  # fmt: skip


def kind_by_headings(headings: Iterable[str]) -> str:
    """Return the kind of list with these headings; empty for any other file."""
    headings = list(headings)
    return next(
        (kind for kind, definition in LISTS.items() if set(definition.needed) <= set(_map(headings, definition))), ""
    )


def kind_of(path: Path) -> str:
    """Return the kind of list in a file; empty for any other file."""
    if path.suffix.lower() not in (*any_format.TEXT_SUFFIXES, *workbooks.SUFFIXES):
        return ""
    wanted = [field for definition in LISTS.values() for field in definition.fields]
    return kind_by_headings(any_format.read_headings(path, wanted, _READING))


def read_list(path: Path, kind: str) -> tuple[pd.DataFrame, int, int]:
    """Read a list: its rows, the number of rows with the wrong number of cells, and of cells with contacts removed.

    Returns
    -------
    tuple
        Rows with the columns of the table, `month` and `reason`: `suppressed` where a figure was not published,
        `unreadable` where a needed cell is missing or is not a date or number, or empty. A column `reason` of the list
        itself is `reason_given`. Then the two counts.

    Raises
    ------
    SourceError
        The file cannot be read.
    """
    definition = LISTS[kind]
    headings = _map(any_format.read_headings(path, definition.fields, _READING), definition)
    raw, broken = any_format.read_cells(path, headings.values(), _READING, definition.description)
    named = pd.DataFrame({name: raw[heading].astype("str") for name, heading in headings.items()})
    columns, removed = {}, 0
    for name in definition.fields:
        columns[name], count = _read(_text(named, name), name, definition.table.columns[name])
        removed += count
    frame = pd.DataFrame(columns, index=named.index)
    if kind == "confidence":
        frame["share"] = published_shares.read_shares(_text(named, "share"), frame["question"])
    reason = quality.assign_reason(
        pd.Series("", index=frame.index, dtype="str"),
        suppressed=_is_suppressed(named, definition),
        unreadable=frame[[name for name in definition.needed if name != definition.pending]].isna().any(axis=1)
        | _has_invalid_dates(named, frame, kind),
    )
    dated = next((frame[name] for name in _dates(definition)), pd.Series(pd.NaT, index=frame.index))
    month = pd.to_datetime(dated).dt.strftime("%Y-%m").fillna("").astype("str")
    return frame.rename(columns={"reason": _GIVEN}).assign(month=month, reason=reason), len(broken), removed


def describe_faults(rows: pd.DataFrame, kind: str) -> pd.Series:
    """Return what is wrong with each unreadable row; `rows` from `read_list`."""
    definition = LISTS[kind]
    needed = {name: _GIVEN if name == "reason" else name for name in definition.needed if name != definition.pending}
    empty = rows.loc[rows["reason"] == "unreadable", list(needed.values())].isna().set_axis(list(needed), axis=1)
    names = pd.Series([", ".join(empty.columns[row]) for row in empty.to_numpy()], index=empty.index, dtype="str")
    return names.map(lambda name: f"{name}: missing, or cannot be read" if name else "it ends before it begins")


def check_rows(rows: pd.DataFrame, kind: str, as_of: pd.Timestamp) -> pd.Series:
    """Return why each row of a list is set aside, or an empty text.

    Parameters
    ----------
    rows
        From `read_list`, of all files.
    kind
        Kind of list.
    as_of
        Midnight of the day of the report; rows that begin later are not known yet. Review dates and the dates of areas
        may be in the future.
    """
    definition = LISTS[kind]
    started = [rows[name] for name in _start_dates(definition)]
    if kind == "confidence":
        started = [pd.to_datetime(rows["wave"].map(surveys.wave_end, na_action="ignore"))]
    later = pd.concat([time > as_of for time in started], axis=1).any(axis=1) if started else rows["reason"].isna()
    reason = quality.assign_reason(rows["reason"], after_as_of=later)
    order = _sorted(rows[(reason == "") & ~_is_pending(rows, definition)], definition)
    repeats = order.duplicated(list(definition.table.key), keep="last").reindex(rows.index, fill_value=False)
    return quality.assign_reason(reason, repeated_id=repeats)


def accept_rows(rows: pd.DataFrame, kind: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the rows of a list that count, as their table; of a duplicate key, the latest.

    Parameters
    ----------
    rows, kind, as_of
        As for `check_rows`. End dates after the day are not known yet.
    """
    definition = LISTS[kind]
    counts = (check_rows(rows, kind, as_of) == "") & ~_is_pending(rows, definition)
    rows = rows[counts].drop(columns="reason").rename(columns={_GIVEN: "reason"})
    ends = {
        name: rows[name].mask(rows[name] > as_of) for name in ("ended_on", "closed_on") if name in definition.fields
    }
    rows = rows.assign(**ends)
    if "respondents" in definition.fields:
        rows = rows.astype({"respondents": "int64"})
    return tables.conform(rows.sort_values(list(definition.table.key), ignore_index=True), definition.table)


def _is_pending(rows: pd.DataFrame, definition: LocalList) -> pd.Series:
    """Return whether a row still has to be filled in, which is not a fault."""
    return rows[definition.pending].isna() if definition.pending else pd.Series(False, index=rows.index)


def _start_dates(definition: LocalList) -> list[str]:
    return [name for name in ("answered_on", "started_on", "agreed_on") if name in definition.fields]


def _sorted(rows: pd.DataFrame, definition: LocalList) -> pd.DataFrame:
    """Sort rows so that of a duplicate key the one that counts is last: by its dates, then by the size of its
    sample."""
    first = [
        *definition.table.key,
        *_start_dates(definition),
        *(["respondents"] if "respondents" in definition.fields else []),
    ]
    others = [_GIVEN if name == "reason" else name for name in definition.fields if name not in first]
    return rows.sort_values([*first, *others], kind="stable", na_position="first")


def _is_suppressed(named: pd.DataFrame, definition: LocalList) -> pd.Series:
    """Return whether a figure of a row was not published."""
    figures = [name for name in ("share", "respondents") if name in definition.fields]
    suppressed = [published_shares.is_suppressed(_text(named, name)) for name in figures]
    return pd.concat(suppressed, axis=1).any(axis=1) if suppressed else pd.Series(False, index=named.index)


def _has_invalid_dates(named: pd.DataFrame, frame: pd.DataFrame, kind: str) -> pd.Series:
    """Return whether an area or action ends before it begins, or dates of an area cannot be read; no end is valid."""
    if kind == "actions":
        return frame["ended_on"] < frame["started_on"]
    if kind != "place_names":
        return pd.Series(False, index=frame.index)
    given = {name: _text(named, name).mask(lambda text: text.str.fullmatch(_OPEN_END).fillna(False).astype(bool))
             for name in ("valid_from", "valid_to")}  # fmt: skip
    is_unreadable = [given[name].fillna("").ne("") & frame[name].isna() for name in given]
    return is_unreadable[0] | is_unreadable[1] | (frame["valid_to"] <= frame["valid_from"])


def _text(named: pd.DataFrame, name: str) -> pd.Series:
    """Return a column, or missing values where the list does not have it."""
    return named[name] if name in named else pd.Series(pd.NA, index=named.index, dtype="str")


def _map(headings: Iterable[str], definition: LocalList) -> dict[str, str]:
    """Map our columns to the headings of a list; our own names come before other spellings."""
    plain = {re.sub(r"[^a-z]", "", heading.lower()): heading for heading in reversed(list(headings))}
    found = {name: plain[name.replace("_", "")] for name in definition.fields if name.replace("_", "") in plain}
    for name in definition.fields:
        used = set(found.values())
        others = (plain[word] for word in _SPELLINGS.get(name, "").split() if word in plain and plain[word] not in used)
        if name not in found and (other := next(others, None)):
            found[name] = other
    return found


def _dates(definition: LocalList) -> list[str]:
    return [name for name, column in definition.table.columns.items() if column.kind == "time"]


def _read(text: pd.Series, name: str, column: tables.Column) -> tuple[pd.Series, int]:
    """Convert one column to its type, and count the cells from which contacts were removed."""
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
        return personal_details.role_of(text), 0
    return personal_details.apply_to(text, _REMOVERS.get(name, personal_details.remove_homes))
