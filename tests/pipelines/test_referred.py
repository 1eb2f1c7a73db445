"""The ledger: nothing is sent twice, a run that did not publish sent nothing, a day run again gives what it gave."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from hotspots import tables
from pipelines import referred
from pipelines.store import Store

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
    referred.propose(store, keys, referral("r1", MONDAY), answers())
    return store


def test_a_run_that_was_killed_before_its_report_stood_has_sent_nothing(first: Store) -> None:
    later = Store(first.folder, "barset", NEXT)
    assert referred.sent_with_others(later, frozenset("abc")) == frozenset()
    assert referred.sent_earlier(later).empty


def test_what_was_sent_is_left_out_later_and_what_was_held_back_is_not(first: Store) -> None:
    referred.record(first)
    later = Store(first.folder, "barset", NEXT)
    assert referred.sent_with_others(later, frozenset("abcd")) == frozenset("ab")
    assert referred.sent_earlier(later)["referral_id"].tolist() == ["r1"]
    pd.testing.assert_frame_equal(referred.sent_earlier(later), referral("r1", MONDAY))


def test_a_day_run_again_leaves_nothing_out_that_it_sent_and_the_ledger_stays_as_it_is(first: Store) -> None:
    referred.record(first)
    path = first.folder / "barset" / "referred" / f"{MONDAY}.json"
    before = path.read_bytes()
    assert referred.sent_with_others(first, frozenset("abc")) == frozenset()
    referred.record(first)
    assert path.read_bytes() == before


def test_a_day_run_again_after_a_later_one_gives_what_it_gave(first: Store) -> None:
    referred.record(first)
    later = Store(first.folder, "barset", NEXT)
    referred.propose(later, pd.Series({"c": "r2", "d": "r2"}), referral("r2", NEXT), answers())
    referred.record(later)
    assert referred.sent_with_others(first, frozenset("abc")) == frozenset()  # the same concerns: the same referrals
    assert referred.sent_with_others(first, frozenset("abce")) == frozenset("cd")  # others: nothing goes out twice


def test_the_ledger_only_grows_and_keeps_answers(first: Store) -> None:
    referred.record(first)
    referred.propose(first, pd.Series({"e": "r9"}), referral("r9", MONDAY), answers(r1="Cleared."))
    referred.record(first)
    later = Store(first.folder, "barset", NEXT)
    assert referred.sent_with_others(later, frozenset("abcde")) == frozenset("abe")
    assert referred.answered_earlier(later)["answer"].tolist() == ["Cleared."]
