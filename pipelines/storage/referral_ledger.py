"""The referral ledger: which concerns each report sent to partners, and what the partners answered.

There is one file for each day under data/processed/<force>/referred/; entries are added and never removed. A run that
stops before its report is published has sent nothing, so an entry is committed in two phases. `prepare` keeps it with
the day's tables, `stage` writes it beside the ledger just before the report's folder is replaced, and `commit` adds it
to the ledger afterwards. The report carries the commit id in its run.json. If a run stops in between, the next one
calls `recover`, which commits the staged entry if the published report carries its id and removes it if not. The ledger
holds concerns as hashes, so it contains no personal data.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from hotspots import tables
from hotspots.errors import SourceError
from pipelines.storage import stored_files
from pipelines.storage.store import Store, stored_days
from pipelines.storage.stored_files import DamagedFileError

FACTS = "referred"
COMMIT_ID = "referral_commit_id"  # key in run.json
_MARK = "sent"  # facts of a day that has an entry in the ledger
_STAGED = ".announced"  # suffix of the file of a staged entry
Entry = dict[str, dict[str, Any]]
_OTHER_DAYS = "other_days"  # days of the ledger when an entry was written, to notice a file that is missing
_ADVICE = (
    "It records what was sent to partners, and cannot be made again, so it stays as it is. Restore it from a backup. "
    'If there is none, put {"concerns": {}, "referrals": {}, "answers": {}} into a file of this name; what it recorded '
    "is then sent again."
)
_STAGED_ADVICE = (
    "It records what a report was about to send to partners. Restore it from a backup, or delete it and run 'hotspots "
    "publish' for that day again."
)
EMPTY: Entry = {"concerns": {}, "referrals": {}, "answers": {}}


def concerns_sent(store: Store) -> frozenset[str]:
    """Return keys of the concerns that reports of earlier days sent, which this day leaves out.

    Later days do not count, so a day that is run again sends what it would have sent without them.
    """
    entries = _entries(store).items()
    return frozenset(key for day, entry in entries if day < store.as_of for key in _sent(entry))


def earlier_referrals(store: Store) -> pd.DataFrame:
    """Return the referrals of earlier days (`tables.REFERRALS`)."""
    rows = [row for day, entry in _entries(store).items() if day < store.as_of for row in entry["referrals"].values()]
    return tables.conform(pd.DataFrame(rows, columns=list(tables.REFERRALS.columns)), tables.REFERRALS)


def earlier_answers(store: Store) -> pd.DataFrame:
    """Return the latest answer to each referral by earlier days (`tables.REFERRAL_ANSWERS`)."""
    answers: dict[str, dict[str, Any]] = {}
    for day, entry in sorted(_entries(store).items()):
        answers |= entry["answers"] if day < store.as_of else {}
    columns = list(tables.REFERRAL_ANSWERS.columns)
    return tables.conform(pd.DataFrame(list(answers.values()), columns=columns), tables.REFERRAL_ANSWERS)


def prepare(store: Store, keys: pd.Series, referrals: pd.DataFrame, answers: pd.DataFrame) -> None:
    """Store with the day's tables what its report will send.

    Parameters
    ----------
    store
        Store of the day.
    keys
        Referral of each concern, indexed by the concern's key; missing if the concern is held back.
    referrals
        Referrals of the day (`tables.REFERRALS`).
    answers
        Answers of partners (`tables.REFERRAL_ANSWERS`).
    """
    entry = {
        "concerns": {str(key): "" if pd.isna(sent) else str(sent) for key, sent in sorted(keys.items())},
        "referrals": _as_rows(referrals),
        "answers": _as_rows(answers),
    }
    store.write_facts(FACTS, entry)


def commit_id(store: Store) -> str:
    """Return a hash of what the day's report will send."""
    return _hash(store.read_facts(FACTS))


def stage(store: Store, report: Path) -> None:
    """Write down what a report will send, once the report is complete and before it replaces the earlier one.

    Parameters
    ----------
    store
        Store of the day.
    report
        Final folder of the report.
    """
    facts = {"report": str(report.resolve()), "entry": store.read_facts(FACTS)}
    _write(_folder(store) / f"{store.as_of}{_STAGED}", facts)


def commit(store: Store) -> None:
    """Add to the ledger what the day's report sent, once the report is in its final folder."""
    _add(store, store.as_of, store.read_facts(FACTS))
    _mark(store)
    (_folder(store) / f"{store.as_of}{_STAGED}").unlink(missing_ok=True)


def recover(store: Store) -> None:
    """Commit staged entries whose report was published, and remove those whose report was not."""
    for path in _files(store, _STAGED):
        staged = _read(path, frozenset({"report", "entry"}), _STAGED_ADVICE)
        if _published_id(Path(staged["report"])) == _hash(staged["entry"]):
            day = _day_of(path)
            _add(store, day, staged["entry"])
            _mark(Store(store.folder, store.force, day))
        path.unlink()


def _add(store: Store, day: date, entry: Entry) -> None:
    """Add an entry to a day of the ledger; concerns that were sent before stay sent."""
    entries = _entries(store)
    before = entries.get(day, EMPTY)
    sent_before = {key: sent for key, sent in before["concerns"].items() if sent}
    merged = {
        "concerns": before["concerns"] | entry["concerns"] | sent_before,
        "referrals": before["referrals"] | entry["referrals"],
        "answers": before["answers"] | entry["answers"],
    }
    if merged != before:
        others = [other.isoformat() for other in sorted(entries) if other != day]
        _write(_folder(store) / f"{day}.json", {**merged, _OTHER_DAYS: others})


def _mark(store: Store) -> None:
    """Record with the tables of a day that the ledger has an entry of it, to notice if the entry is lost."""
    if (_folder(store) / f"{store.as_of}.json").exists():
        store.write_facts(_MARK, {"is_in_ledger": True})


def _hash(entry: Entry) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def _published_id(report: Path) -> str:
    """Return the commit id in a report's run.json, empty if there is none."""
    try:
        return str(json.loads((report / "run.json").read_text(encoding="utf-8")).get(COMMIT_ID, ""))
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""


def _write(path: Path, facts: dict[str, Any]) -> None:
    stored_files.write_json(path, facts, indent=1)


def _read(path: Path, earlier_keys: frozenset[str], advice: str = _ADVICE) -> dict[str, Any]:
    """Read a file of the ledger, which is never made again from anything else.

    Raises
    ------
    SourceError
        The file is damaged.
    """
    try:
        return stored_files.read_json(path, earlier_keys)
    except DamagedFileError as error:
        raise SourceError(f"{error} {advice}") from None


def _day_of(path: Path) -> date:
    """Return the day of a file of the ledger."""
    try:
        return date.fromisoformat(path.name.split(".")[0])
    except ValueError:
        raise SourceError(
            f"'{path}' is not named after a day. Move it elsewhere; the ledger has a file a day."
        ) from None


def _folder(store: Store) -> Path:
    return store.folder / store.force / "referred"


def _entries(store: Store) -> dict[date, Entry]:
    """Return the ledger by day; raise if a day is missing that another one names, or that its tables say was sent."""
    entries = {_day_of(file): _read(file, frozenset(EMPTY)) for file in _files(store, ".json")}
    named = {day for entry in entries.values() for day in entry.pop(_OTHER_DAYS, ())}
    days = stored_days(store.folder, store.force)
    named |= {str(day) for day in days if Store(store.folder, store.force, day).has_facts(_MARK)}
    missing = sorted(named - {day.isoformat() for day in entries})
    if missing:
        raise SourceError(f"'{_folder(store) / missing[0]}.json' is missing. {_ADVICE}")
    return entries


def _files(store: Store, suffix: str) -> list[Path]:
    """Return the files of the ledger with a suffix, by day; a folder that cannot be read is no empty ledger."""
    try:
        return sorted(path for path in _folder(store).iterdir() if path.name.endswith(suffix) and path.name[0] != ".")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SourceError(f"'{_folder(store)}' cannot be read ({error.strerror}). {_ADVICE}") from None


def _sent(entry: Entry) -> list[str]:
    """Return keys of the concerns that were sent; concerns that were held back have no referral."""
    return [key for key, sent in entry["concerns"].items() if sent]


def _as_rows(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return a table's rows by referral as plain data, with dates as text and None for missing values."""
    texts = frame.astype("object").where(frame.notna(), None)
    rows = texts.to_dict("records")
    return {
        row["referral_id"]: {str(k): v if isinstance(v, int) else v and str(v) for k, v in row.items()} for row in rows
    }
