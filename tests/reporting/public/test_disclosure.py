from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from what_can_be_derived import Reader, is_given_away

from hotspots.reporting.public import disclosure


def table(counts: list[int], group: str = "2026-02") -> pd.DataFrame:
    return pd.DataFrame({"area": [f"a{n}" for n in range(len(counts))], "month": group, "count": counts})


def drawn(seed: int) -> pd.DataFrame:
    """Counts of a few areas in a few months, many of them near 5."""
    rng = np.random.default_rng(seed)
    areas, months = int(rng.integers(1, 6)), 3
    counts = rng.choice([rng.integers(0, 9), rng.integers(0, 40), rng.integers(3, 8)], areas * months)
    counts = rng.poisson(rng.choice([1.0, 4.0, 7.0, 30.0], areas * months)) if seed % 2 else counts
    months = np.repeat([f"2026-0{n}" for n in range(1, months + 1)], areas)
    return pd.DataFrame({"area": [f"a{n % areas}" for n in range(len(counts))], "month": months, "count": counts})


def learn(reader: Reader, published: pd.DataFrame, run: int) -> None:
    for month, lines in published.groupby("month"):
        reader.read_group({(run, area, month): text for area, text in zip(lines["area"], lines["shown"], strict=True)})


# answers


def test_a_figure_is_the_nearest_five_and_no_count_below_five_differs_from_zero() -> None:
    assert [disclosure.rounded(count) for count in range(13)] == [None] * 5 + [5, 5, 5, 10, 10, 10, 10, 10]
    assert {disclosure.in_words(count) for count in range(5)} == {"fewer than 5"}
    assert disclosure.in_words(1_236) == "about 1,235"


def test_a_single_small_cell_takes_the_next_smallest_with_it() -> None:
    shown = disclosure.protect(table([40, 3, 11, 12]), ["month"])["shown"]
    assert shown.tolist() == ["40", "withheld", "withheld", "10"]
    assert disclosure.protect(table([40, 3, 0, 12]), ["month"])["shown"].tolist() == [
        "40",
        "withheld",
        "withheld",
        "10",
    ]
    assert disclosure.protect(table([40, 13, 9, 12]), ["month"])["shown"].tolist() == ["40", "15", "10", "10"]


def test_five_is_withheld_beside_a_smaller_count_only() -> None:
    """So that whoever reads "withheld" cannot say that it is below 5."""
    assert disclosure.protect(table([40, 3, 5, 12]), ["month"])["shown"].tolist() == ["40", *["withheld"] * 2, "10"]
    assert disclosure.protect(table([40, 0, 5, 2, 6]), ["month"])["shown"].tolist() == ["40", *["withheld"] * 3, "5"]
    assert disclosure.protect(table([40, 5, 12]), ["month"])["shown"].tolist() == ["40", "5", "10"]


def test_groups_are_protected_one_by_one() -> None:
    both = pd.concat([table([40, 3, 11]), table([40, 30, 11], "2026-03")], ignore_index=True)
    assert disclosure.protect(both, ["month"])["shown"].tolist() == ["40", "withheld", "withheld", "40", "30", "10"]


@pytest.mark.parametrize("day", pd.date_range("2023-12-25", "2024-04-05").date)
def test_every_day_of_the_weeks_after_a_month_looks_back_to_the_same_day(day: date) -> None:
    last = disclosure.public_day(day)
    assert last <= day and (last + timedelta(days=1)).day == 1
    assert (day - last).days < 31 and disclosure.public_months(day, 12)[-1] == f"{last:%Y-%m}"


def test_rows_recorded_later_are_not_known_yet() -> None:
    rows = pd.DataFrame({"recorded_at": pd.to_datetime(["2026-02-28 23:59", "2026-03-01 00:00", None])})
    assert disclosure.known_on(rows, date(2026, 2, 28)).index.tolist() == [0, 2]


# promises


@pytest.mark.parametrize("seed", range(12))
def test_no_count_and_no_difference_of_one_to_four_can_be_derived_from_two_runs(seed: int) -> None:
    """Every cell, every difference between two cells of a run, every cell's change from run to run."""
    counts = drawn(seed)
    rng = np.random.default_rng(seed)
    revised = counts.assign(count=np.maximum(counts["count"] + rng.integers(-4, 5, len(counts)), 0))
    reader = Reader()
    for run, published in enumerate(disclosure.protect(given, ["month"]) for given in (counts, revised)):
        learn(reader, published, run)
    cells = [cell for cell in reader.cells if cell[0] in (0, 1)]
    asked = [{cell: 1} for cell in cells]
    asked += [
        {one: 1, other: -1} for one, other in combinations(cells, 2) if one[1:] == other[1:] or one[0] == other[0]
    ]
    asked += [{cell: 1 for cell in cells if cell[0] == 0 and cell[2] == month} for month in counts["month"].unique()]
    for parts in asked:
        low, high = reader.bounds(parts)
        backwards = (-high, -low)
        assert not is_given_away((low, high)) and not is_given_away(backwards), parts


@pytest.mark.parametrize("seed", range(60))
def test_a_whole_published_in_another_run_discloses_none_of_its_parts(seed: int) -> None:
    """A force as a whole, and a week later the areas that it was not known to have."""
    rng = np.random.default_rng(seed)
    parts = int(rng.integers(2, 7))
    pool = [[4, 3, 12, 7], [1, 4, 2, 0], [12, 17, 7, 5], [0, 9, 22, 4], [4], [4, 5, 6]][seed % 6]
    counts = table(rng.choice(pool, parts).tolist())
    reader = Reader()
    learn(reader, disclosure.protect(counts, ["month"]), 1)
    whole = disclosure.rounded(counts["count"].sum())
    cells = [(1, area, "2026-02") for area in counts["area"]]
    reader.learn_sum(dict.fromkeys(cells, 1.0), *((0, 4) if whole is None else (max(whole - 2, 5), whole + 2)))
    asked = [dict.fromkeys(some, 1.0) for few in range(1, parts + 1) for some in combinations(cells, few)]
    for given in asked:
        assert not is_given_away(reader.bounds(given)), (given, counts["count"].tolist())


def test_if_withheld_meant_below_five_a_whole_would_disclose_its_parts() -> None:
    """12 and three times 4: the whole, published as 25, would leave at least 11 for the three withheld ones."""
    cells = ["b", "c", "d"]
    careless, reader = Reader(), Reader()
    for one in (careless, reader):
        one.read_group({"a": "10", **dict.fromkeys(cells, "withheld")})
        one.learn_sum(dict.fromkeys(["a", *cells], 1.0), 23, 27)
    for cell in cells:
        careless.learn(cell, 0, 4)
    assert careless.bounds({"b": 1}) == (3, 4)
    assert reader.bounds({"b": 1}) == (1, 5)


def test_the_true_count_is_always_within_what_a_reader_derives() -> None:
    for seed in range(20):
        counts = drawn(seed)
        reader = Reader()
        learn(reader, disclosure.protect(counts, ["month"]), 0)
        for area, month, count in counts[["area", "month", "count"]].itertuples(index=False):
            low, high = reader.bounds({(0, area, month): 1})
            assert low <= count <= high


def test_the_reader_finds_what_unprotected_tables_disclose() -> None:
    """Against each short cut: the test above would not pass with it."""
    exact_total = Reader()
    exact_total.read_group({"a": "40", "b": "10", "c": "withheld"})
    exact_total.learn_sum({"a": 1, "b": 1, "c": 1}, 55, 55)
    assert is_given_away(exact_total.bounds({"c": 1}))
    rounded_total = Reader()
    rounded_total.read_group({"a": "5", "b": "withheld"})
    rounded_total.learn("b", 0, 4)
    rounded_total.learn_sum({"a": 1, "b": 1}, 8, 12)
    assert is_given_away(rounded_total.bounds({"b": 1}))
    weeks = Reader()  # exact figures of two runs, one week on
    weeks.learn("first", 23, 23)
    weeks.learn("second", 25, 25)
    assert is_given_away(weeks.bounds({"second": 1, "first": -1}))
    zero_published = Reader()
    zero_published.learn("withheld, and zero is shown", 1, 4)
    assert is_given_away(zero_published.bounds({"withheld, and zero is shown": 1}))


def test_the_argument_is_left_as_it_was_and_empty_stays_empty() -> None:
    counts = table([40, 3, 11])
    before = counts.copy()
    protected = disclosure.protect(counts.set_axis([7, 3, 5]), ["month"])
    assert counts.equals(before) and protected.index.tolist() == [7, 3, 5]
    nothing = disclosure.protect(table([]).astype({"count": "int64"}), ["month"])
    assert nothing.empty and list(nothing.columns) == ["area", "month", "figure", "shown"]
