import json
import re
import shutil
from pathlib import Path

import pytest

from hotspots.errors import ParameterError, SourceError
from pipelines.commands import compare


def test_a_report_beside_itself_is_the_same_in_everything(published: Path, tmp_path: Path) -> None:
    page = compare.compare_reports(str(published), "barset/2025-09-30", published.parents[1], tmp_path)
    assert page == tmp_path / "barset-2025-09-30-and-barset-2025-09-30.html"
    text = page.read_text(encoding="utf-8")
    assert "None: window, settings, files, findings and versions are the same." in text
    areas = json.loads((published / "patrol_areas.geojson").read_text(encoding="utf-8"))["features"]
    moves = re.findall(r'<td data-label="Change">([^<]*)</td>', text)
    assert len(moves) == min(len(areas), 40) and set(moves) == {"same rank"}


def test_the_same_reports_give_the_same_bytes_wherever_they_stand(published: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(published, moved)
    here = compare.compare_reports(str(published), str(published), tmp_path, tmp_path / "a")
    there = compare.compare_reports(str(moved), str(moved), tmp_path, tmp_path / "b")
    assert here.read_bytes() == there.read_bytes()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"force": "../x", "as_of": "2025-09-30", "counts": {}, "settings": {}}']
)
def test_a_folder_that_is_none_of_ours_is_refused(tmp_path: Path, published: Path, text: str) -> None:
    with pytest.raises(ParameterError, match=r"is not a report: there is no run\.json in it"):
        compare.compare_reports(str(tmp_path), str(published), tmp_path)
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"is not a report: its run\.json lacks"):
        compare.compare_reports(str(published), str(tmp_path), tmp_path)
    assert not (tmp_path / "compared").exists()


@pytest.mark.parametrize("text", ["", '{"type": "FeatureCollection", "features": [{"type": "Feature"}]}'])
def test_a_report_with_a_broken_list_is_refused(tmp_path: Path, published: Path, text: str) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(published, broken)
    (broken / "hotspots.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"hotspots\.geojson' (cannot be read|has no)"):
        compare.compare_reports(str(broken), str(published), tmp_path)
