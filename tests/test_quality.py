"""Every row is kept or set aside with a reason, and counted."""

import hypothesis
import pandas as pd
import pytest
from hypothesis import strategies as st

from hotspots import quality, tables
from hotspots.errors import SourceError

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a.csv", "b.csv"]),
        st.sampled_from(["", "2025-08", "2025-09"]),
        st.sampled_from(["", *quality.REASONS]),
    ),
    max_size=60,
)


def accounted(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["file", "month", "reason"], dtype="str")
    return frame.assign(source_kind="police_uk")


def tally_of(*counts: tuple[str, int]) -> pd.DataFrame:
    return quality.tally_rows(
        accounted([("a.csv", "2025-09", reason) for reason, number in counts for _ in range(number)])
    )


# inputs


def test_too_many_rows_set_aside_stop_the_run_with_the_commonest_reason() -> None:
    tally = tally_of(("", 60), ("no_coordinates", 30), ("unreadable", 10))
    words = r"40 % of the police_uk rows .* = 25 % allows. Most common reason: the row has no location \(30 rows\)"
    with pytest.raises(SourceError, match=words):
        quality.check_set_aside_share(tally, 0.25)


# answers


def test_a_clean_month_has_one_line_and_another_a_line_for_each_reason() -> None:
    tally = quality.tally_rows(
        accounted(
            [
                ("a.csv", "2025-08", ""),
                *[("a.csv", "2025-09", reason) for reason in ("", "", "unreadable", "repeated_id")],
            ]
        )
    )
    counted = tally[["month", "rows_in", "rows_kept", "reason", "rows_set_aside"]].to_numpy().tolist()
    assert counted == [
        ["2025-08", 1, 1, "", 0], ["2025-09", 4, 2, "repeated_id", 1], ["2025-09", 4, 2, "unreadable", 1],
    ]  # fmt: skip


def test_broken_rows_are_rows_too() -> None:
    rows = quality.label_rows(
        pd.DataFrame({"month": ["2025-09"], "reason": [""]}), "police_uk", "a.csv", unreadable=2, month="2025-09"
    )
    tally = quality.tally_rows(rows)
    assert tally[["rows_in", "rows_kept", "reason", "rows_set_aside"]].to_numpy().tolist() == [[3, 1, "unreadable", 2]]


def test_the_first_reason_wins() -> None:
    reason = pd.Series(["unreadable", "", "", ""], index=list("abcd"))
    outside, repeated = (
        pd.Series(flags, index=list("abcd")) for flags in ([True, True, False, False], [True, True, True, False])
    )
    found = quality.assign_reason(reason, outside_force=outside, repeated_id=repeated)
    assert found.tolist() == ["unreadable", "outside_force", "repeated_id", ""]


def test_rows_that_are_only_too_late_are_no_fault() -> None:
    assert quality.set_aside_share(tally_of(("", 60), ("after_as_of", 900), ("unreadable", 20))) == pytest.approx(0.25)
    assert quality.set_aside_share(tally_of(("after_as_of", 3))) == 0.0


def test_reasons_are_listed_in_their_order_with_their_sums() -> None:
    found = quality.by_reason(tally_of(("repeated_id", 3), ("unreadable", 2), ("after_as_of", 1), ("", 4)))
    assert found["reason"].tolist() == ["unreadable", "after_as_of", "repeated_id"]
    assert found["rows_set_aside"].tolist() == [2, 1, 3]


# promises


@hypothesis.given(ROWS)
def test_rows_in_are_rows_kept_and_rows_set_aside(rows: list) -> None:
    tally = quality.tally_rows(accounted(rows))
    by_month = tally.groupby(["source", "file", "month"])
    assert (by_month["rows_in"].first() == by_month["rows_kept"].first() + by_month["rows_set_aside"].sum()).all()
    total = quality.file_totals(tally)
    assert total["rows_in"].sum() == len(rows)
    assert total["rows_kept"].sum() == sum(reason == "" for _, _, reason in rows)
    faults = [reason for _, _, reason in rows if reason in quality.FAULTS]
    known = [reason for _, _, reason in rows if reason != "after_as_of"]
    assert quality.set_aside_share(tally) == pytest.approx(len(faults) / len(known) if known else 0.0)


@hypothesis.given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list, random) -> None:
    turned = rows.copy()
    random.shuffle(turned)
    pd.testing.assert_frame_equal(quality.tally_rows(accounted(rows)), quality.tally_rows(accounted(turned)))


def test_every_reason_has_words() -> None:
    assert set(quality.REASONS_IN_WORDS) == set(quality.REASONS) >= set(quality.FAULTS)


def test_no_rows_are_no_lines() -> None:
    tally = quality.tally_rows(accounted([]))
    assert (list(tally.columns), len(tally)) == (list(tables.TALLY.columns), 0)
    assert quality.check_set_aside_share(tally, 0.0) is tally
    assert (len(quality.file_totals(tally)), len(quality.by_reason(tally))) == (0, 0)
