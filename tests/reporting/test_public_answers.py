"""What "you said, we did" tells of answers, by team and by the parishes that make it up, gives nobody away."""

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from what_can_be_derived import Reader, is_given_away

from hotspots.reporting import disclosure, updates

ISSUES = ["speeding", "litter", "burglary", "noise"]
QUARTERS = updates.last_quarters(date(2026, 3, 29))


def made_answers(seed: int) -> pd.DataFrame:
    """Answers of two teams, one with parishes, in two quarters; most cells are near 5."""
    rng = np.random.default_rng(seed)
    rows = 260
    return pd.DataFrame(
        {
            "team_name": pd.Series(rng.choice(["North", "South"], rows, p=[0.75, 0.25]), dtype="str"),
            "parish": pd.Series(rng.choice(["Aston", "Barton", "Corton", "Dutton"], rows), dtype="str"),
            "received_at": pd.Timestamp("2025-07-01") + pd.to_timedelta(rng.integers(0, 184, rows), "D"),
            "issue": rng.choice(ISSUES, rows, p=[0.4, 0.3, 0.2, 0.1]),
            "respondent": [f"r{n}" for n in range(rows)],
        }
    ).assign(parish=lambda table: table["parish"].where(table["team_name"] == "North"))


def read_run(reader: Reader, run: int, cells: pd.DataFrame) -> None:
    """What a reader learns of North's cells: its parishes' figures, and its own as a band for their sum."""
    told = cells[cells["issue"].isin(ISSUES)]
    parishes = told[told["area"].str.startswith("North\n")]
    own = told[(told["kind"] == "team") & (told["area"] == "North")].set_index(["quarter", "issue"])["figure"]
    for (quarter, issue), held in parishes.groupby(["quarter", "issue"]):
        names = [(run, area, str(quarter), issue) for area in held["area"]]
        reader.read_group(dict(zip(names, held["shown"], strict=True)))
        figure = own[quarter, issue]
        if pd.notna(figure):
            is_lowest = disclosure.whole_of(5, held["figure"]) == figure
            is_highest = disclosure.whole_of(int(figure) + 5, held["figure"]) == figure
            low, high = max(figure - 2, 5), figure + 2
            reader.learn_sum(dict.fromkeys(names, 1.0), 0 if is_lowest else low, 10_000 if is_highest else high)


@pytest.mark.parametrize("seed", range(4))
def test_from_two_runs_no_number_of_residents_from_one_to_four_can_be_derived(seed: int) -> None:
    """The second run knows answers that came in late; every cell, its change, and what two parishes come to."""
    answers = made_answers(seed)
    reader = Reader()
    read_run(reader, 0, updates.count_cells(answers.sample(frac=0.93, random_state=seed), QUARTERS))
    read_run(reader, 1, updates.count_cells(answers, QUARTERS))
    cells = [cell for cell in reader.cells if cell[0] in (0, 1)]
    asked = [{cell: 1} for cell in cells]
    asked += [{(1, *cell[1:]): 1, cell: -1} for cell in cells if cell[0] == 0]
    asked += [{one: 1, other: 1} for one, other in pairwise(cells) if one[0] == other[0] and one[2:] == other[2:]]
    assert len(asked) > 100
    for parts in asked:
        low, high = reader.bounds(parts)
        assert not is_given_away((low, high)) and not is_given_away((-high, -low)), parts


def test_what_is_told_is_near_the_truth() -> None:
    answers = made_answers(1)
    cells = updates.count_cells(answers, QUARTERS)
    quarter = answers["received_at"].dt.to_period("Q")
    for row in cells[cells["figure"].notna()].itertuples():
        team, _, parish = row.area.partition("\n")
        is_here = (answers["team_name"] == team) & (quarter == row.quarter) & (answers["issue"] == row.issue)
        is_here &= (answers["parish"] == parish) if parish else True
        assert abs(is_here.sum() - row.figure) <= (2 if parish else 6)
