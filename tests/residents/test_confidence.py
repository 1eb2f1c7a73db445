"""What surveys say of confidence: intervals and changes by formulas worked out a second time, waves in their order."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from hotspots import surveys, tables
from hotspots.residents import confidence

DAY = pd.Timestamp("2026-03-31")
TEAMS = pd.Series({"hanley lpt": "Hanley LPT", "e05014555": "Hanley LPT"}, dtype="str")


def compare(*rows: tuple[str, str, float, int], question: str = "Good job", day: pd.Timestamp = DAY) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["wave", "place_code", "share", "respondents"]).assign(question=question)
    return confidence.compare_waves(tables.conform(frame, tables.CONFIDENCE), TEAMS, day)


def score_ends(share: float, n: int) -> tuple[float, float]:
    """Where the score test just rejects: what Wilson's interval is by definition, found by search."""
    z = stats.norm.ppf(0.975)

    def excess(p: float) -> float:
        return abs(share - p) - z * math.sqrt(p * (1 - p) / n)

    low = 0.0 if share == 0 else optimize.brentq(excess, 1e-12, min(share, 1 - 1e-6), xtol=1e-13)
    high = 1.0 if share == 1 else optimize.brentq(excess, max(share, 1e-6), 1 - 1e-12, xtol=1e-13)
    return low, high


@pytest.mark.parametrize(("share", "n"), [(0.62, 350), (0.05, 40), (0.97, 120), (0.5, 11), (0.0, 25), (1.0, 25)])
def test_intervals_are_those_of_the_score_test(share: float, n: int) -> None:
    found = compare(("2025-Q1", "Hanley LPT", share, n)).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx(score_ends(share, n), abs=1e-9)


def test_a_change_has_newcombe_s_interval_and_is_one_where_all_of_it_lies_on_one_side() -> None:
    found = compare(
        ("2025-Q1", "Hanley LPT", 0.55, 400), ("2025-Q2", "Hanley LPT", 0.58, 380), ("2025-Q3", "Hanley LPT", 0.70, 390)
    )
    assert found["previous_wave"].fillna("-").tolist() == ["-", "2025-Q1", "2025-Q2"]
    assert found["is_changed"].tolist() == [False, False, True]
    for row, before in ((1, 0), (2, 1)):
        p2, n2, p1, n1 = *found.loc[row, ["share", "respondents"]], *found.loc[before, ["share", "respondents"]]
        (l2, u2), (l1, u1) = score_ends(p2, n2), score_ends(p1, n1)
        low = p2 - p1 - math.sqrt((p2 - l2) ** 2 + (u1 - p1) ** 2)
        high = p2 - p1 + math.sqrt((u2 - p2) ** 2 + (p1 - l1) ** 2)
        assert found.loc[row, ["change", "change_low", "change_high"]].tolist() == pytest.approx([p2 - p1, low, high])
    # The plain test of two shares agrees on which of the changes chance explains.
    for row, before in ((1, 0), (2, 1)):
        counts = [round(found.loc[at, "share"] * found.loc[at, "respondents"]) for at in (row, before)]
        others = [found.loc[at, "respondents"] - count for at, count in zip((row, before), counts, strict=True)]
        p_value = stats.chi2_contingency([counts, others], correction=False).pvalue
        assert (p_value < 0.05) == found.loc[row, "is_changed"]


def test_about_one_change_in_twenty_is_told_where_nothing_changed() -> None:
    rng, pairs = np.random.default_rng(5), 2_000
    first, second = rng.binomial(300, 0.6, pairs) / 300, rng.binomial(340, 0.6, pairs) / 340
    rows = [(f"2025-Q{1 + w}", f"area {n}", share[n], base) for w, (share, base) in
            enumerate(((first, 300), (second, 340))) for n in range(pairs)]  # fmt: skip
    told = int(compare(*rows)["is_changed"].sum())
    assert 0.03 < told / pairs < 0.065


def test_waves_stand_in_the_order_of_time_however_they_are_named() -> None:
    names = ["2024/25 Q4", "2025/26 Q1", "Sept 2025", "2025/26 Q3", "Jan-26", "2026-02"]
    assert sorted(set(names), key=surveys.wave_order) == names
    ends = ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-01-31", "2026-02-28"]
    assert [str(surveys.wave_end(name).date()) for name in names] == ends


def test_a_numbered_wave_is_not_compared_with_a_dated_one_nor_a_year_with_its_quarters() -> None:
    found = compare(
        ("Wave 11", "Hanley LPT", 0.50, 400), ("Wave 12", "Hanley LPT", 0.70, 400),
        ("Dec 2025", "Hanley LPT", 0.52, 400), ("2025/26 Q2", "Hanley LPT", 0.51, 400),
        ("2023/24", "Hanley LPT", 0.40, 900), ("2024/25", "Hanley LPT", 0.44, 900),
    ).set_index("wave")  # fmt: skip
    before = found["previous_wave"].fillna("-").to_dict()
    assert before == {
        "Wave 11": "-", "Wave 12": "Wave 11", "2025/26 Q2": "-", "Dec 2025": "2025/26 Q2", "2023/24": "-",
        "2024/25": "2023/24",
    }  # fmt: skip
    assert found.index[found["is_changed"]].tolist() == ["Wave 12"]


def test_a_wave_that_is_not_over_is_not_known_yet() -> None:
    rows = [("2025/26 Q1", "Hanley LPT", 0.5, 400), ("2025/26 Q2", "Hanley LPT", 0.6, 400)]
    assert compare(*rows, day=pd.Timestamp("2025-09-29"))["wave"].tolist() == ["2025/26 Q1"]
    assert len(compare(*rows, day=pd.Timestamp("2025-09-30"))) == 2


def test_a_result_belongs_to_a_team_by_name_or_code_however_it_is_spelt_and_others_to_none() -> None:
    found = compare(
        ("2025-Q1", "HANLEY  LPT", 0.5, 100), ("2025-Q1", "E05014555", 0.5, 100), ("2025-Q1", "Atlantis", 0.5, 100)
    )
    assert found.set_index("place_code")["team_name"].fillna("-").to_dict() == {
        "Atlantis": "-", "E05014555": "Hanley LPT", "HANLEY  LPT": "Hanley LPT",
    }  # fmt: skip
