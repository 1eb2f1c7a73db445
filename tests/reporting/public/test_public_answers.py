"""Updates by team and by its parishes disclose no small number of residents."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import made_up_report as examples
import numpy as np
import pandas as pd
import pytest
from what_can_be_derived import MANY, Reader

from hotspots import categories, tables
from hotspots.reporting.public import public_page, you_said_we_did
from hotspots.reporting.public.responses import Responses

ISSUES = ["speeding", "litter", "noise"]
PARISHES = ["Aston", "Barton", "Corton"]
QUARTERS = [pd.Period(f"2025Q{n}") for n in (1, 2, 3, 4)] + [pd.Period("2026Q1")]
WINTER, SPRING = date(2026, 3, 8), date(2026, 4, 12)  # tell of 2025Q4 and of 2026Q1
Counts = dict[tuple[pd.Period, str, str], int]


def made_counts(seed: int) -> Counts:
    """Residents of a team's parishes who named an issue in a quarter: most few, a parish's year often near 5."""
    rng = np.random.default_rng(seed)
    few = [[1, 1, 2, 0], [1, 0, 2, 3], [4, 4, 3, 4, 12], [0, 9, 22, 4], [12, 17, 7, 5], [0, 0, 1]]
    drawn = {(quarter, issue): rng.choice(few[rng.integers(6)], 3) for quarter in QUARTERS for issue in ISSUES}
    return {(*key, parish): int(n) for key, row in drawn.items() for parish, n in zip(PARISHES, row, strict=True)}


def with_late_answers(counts: Counts, seed: int) -> Counts:
    rng = np.random.default_rng(seed)
    return {cell: count + int(rng.choice([0, 0, 1, 2, 4])) for cell, count in counts.items()}


def write(folder: Path, counts: Counts, day: date, *, with_parishes: bool = True) -> None:
    rows = [
        ("North", parish if with_parishes else None, issue, quarter.start_time, f"{quarter}{issue}{parish}{n}")
        for (quarter, issue, parish), count in counts.items()
        for n in range(count)
    ]
    asked = pd.DataFrame(rows, columns=["team_name", "parish", "issue", "received_at", "respondent"])
    lists = (tables.VISITS, tables.REFERRALS, tables.PRIORITIES, tables.ACTIONS)
    visits, referrals, priorities, actions = (tables.empty(table) for table in lists)
    actions = actions.assign(where="", team_name="")
    responses = Responses(visits, referrals, priorities, actions, day, you_said_we_did.last_quarters(day)[0])
    folder.mkdir()
    made = you_said_we_did.make_updates(
        asked, responses, examples.no_figures(), ["North"], you_said_we_did.UpdateParams()
    )
    public_page.write_updates(made, folder, "Northshire Police")


def rows_of(page: Path) -> dict[str, list[str]]:
    """Issue to what stands beside it."""
    codes = {label: code for code, label in categories.ISSUE_LABELS.items()}
    if not page.exists():
        return {}
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page.read_text(encoding="utf-8"))
    return {codes[issue]: re.findall(r"<td[^>]*>(.*?)</td>", rest) for issue, rest in found}


def read_run(reader: Reader, run: int, folder: Path, quarter: pd.Period, *, with_parishes: bool = True) -> None:
    """What the pages tell of a truth (`run`), where every answer comes from one of the parishes."""
    team = rows_of(folder / "north.html")
    for issue in ISSUES:
        cells = team.get(issue, ["withheld"])
        for when, text in zip((quarter, quarter - 1), cells[: 2 if len(cells) > 2 else 1], strict=False):
            figure = re.fullmatch(r"about (\d+)|withheld", text)
            assert figure, text
            band = (0, 5) if figure[1] is None else (max(6, int(figure[1]) - 2), int(figure[1]) + 2)
            reader.learn_sum({(run, when, issue, parish): 1.0 for parish in PARISHES}, *band)
        for parish in PARISHES if with_parishes else []:
            page = folder / f"{parish.lower()}.html"
            own = rows_of(page)
            assert own.get(issue, cells)[0] == cells[0]  # never another number than the team's
            year = {(run, quarter - back, issue, parish): 1.0 for back in range(4)}
            if issue in own:
                reader.learn_sum(year, 6, MANY)
            elif cells != ["withheld"] and cells[0] != "about 5":
                reader.learn_sum(year, 0, 5)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("second", ["parishes are given", "late answers", "the next quarter", "both"])
def test_from_the_pages_of_two_runs_no_number_of_residents_from_one_to_four_can_be_derived(
    tmp_path: Path, seed: int, second: str
) -> None:
    """Every parish's count, what it grew by, and the same of two parishes; asked where it truly is 1 to 4."""
    truths, reader = [made_counts(seed)], Reader()
    is_first_plain, is_late = second == "parishes are given", second in ("late answers", "both")
    write(tmp_path / "0", truths[0], WINTER, with_parishes=not is_first_plain)
    read_run(reader, 0, tmp_path / "0", QUARTERS[3], with_parishes=not is_first_plain)
    if is_late:
        truths.append(with_late_answers(truths[0], seed))
    is_next = second in ("the next quarter", "both")
    write(tmp_path / "1", truths[-1], SPRING if is_next else WINTER)
    read_run(reader, len(truths) - 1, tmp_path / "1", QUARTERS[4 if is_next else 3])
    for cell in truths[0] if is_late else []:
        reader.learn_sum({(1, *cell): 1.0, (0, *cell): -1.0}, 0, MANY)
    asked = 0
    for cells in [*([cell] for cell in truths[0]), *map(list, pairwise(truths[0])), *yearly(truths[0])]:
        sums = [({(run, *cell): 1.0 for cell in cells}, sum(truth[cell] for cell in cells)) for run, truth in
                enumerate(truths)]  # fmt: skip
        if is_late:
            sums.append(({**sums[1][0], **dict.fromkeys(sums[0][0], -1.0)}, sums[1][1] - sums[0][1]))
        for parts, true in sums:
            if 1 <= true <= 4 and set(parts) <= set(reader.cells):
                asked += 1
                assert not reader.knows_few(parts), parts
    assert asked > 10


def yearly(counts: Counts) -> list[list[tuple[pd.Period, str, str]]]:
    """The cells of each parish and issue that make up the year of either run."""
    return [
        [(quarter, issue, parish) for quarter in quarters]
        for quarters in (QUARTERS[:4], QUARTERS[1:])
        for issue in ISSUES
        for parish in PARISHES
    ]


def test_a_parish_update_has_the_issues_it_named_and_its_team_s_figures(tmp_path: Path) -> None:
    named = {"speeding": (6, 20), "litter": (5, 20), "noise": (6, 0)}
    counts = {(QUARTERS[3], issue, parish): n for issue, (aston, barton) in named.items()
              for parish, n in (("Aston", aston), ("Barton", barton))}  # fmt: skip
    write(tmp_path / "pages", counts, WINTER)
    assert {issue: row[0] for issue, row in rows_of(tmp_path / "pages" / "north.html").items()} == {
        "speeding": "about 25", "litter": "about 25", "noise": "about 5"}  # fmt: skip
    assert {issue: row[0] for issue, row in rows_of(tmp_path / "pages" / "aston.html").items()} == {
        "speeding": "about 25"}  # fmt: skip
    text = (tmp_path / "pages" / "aston.txt").read_text(encoding="utf-8")
    assert "Your concerns: speeding or dangerous driving." in text and "25" not in text.partition("2025.")[2]


def test_a_parish_with_few_responses_has_no_page(tmp_path: Path) -> None:
    """That there is one must not tell that somebody in a hamlet answered."""
    counts = {(QUARTERS[3], "speeding", "Aston"): 5, (QUARTERS[3], "speeding", "Barton"): 30}
    write(tmp_path / "pages", counts, WINTER)
    assert sorted(page.stem for page in (tmp_path / "pages").glob("*.html")) == ["barton", "north"]
