"""Tables of results on confidence as people fill them in: every spelling of a share, figures held back, repeats."""

import pandas as pd
import pytest

from hotspots.sources import local_lists
from hotspots.sources.parsing import published_shares

DAY = pd.Timestamp("2026-03-31")
QUESTIONS = ("Police do a good job", "Police understand local issues", "Feel safe after dark")
AREAS = ("Hanley LPT", "Longton LPT", "Leek LPT")
WAVES = ("2024/25 Q4", "2025/26 Q1", "2025/26 Q2", "Dec 2025")
SPELT = ("{:.2f}", "{:.0f}", "{:.0f}%", "{:.1f} %")


def true_share(wave: int, area: int, question: int) -> float:
    return round(0.41 + 0.07 * question + 0.03 * area + 0.02 * wave, 2)


def filled_table() -> tuple[list[str], dict[tuple[str, str, str], tuple[float, int]]]:
    """Lines of a table in which each cell is spelt in another way, and what it says."""
    lines, truth, number = [], {}, 0
    for w, wave in enumerate(WAVES):
        for a, area in enumerate(AREAS):
            for q, question in enumerate(QUESTIONS):
                share, base = true_share(w, a, q), 150 + 10 * number
                style = SPELT[number % len(SPELT)]
                shown = style.format(share if number % len(SPELT) == 0 else 100 * share)
                lines.append(f'{wave},{area},{question},{shown},"{base:,}"')
                truth[wave, area, question] = (share, base)
                number += 1
    return lines, truth


BAD = {
    "2025/26 Q1,Newcastle LPT,Police do a good job,*,88": "suppressed",
    "2025/26 Q1,Burton LPT,Police do a good job,<5,31": "suppressed",
    "2025/26 Q1,Cannock LPT,Police do a good job,n/a,n/a": "suppressed",
    "2025/26 Q1,Stafford LPT,Police do a good job,[c],7": "suppressed",
    "2025/26 Q1,Codsall LPT,Police do a good job,61%,<10": "suppressed",
    "2025/26 Q1,Lichfield LPT,Police do a good job,61%,": "unreadable",
    "2025/26 Q1,Tamworth LPT,Police do a good job,61%,many": "unreadable",
    "2025/26 Q1,Tamworth LPT,Feel safe after dark,161%,200": "unreadable",
    "2025/26 Q1,Tamworth LPT,Feel safe after dark,-3,200": "unreadable",
    "2025/26 Q1,Tamworth LPT,Feel safe after dark,inf,inf": "unreadable",
    "2025/26 Q1,,Police do a good job,61%,200": "unreadable",
    ",Leek LPT,Police do a good job,61%,200": "unreadable",
    "Dec 2026,Leek LPT,Police do a good job,61%,200": "after_as_of",
}


def read(write, *lines: str, name: str = "confidence.csv") -> tuple[pd.DataFrame, pd.Series]:
    rows, _, _ = local_lists.read_list(
        write(name, "\n".join(["Wave,Area,Question,Percentage,Base", *lines, ""])), "confidence"
    )
    return local_lists.accept_rows(rows, "confidence", DAY), local_lists.check_rows(rows, "confidence", DAY)


def test_every_spelling_of_a_share_is_read(write) -> None:
    lines, truth = filled_table()
    kept, reason = read(write, *lines)
    assert (reason == "").all()
    found = {(r.wave, r.place_code, r.question): (r.share, r.respondents) for r in kept.itertuples()}
    assert found == {key: (pytest.approx(share), base) for key, (share, base) in truth.items()}


def test_rows_that_cannot_be_used_are_counted_with_their_reason_and_hurt_no_other(write) -> None:
    lines, truth = filled_table()
    kept, reason = read(write, *lines, *BAD)
    assert reason.tolist() == [""] * len(lines) + list(BAD.values())
    assert len(kept) == len(truth)


def test_a_result_that_stands_twice_counts_once_the_larger_sample(write) -> None:
    first, other = (
        "2025/26 Q1,Leek LPT,Police do a good job,61%,200",
        "2025/26 Q1,Leek LPT,Police do a good job,64%,420",
    )
    kept, reason = read(write, other, first, other)
    assert reason.tolist().count("repeated_id") == 2
    assert kept[["share", "respondents"]].to_numpy().tolist() == [[0.64, 420]]


def test_the_order_of_rows_does_not_matter(write) -> None:
    lines, _ = filled_table()
    lines += list(BAD)
    pd.testing.assert_frame_equal(read(write, *lines)[0], read(write, *lines[::-1], name="other.csv")[0])


def test_a_town_and_parish_council_survey_is_a_table_like_any_other(write) -> None:
    text = "Survey year\tParish\tStatement\tAgree\tResponses\n2024\tHope Bowdler\tWe see our officers\t41 %\t1\n"
    text += "2025\tHope Bowdler\tWe see our officers\t55 per cent\t1\n2025\tClun\tWe see our officers\t*\t1\n"
    path = write("councils.tsv", text.replace("Survey year", "Year"))
    assert local_lists.kind_of(path) == "confidence"
    rows, _, _ = local_lists.read_list(path, "confidence")
    assert rows["reason"].tolist() == ["", "", "suppressed"]
    assert local_lists.accept_rows(rows, "confidence", DAY)["share"].tolist() == [0.41, 0.55]


@pytest.mark.parametrize(
    ("cells", "shares"),
    [
        (["0.62", "0.5", "1"], [0.62, 0.5, 1.0]),  # nothing is a percentage: all are shares
        (["62", "58", "0.6"], [0.62, 0.58, 0.6]),  # nobody's share falls from 62 to 0.6 %
        (["1.2%", "0.8", "2"], [0.012, 0.008, 0.02]),  # a question to which few say yes
        (["0", "62"], [0.0, 0.62]),
    ],
)
def test_a_number_below_one_is_interpreted_by_the_rest_of_its_question(cells: list[str], shares: list[float]) -> None:
    found = published_shares.read_shares(pd.Series(cells, dtype="str"), pd.Series(["q"] * len(cells)))
    assert found.tolist() == pytest.approx(shares)
