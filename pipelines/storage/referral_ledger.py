"""The ledger of what was passed on: which concerns went out with which report, and what partners answered.

One file a day under data/processed/<force>/referred/, added to and never cut. A run that fails, or is killed before
the day's report stands in its place, has sent nothing. So what a report is about to send is announced before it takes
its place, under a mark that the report carries in its run.json, and entered when it stands there. Should a run die in
between, the next one finds the announcement, looks for its mark in the report, and enters it or drops it. Concerns
stand in the ledger as hashes of their content, so it tells nothing of anybody.
"""

import hashlib
import json
from datetime import date
from pathlib import Path

import pandas as pd

from hotspots import tables
from pipelines.storage import atomic_write
from pipelines.storage.store import Store

FACTS = "referred"
MARK = "referred"  # in run.json: the mark of what the report sent
_ANNOUNCED = ".announced"
Entry = dict[str, dict]
NOTHING: Entry = {"concerns": {}, "referrals": {}, "answers": {}}


def sent_with_others(store: Store, waiting: frozenset[str]) -> frozenset[str]:
    """Keys of concerns that went out with other days' reports, so that this day's must leave them out.

    A day that is run again with the same concerns leaves out only what earlier days sent: it gives what it gave.

    Parameters
    ----------
    store
        The day.
    waiting
        Keys of all concerns that are for partners on the day.
    """
    entries = _entries(store)
    own = set(entries.get(store.as_of, NOTHING)["concerns"])
    earlier = {key for day, entry in entries.items() if day < store.as_of for key in _sent(entry)}
    if own and own == waiting - earlier:
        return frozenset(earlier)
    others = {key for day, entry in entries.items() if day != store.as_of for key in _sent(entry)}
    return frozenset(others - set(_sent(entries.get(store.as_of, NOTHING))))


def sent_earlier(store: Store) -> pd.DataFrame:
    """Referrals of earlier days (`tables.REFERRALS`)."""
    rows = [row for day, entry in _entries(store).items() if day < store.as_of for row in entry["referrals"].values()]
    return _as_table(rows, tables.REFERRALS)


def answered_earlier(store: Store) -> pd.DataFrame:
    """What partners had answered by earlier days, the latest answer to each (`tables.REFERRAL_ANSWERS`)."""
    answers: dict[str, dict] = {}
    for day, entry in sorted(_entries(store).items()):
        answers |= entry["answers"] if day < store.as_of else {}
    return _as_table(list(answers.values()), tables.REFERRAL_ANSWERS)


def propose(store: Store, keys: pd.Series, referrals: pd.DataFrame, answers: pd.DataFrame) -> None:
    """Keep with the day's tables what its report is going to send.

    Parameters
    ----------
    store
        The day.
    keys
        Referral of each concern, by key; missing where it is held back.
    referrals
        The day's own (`tables.REFERRALS`).
    answers
        `tables.REFERRAL_ANSWERS`.
    """
    entry = {
        "concerns": {str(key): "" if pd.isna(given) else str(given) for key, given in sorted(keys.items())},
        "referrals": _as_rows(referrals),
        "answers": _as_rows(answers),
    }
    store.write_facts(FACTS, entry)


def mark_of(store: Store) -> str:
    """The mark of what the day's report is going to send: the same for the same, another for anything else."""
    return _mark(store.read_facts(FACTS))


def announce(store: Store, report: Path) -> None:
    """Write down what a report is about to send: called when it is ready, before it takes its place.

    Parameters
    ----------
    store
        The day.
    report
        The folder in which the report will stand, its mark in run.json.
    """
    told = {"report": str(report.resolve()), "entry": store.read_facts(FACTS)}
    _write(_folder(store) / f"{store.as_of}{_ANNOUNCED}", told)


def record(store: Store) -> None:
    """Enter into the ledger what the day's report sent: called when the report stands in its place."""
    _enter(store, store.as_of, store.read_facts(FACTS))
    (_folder(store) / f"{store.as_of}{_ANNOUNCED}").unlink(missing_ok=True)


def settle(store: Store) -> None:
    """Enter what announced reports of runs that died sent, and drop what was announced and did not come about.

    A report was sent where it stands in its folder with the mark of what was announced.
    """
    for path in sorted(_folder(store).glob(f"????-??-??{_ANNOUNCED}")):
        told = json.loads(path.read_text(encoding="utf-8"))
        if _mark_in(Path(told["report"])) == _mark(told["entry"]):
            _enter(store, date.fromisoformat(path.name.removesuffix(_ANNOUNCED)), told["entry"])
        path.unlink()


def _enter(store: Store, day: date, sent: Entry) -> None:
    """Add to a day of the ledger what its report sent."""
    before = _entries(store).get(day, NOTHING)
    sent_before = {key: given for key, given in before["concerns"].items() if given}
    entry = {
        "concerns": before["concerns"] | sent["concerns"] | sent_before,
        "referrals": before["referrals"] | sent["referrals"],
        "answers": before["answers"] | sent["answers"],
    }
    if entry != before:
        _write(_folder(store) / f"{day}.json", entry)


def _mark(entry: Entry) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def _mark_in(report: Path) -> str:
    """The mark that a report carries; empty where none stands there."""
    try:
        return json.loads((report / "run.json").read_text(encoding="utf-8")).get(MARK, "")
    except (OSError, ValueError):
        return ""


def _write(path: Path, facts: dict) -> None:
    with atomic_write.whole(path) as draft:
        draft.write_text(
            json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False), encoding="utf-8", newline="\n"
        )


def _folder(store: Store) -> Path:
    return store.folder / store.force / "referred"


def _entries(store: Store) -> dict[date, Entry]:
    """The ledger, by day."""
    files = sorted(_folder(store).glob("????-??-??.json"))
    return {date.fromisoformat(file.stem): json.loads(file.read_text(encoding="utf-8")) for file in files}


def _sent(entry: Entry) -> list[str]:
    """Keys of concerns that went out; those held back stand there without a referral."""
    return [key for key, given in entry["concerns"].items() if given]


def _as_rows(frame: pd.DataFrame) -> dict[str, dict]:
    """Rows by referral as plain data; dates as text, nothing for what is missing."""
    texts = frame.astype("object").where(frame.notna(), None)
    rows = texts.to_dict("records")
    return {
        row["referral_id"]: {str(k): v if isinstance(v, int) else v and str(v) for k, v in row.items()} for row in rows
    }


def _as_table(rows: list[dict], table: tables.Table) -> pd.DataFrame:
    """Rows of the ledger as their table."""
    if not rows:
        return tables.empty(table)
    frame = pd.DataFrame(rows, columns=list(table.columns))
    times = [name for name, column in table.columns.items() if column.kind == "time"]
    numbers = [name for name, column in table.columns.items() if column.kind == "float64"]
    frame = frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[us]") for name in times})
    frame = frame.assign(**{name: pd.to_numeric(frame[name]).astype("float64") for name in numbers})
    return tables.conform(frame, table)
