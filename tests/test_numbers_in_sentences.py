"""Numbers in sentences: singular and plural, and percentages with a space, worded in one place."""

import re
from pathlib import Path

from hotspots import wording

ROOT = Path(__file__).resolve().parents[1]


def test_a_number_has_its_noun_in_the_singular_or_plural() -> None:
    assert [wording.counted(number, "row") for number in (0, 1, 2, 1200)] == ["0 rows", "1 row", "2 rows", "1,200 rows"]
    assert [wording.counted(number, "burglary", "burglaries") for number in (1, 2)] == ["1 burglary", "2 burglaries"]


def test_a_share_is_a_percentage_with_a_space() -> None:
    assert [wording.percent(share) for share in (0, 0.624, 1)] == ["0 %", "62 %", "100 %"]
    assert wording.percent(0.6249, 1) == "62.5 %"


def test_no_module_makes_percentages_of_its_own() -> None:
    modules = [*(ROOT / "hotspots").rglob("*.py"), *(ROOT / "pipelines").rglob("*.py")]
    own = [path.name for path in modules if re.search(r":\.\d%\}", path.read_text(encoding="utf-8"))]
    assert own == []
