"""Accuracy in sentences: every figure comes from the table, and a weak result is described as one."""

import html.parser
from datetime import date
from pathlib import Path

import made_up_report as examples
import pandas as pd
import pytest

from hotspots import scored_methods, tables
from hotspots.reporting import accuracy_sentences, backtest_page
from hotspots.reporting.backtest_page import Backtest
from hotspots.reporting.charts import capture_curves

AUGUST = pd.Timestamp("2025-08-31")
LAST_YEAR = "circles around last year's busiest places"
METHODS = (
    scored_methods.METHOD,
    "last year on squares",
    "kernel density",
    scored_methods.HISTORY,
    "random",
    scored_methods.BEST,
)


def accuracy(hits: dict[str, int], *, k: int = 20, family: str = "asb", as_of: pd.Timestamp = AUGUST) -> pd.DataFrame:
    rows = [
        {"basis": "published", "as_of": as_of, "family": family, "method": name, "k": k,
         "period_start": pd.Timestamp("2025-09-01"), "period_end": pd.Timestamp("2025-10-01"), "hits": caught,
         "total": 400, "area_m2": 1e6, "hit_rate": caught / 400, "pai": 10.0, "pei": 0.5}
        for name, caught in hits.items()
    ]  # fmt: skip
    return tables.conform(pd.DataFrame(rows), tables.ACCURACY)


def calibration(share: float, statement: str = "interval", band: str = "all areas") -> pd.DataFrame:
    row = {
        "basis": "published", "as_of": AUGUST, "family": "asb", "statement": statement, "band": band, "areas": 50,
        "expected": 90.0, "observed": 80, "share": share, "promised": 0.8,
    }  # fmt: skip
    return tables.conform(pd.DataFrame([row]), tables.CALIBRATION)


def gain(share: float, low: float, high: float, **facts: object) -> pd.DataFrame:
    row = {
        "family": "asb", "k": 20, "baseline": scored_methods.HISTORY, "dates": 6, "hits": 110, "baseline_hits": 100,
        "gain_share": share, "gain_low": low, "gain_high": high,
    }  # fmt: skip
    return pd.DataFrame([row | facts])


def pooled(**hits: int) -> pd.DataFrame:
    named = dict.fromkeys(METHODS, 100) | {scored_methods.METHOD: 110, scored_methods.BEST: 250} | hits
    rows = [
        {"family": "asb", "method": name, "k": k, "hits": caught * k // 20, "total": 1_000, "area_m2": 1.2e6,
         "hit_rate": caught * k / 20 / 1_000, "pai": 300.0, "pei": caught / named[scored_methods.BEST], "rri": 1.1,
         "recapture_rate_index": 0.9}
        for k in (1, 5, 10, 20)
        for name, caught in named.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def found(**changes: object) -> Backtest:
    plain = {
        "force_name": "Littleshire Police", "slug": "littleshire", "marking": "OFFICIAL", "as_of": date(2025, 9, 30),
        "dates": (date(2025, 5, 31), date(2025, 6, 30)), "ahead_months": 3, "horizon_label": "the next month",
        "accuracy": accuracy(dict.fromkeys(METHODS, 40)), "calibration": calibration(0.8), "pooled": pooled(),
        "chances": calibration(0.8), "gains": gain(0.1, 0.02, 0.18),
    }  # fmt: skip
    return Backtest(**(plain | changes))


class Tags(html.parser.HTMLParser):
    """Every tag of a page with the names of its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, [name for name, _ in attrs]))


# answers


def test_a_list_is_described_beside_the_baseline_and_the_best_with_hindsight() -> None:
    hits = {scored_methods.METHOD: 40, scored_methods.HISTORY: 38, scored_methods.BEST: 60}
    assert accuracy_sentences.describe_list(accuracy(hits), calibration(0.84), 20) == [
        "Anti-social behaviour: the first 20 areas on the list of 31 August 2025 captured 40 of the 400 incidents of "
        "1 September 2025 to 30 September 2025 (10.0 %). The same number of circles around last year's busiest places "
        "would have captured 38, and the best possible with hindsight 60. The count was within the likely range (80 %) "
        "in 42 of 50 areas."
    ]


def test_the_list_after_local_decisions_is_the_one_described() -> None:
    hits = {
        scored_methods.METHOD: 40,
        scored_methods.DECIDED: 33,
        scored_methods.HISTORY: 38,
        scored_methods.BEST: 60,
    }
    assert "captured 33 of the 400" in accuracy_sentences.describe_list(accuracy(hits), calibration(0.8), 20)[0]


def test_a_gain_is_given_with_its_interval() -> None:
    sentences = accuracy_sentences.describe_backtest(gain(0.1, 0.02, 0.18), pooled())
    assert sentences == [
        "Anti-social behaviour: over 6 past dates the first 20 areas would have captured 110 of the 1,000 incidents "
        "that followed (11.0 %), 10.0 % more than circles around last year's busiest places (100; 90 % confidence "
        "interval +2 % to +18 %). The best possible with hindsight: 250."
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (gain(0.02, -0.01, 0.05), f"2.0 % more than {LAST_YEAR} (100; the difference may be chance)"),
        (gain(-0.1, -0.18, -0.02), f"10.0 % fewer than {LAST_YEAR} (100; 90 % confidence interval −18 % to −2 %)"),
        (gain(0.0, -0.1, 0.1), f"as many as {LAST_YEAR} (100)"),
        (gain(0.1, float("nan"), float("nan"), dates=1), "over 1 past date"),
    ],
    ids=["may be chance", "worse", "the same", "one date"],
)  # fmt: skip
def test_a_weak_result_is_called_one(row: pd.DataFrame, words: str) -> None:
    assert words in accuracy_sentences.describe_backtest(row, pooled())[0]


@pytest.mark.parametrize(
    ("share", "end"),
    [(0.7, ": the range is too narrow."), (0.8, "areas."), (0.95, ": the range is wider than needed.")],
)
def test_a_range_that_is_too_narrow_or_too_wide_is_described_as_such(share: float, end: str) -> None:
    (sentence,) = accuracy_sentences.describe_calibration(calibration(share))
    assert f"within the likely range (80 %) in {100 * share:.1f} % of 50 areas" in sentence and sentence.endswith(end)


def test_a_missed_aim_is_reported() -> None:
    chances = calibration(0.6, "top_k_chance", "chance above 0.8").assign(promised=0.7)
    assert accuracy_sentences.describe_calibration(chances)[0].endswith("The aim is 70.0 % or more, which was missed.")


def test_a_small_number_of_areas_is_not_judged() -> None:
    few = calibration(0.0).assign(areas=2)
    assert accuracy_sentences.describe_calibration(few)[0].endswith(
        "within the likely range (80 %) in 0.0 % of 2 areas (too few areas to judge)."
    )


def test_the_middle_of_the_distribution_is_the_sum_of_its_tenths() -> None:
    tenths = [
        calibration(share, "pit", f"{n / 10:.1f} to {(n + 1) / 10:.1f}")
        for n, share in enumerate([0.3, *[0.05] * 8, 0.3])
    ]
    assert (
        "40.0 % of counts fell within the middle 80 %" in accuracy_sentences.describe_calibration(pd.concat(tenths))[0]
    )


def test_the_curves_end_at_the_shares_of_the_table() -> None:
    drawn = capture_curves.draw_curves(pooled(), "asb")
    assert "the best possible with hindsight 25.0 %; this method 11.0 %" in drawn
    assert drawn.count("<polyline") == len(METHODS)
    ours = next(line for line in drawn.split("<polyline") if 'stroke-width="3"' in line)
    x, y = ours.split('points="')[1].split('"')[0].split(" ")[-1].split(",")
    top, floor = 12.0, 260.0
    assert float(x) == pytest.approx(312.0)
    assert (floor - float(y)) / (floor - top) == pytest.approx(0.11 / 0.4, abs=0.002)


def test_the_page_has_every_method_and_its_name(tmp_path: Path) -> None:
    written = backtest_page.write_backtest(found(), tmp_path)
    assert [path.name for path in written] == ["index.html", "accuracy.csv", "calibration.csv"]
    page = written[0].read_text(encoding="utf-8")
    assert all(accuracy_sentences.METHOD_NAMES[method].replace("'", "&#39;") in page for method in METHODS)
    assert "as of 2 past dates, 31 May 2025 to 30 June 2025" in page
    assert "10.0 % more than" in page and page.count("<polyline") == len(METHODS)


# promises


@pytest.mark.parametrize("text", examples.HOSTILE)
def test_no_text_of_a_settings_file_is_run(text: str) -> None:
    plain, planted = (
        Tags(backtest_page.draw_backtest(found(**changes))) for changes in ({}, {"force_name": text, "marking": text})
    )
    assert planted.seen == plain.seen


def test_without_scores_there_are_no_sentences_and_no_curves() -> None:
    empty = tables.empty(tables.ACCURACY)
    assert accuracy_sentences.describe_list(empty, tables.empty(tables.CALIBRATION), 20) == []
    assert "no incidents to score" in capture_curves.draw_curves(pooled()[:0], "asb")
