"""The house rules that imports and names can show: which way imports point, what stays light, banned names."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"sources", "targeting", "residents", "tasking", "tracking", "testing", "reporting"}
VOCABULARY_PACKAGES = {"tables", "data_health", "reference", "privacy"}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
HEAVY = {"pandas", "numpy", "geopandas", "shapely", "pyproj", "sklearn", "scipy", "folium", "prefect", "pyarrow"}
MODULES = sorted([*(ROOT / "hotspots").rglob("*.py"), *(ROOT / "pipelines").rglob("*.py")])


def imported_by(path: Path) -> Iterator[str]:
    """Dotted names of everything a module imports, inside functions too."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = [*package[: len(package) - node.level + 1]] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def folder_of(path: Path) -> str | None:
    parts = path.relative_to(ROOT).parts
    return parts[1] if len(parts) > 2 and parts[0] == "hotspots" and parts[1] in FOLDERS else None


def offences(is_wrong) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        for name in imported_by(path)
        if is_wrong(path, name)
    ]


def module_of(name: str) -> str | None:
    """The module of ours that an imported name is, or stands in."""
    for dotted in (name, name.rpartition(".")[0]):
        if dotted in GRAPH_NODES:
            return dotted
    return None


def dotted_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


GRAPH_NODES = {dotted_name(path): path for path in MODULES}


def import_graph() -> dict[str, set[str]]:
    """The modules that each module imports, inside functions and under TYPE_CHECKING too."""
    graph = {}
    for module, path in GRAPH_NODES.items():
        graph[module] = {found for name in imported_by(path) if (found := module_of(name)) and found != module}
    return graph


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one circle of imports, in order; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle_in(import_graph()) == []


def test_a_circle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert set(circle_in(graph)) == {"a", "b", "c"}
    assert {"hotspots.tables", "hotspots.crs"} & import_graph()["hotspots.targeting.evidence"] == set()
    assert "hotspots.period" in import_graph()["hotspots.targeting.evidence"]


def test_the_pipelines_compute_nothing_with_numpy() -> None:
    assert (
        offences(lambda path, name: path.relative_to(ROOT).parts[0] == "pipelines" and name.split(".")[0] == "numpy")
        == []
    )


def test_no_folder_holds_more_modules_than_a_reader_can_take_in() -> None:
    held = Counter(path.parent.relative_to(ROOT).as_posix() for path in MODULES if path.name != "__init__.py")
    limits = {"hotspots/targeting": 26}
    assert {folder: count for folder, count in held.items() if count > limits.get(folder, 20)} == {}


def test_the_folders_do_not_import_one_another() -> None:
    def is_wrong(path: Path, name: str) -> bool:
        parts = name.split(".")
        own = folder_of(path)
        return own is not None and parts[0] == "hotspots" and len(parts) > 1 and parts[1] in FOLDERS - {own}

    assert offences(is_wrong) == []


def test_the_vocabulary_imports_none_of_the_folders() -> None:
    def is_wrong(path: Path, name: str) -> bool:
        parts, imported = path.relative_to(ROOT).parts, name.split(".")
        is_vocabulary = parts[0] == "hotspots" and (len(parts) == 2 or parts[1] in VOCABULARY_PACKAGES)
        return is_vocabulary and imported[0] == "hotspots" and imported[1:2] != [] and imported[1] in FOLDERS

    assert offences(is_wrong) == []


def test_analysis_never_imports_the_pipelines_or_prefect() -> None:
    def is_wrong(path: Path, name: str) -> bool:
        return path.relative_to(ROOT).parts[0] == "hotspots" and name.split(".")[0] in {"pipelines", "prefect"}

    assert offences(is_wrong) == []


def test_the_made_up_town_is_read_by_no_analysis() -> None:
    def is_wrong(path: Path, name: str) -> bool:
        return folder_of(path) is not None and name.startswith("hotspots.town")

    assert offences(is_wrong) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_named_after_its_idea(path: Path) -> None:
    assert not BANNED_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)


def test_importing_the_package_imports_no_heavy_module() -> None:
    code = f"import sys, hotspots; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
