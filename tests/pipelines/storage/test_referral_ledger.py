"""The ledger: nothing is sent twice, a run that did not publish sent nothing, a day run again gives what it gave."""

import json
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import made_up_files as barset
import pandas as pd
import pytest

from hotspots import tables
from hotspots.errors import SourceError
from pipelines import settings as force_settings
from pipelines.flows import publish
from pipelines.storage import referral_ledger
from pipelines.storage.store import Store

ROOT = Path(__file__).resolve().parents[3]
MONDAY, NEXT = date(2026, 3, 29), date(2026, 4, 5)


def referral(identity: str, day: date) -> pd.DataFrame:
    facts = {
        "referral_id": identity, "partner": "Barchester City Council", "issue": "litter", "concerns": 6,
        "place": "Close", "period_start": pd.Timestamp("2026-01-01"), "period_end": pd.Timestamp("2026-03-30"),
        "sent_on": pd.Timestamp(day),
    }  # fmt: skip
    frame = pd.DataFrame([facts]).astype({"issue": pd.CategoricalDtype(tables.REFERRALS.columns["issue"].choices)})
    times = dict.fromkeys(["period_start", "period_end", "sent_on"], "datetime64[us]")
    return tables.conform(frame.astype(times), tables.REFERRALS)


def answers(**told: str) -> pd.DataFrame:
    frame = pd.DataFrame({"referral_id": list(told), "answer": list(told.values())}, dtype="str")
    return tables.conform(frame, tables.REFERRAL_ANSWERS)


@pytest.fixture
def first(tmp_path: Path) -> Store:
    store = Store(tmp_path, "barset", MONDAY)
    keys = pd.Series({"a": "r1", "b": "r1", "c": None}, dtype="str")
    referral_ledger.prepare(store, keys, referral("r1", MONDAY), answers())
    return store


def test_a_run_that_was_killed_before_its_report_stood_has_sent_nothing(first: Store) -> None:
    later = Store(first.folder, "barset", NEXT)
    assert referral_ledger.concerns_sent(later) == frozenset()
    assert referral_ledger.earlier_referrals(later).empty


def test_what_was_sent_is_left_out_later_and_what_was_held_back_is_not(first: Store) -> None:
    referral_ledger.commit(first)
    later = Store(first.folder, "barset", NEXT)
    assert referral_ledger.concerns_sent(later) == frozenset("ab")
    assert referral_ledger.earlier_referrals(later)["referral_id"].tolist() == ["r1"]
    pd.testing.assert_frame_equal(referral_ledger.earlier_referrals(later), referral("r1", MONDAY))


def test_a_day_run_again_leaves_nothing_out_that_it_sent_and_the_ledger_stays_as_it_is(first: Store) -> None:
    referral_ledger.commit(first)
    path = first.folder / "barset" / "referred" / f"{MONDAY}.json"
    before = path.read_bytes()
    assert referral_ledger.concerns_sent(first) == frozenset()
    referral_ledger.commit(first)
    assert path.read_bytes() == before


def test_a_day_run_again_after_a_later_one_gives_what_it_gave(first: Store) -> None:
    referral_ledger.commit(first)
    later = Store(first.folder, "barset", NEXT)
    referral_ledger.prepare(later, pd.Series({"c": "r2", "d": "r2"}), referral("r2", NEXT), answers())
    referral_ledger.commit(later)
    assert referral_ledger.concerns_sent(first) == frozenset()
    assert referral_ledger.concerns_sent(later) == frozenset("ab")


def test_the_newest_day_of_the_ledger_that_is_missing_is_noticed(first: Store) -> None:
    referral_ledger.commit(first)
    (first.folder / "barset" / "referred" / f"{MONDAY}.json").unlink()
    with pytest.raises(SourceError, match=rf"{MONDAY}\.json' is missing\. It records what was sent to partners"):
        referral_ledger.concerns_sent(Store(first.folder, "barset", NEXT))


def test_the_ledger_only_grows_and_keeps_answers(first: Store) -> None:
    referral_ledger.commit(first)
    referral_ledger.prepare(first, pd.Series({"e": "r9"}), referral("r9", MONDAY), answers(r1="Cleared."))
    referral_ledger.commit(first)
    later = Store(first.folder, "barset", NEXT)
    assert referral_ledger.concerns_sent(later) == frozenset("abe")
    assert referral_ledger.earlier_answers(later)["answer"].tolist() == ["Cleared."]


# A report is published by a process of its own that is killed before the ledger is written: where the report's folder
# has taken its place, or has not yet.
KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from pipelines import settings
from pipelines.flows import publish
from pipelines.storage import atomic_write
from pipelines.storage.store import Store
replace, (when, toml, processed, reports) = atomic_write._replace, sys.argv[1:]

def swap(temporary, final):
    if when == "after":
        replace(temporary, final)
    os.kill(os.getpid(), signal.SIGKILL)

atomic_write._replace = swap
made = settings.from_toml(Path(toml).read_text(encoding="utf-8"), "barset.toml")
publish.publish(made, Store(Path(processed), "barset", date(2025, 9, 30)), Path(reports))
"""


def stored(targeted: Store, folder: Path) -> Store:
    """A copy of the day, about to send one referral."""
    store = Store(Path(shutil.copytree(targeted.folder, folder / "processed")), targeted.force, targeted.as_of)
    shutil.rmtree(store.folder / "barset" / "referred", ignore_errors=True)
    own = referral("r1", store.as_of)
    store.write("referrals", own)
    referral_ledger.prepare(store, pd.Series({"a": "r1", "c": None}, dtype="str"), own, answers())
    return store


def publish_and_die(store: Store, folder: Path, when: str) -> None:
    (folder / "barset.toml").write_text(barset.SETTINGS, encoding="utf-8")
    told = [when, folder / "barset.toml", store.folder, folder / "reports"]
    done = subprocess.run([sys.executable, "-c", KILLED, *map(str, told)], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-500:]
    assert not list((store.folder / "barset" / "referred").glob("*.json"))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are killed by a signal")
@pytest.mark.parametrize(("when", "sent"), [("after", frozenset("a")), ("before", frozenset())])
def test_a_run_killed_between_report_and_ledger_is_recovered_by_the_next(
    targeted: Store, tmp_path: Path, when: str, sent: frozenset[str]
) -> None:
    store = stored(targeted, tmp_path)
    publish_and_die(store, tmp_path, when)
    assert (tmp_path / "reports" / "barset" / "2025-09-30" / "run.json").is_file() == bool(sent)
    later = Store(store.folder, "barset", date(2025, 10, 31))
    referral_ledger.recover(later)
    assert referral_ledger.concerns_sent(later) == sent
    assert referral_ledger.earlier_referrals(later)["referral_id"].tolist() == ["r1"] * len(sent)
    assert [path.suffix for path in (store.folder / "barset" / "referred").iterdir()] == [".json"] * len(sent)


def test_a_report_that_stood_before_does_not_pass_for_one_that_never_came(targeted: Store, tmp_path: Path) -> None:
    store = stored(targeted, tmp_path)
    settings = force_settings.from_toml(barset.SETTINGS, "barset.toml")
    publish.publish(settings, store, tmp_path / "reports")
    ledger = store.folder / "barset" / "referred" / "2025-09-30.json"
    before = ledger.read_bytes()
    referral_ledger.prepare(store, pd.Series({"b": "r2"}, dtype="str"), referral("r2", store.as_of), answers())
    announced = ledger.with_suffix(".announced")
    referral_ledger.stage(store, tmp_path / "reports" / "barset" / "2025-09-30")
    assert json.loads(announced.read_text(encoding="utf-8"))["entry"]["concerns"] == {"b": "r2"}
    referral_ledger.recover(store)
    assert ledger.read_bytes() == before and not announced.exists()
