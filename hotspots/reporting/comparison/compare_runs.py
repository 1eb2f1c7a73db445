"""Compare two reports: new, ended and moved places, and other differences that may explain them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import tables
from hotspots.reporting import formatting

# Returns `current` and `previous` (positions) of outlines that are the same place, best first.
Match = Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame, str], pd.DataFrame]

CHANGE_LABELS = {"new": "only in B", "gone": "only in A", "up": "up", "down": "down", "same": "same rank"}


@dataclass(frozen=True, kw_only=True)
class Run:
    """One of the two reports, as read from its folder.

    Parameters
    ----------
    force, name : str
        Slug and full name.
    as_of : date
        Day of the report.
    facts : dict
        Content of run.json.
    areas, hotspots : GeoDataFrame
        Content of its GeoJSON files, BNG metres; hotspots have a `rank` by incidents.
    base_map : dict
        Base map, as returned by `base_layers.parse_base_map`; may be empty.
    """

    force: str
    name: str
    as_of: date
    facts: dict[str, Any]
    areas: gpd.GeoDataFrame
    hotspots: gpd.GeoDataFrame
    base_map: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Force and day in words."""
        return f"{formatting.clean(self.name, 60)}, {formatting.day(self.as_of)}"


def is_same_report(a: Run, b: Run) -> bool:
    """Return whether both are the same report, or reports of the same inputs, settings and versions."""
    facts = [{name: fact for name, fact in run.facts.items() if name != "measured"} for run in (a, b)]
    return facts[0] == facts[1] and a.areas.equals(b.areas) and a.hotspots.equals(b.hotspots)


def pair_places(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, match: Match) -> pd.DataFrame:
    """Return every place of both reports once: those of B in order, then those only in A.

    Returns
    -------
    DataFrame
        `family`, `place`, `change` (a key of `CHANGE_LABELS`), `rank_a`, `rank_b`, `expected_a`, `expected_b`,
        `incidents_a`, `incidents_b` (missing if in one report only), `at_a`, `at_b` (positions, -1 for none), and of a
        hotspot of B its `status` and its `latest` counts with their p value, in words.
    """
    lines = [line for family in tables.FAMILIES for line in _pairs(a, b, family, match)]
    shown = [f"{name}_{side}" for name in _SHOWN for side in "ab"]
    columns = ["family", "place", "change", "rank_a", "rank_b", *shown, "at_a", "at_b", "status", "latest"]
    kinds = {"rank_a": "Int64", "rank_b": "Int64"} | dict.fromkeys(shown, "Float64")
    return pd.DataFrame(lines, columns=columns).astype(kinds)


def count_changes(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count the places of each family (columns) by change (rows)."""
    counted = {family: pairs.loc[pairs["family"] == family, "change"].value_counts() for family in tables.FAMILIES}
    return pd.DataFrame(counted).reindex(list(CHANGE_LABELS)).fillna(0).astype("int64")


def other_differences(a: dict[str, Any], b: dict[str, Any], is_same_force: bool) -> list[tuple[str, str, str]]:
    """Return differences other than places (window, settings, files, findings, versions): name, A and B as texts."""
    found = [("Evidence window", _window(a), _window(b))] if _window(a) != _window(b) else []
    left, right = _flat(a.get("settings", {})), _flat(b.get("settings", {}))
    ignored = () if is_same_force else ("force.", "teams", "survey", "force_export", "patrol_log")
    for name in sorted({*left, *right}):
        if left.get(name, "–") != right.get(name, "–") and not name.startswith(ignored):
            found.append((f"Setting {name}", left.get(name, "–"), right.get(name, "–")))
    found += _file_differences(_files(a), _files(b)) if is_same_force else []
    findings_a, findings_b = set(map(str, a.get("findings", []))), set(map(str, b.get("findings", [])))
    found += [("Finding in A only", text, "–") for text in sorted(findings_a - findings_b)]
    found += [("Finding in B only", "–", text) for text in sorted(findings_b - findings_a)]
    old, new = _flat(a.get("versions", {})), _flat(b.get("versions", {}))
    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return found + [(f"Version of {name}", old.get(name, "–"), new.get(name, "–")) for name in changed]


_SHOWN = ("expected", "incidents")


def _pairs(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, family: str, match: Match) -> Iterator[tuple[Any, ...]]:
    """Yield the places of one family."""
    left, right = (run[run["family"] == family].sort_values(["rank", "id"]) for run in (a, b))
    partner: dict[int, int] = {}
    for now, then in match(right, left, "id")[["current", "previous"]].itertuples(index=False):
        if now not in partner and then not in partner.values():
            partner[int(now)] = int(then)
    for now in range(len(right)):
        yield _line(left, right, partner.get(now), now, family)
    for then in range(len(left)):
        if then not in partner.values():
            yield _line(left, right, then, None, family)


def _line(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, then: int | None, now: int | None, family: str
) -> tuple[Any, ...]:
    """Return the row of one place in both reports, or in one."""
    old = None if then is None else left.iloc[then]
    new = None if now is None else right.iloc[now]
    place = right.iloc[now] if now is not None else left.iloc[then or 0]
    ranks = [pd.NA if row is None else int(row["rank"]) for row in (old, new)]
    change = "gone" if new is None else "new" if old is None else _rank_change(*ranks)
    values = [pd.NA if row is None else row[name] for name in _SHOWN for row in (old, new)]
    at = [-1 if row is None else run.index[n] for row, run, n in ((old, left, then), (new, right, now))]
    return (family, formatting.place(place["main_location"], 80), change, *ranks, *values, *at, *_status(new))


def _status(row: pd.Series | None) -> tuple[str, str]:
    """Return the status of a hotspot in words, and its latest counts; empty for an area or an ended hotspot."""
    if row is None or not {"status", "latest_expected", "change_p_value"} <= set(row.index) or pd.isna(row["status"]):
        return "", ""
    return formatting.STATUS_LABELS.get(str(row["status"]), ""), formatting.latest_counts(row)


def _rank_change(old: int, new: int) -> str:
    return "same" if old == new else "up" if new < old else "down"


def _window(facts: dict[str, Any]) -> str:
    return " to ".join(str(day) for day in facts.get("window", []))


def _flat(nested: Any, prefix: str = "") -> dict[str, str]:
    """Flatten nested values to texts under dotted names."""
    if not isinstance(nested, dict):
        return {prefix: formatting.clean(nested, 160)}
    found: dict[str, str] = {}
    for name, value in nested.items():
        found |= _flat(value, f"{prefix}.{name}" if prefix else formatting.clean(name, 80))
    return found


def _files(facts: dict[str, Any]) -> dict[str, str]:
    """Map each file used to its hash."""
    used = [file for file in facts.get("inputs", []) if isinstance(file, dict) and file.get("used")]
    return {formatting.clean(file.get("name"), 120): str(file.get("sha256", "")) for file in used}


def _file_differences(a: dict[str, str], b: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return files used in one report only, and files with the same name but different content."""
    found = [("File used", name, "not used") for name in sorted(a.keys() - b.keys())]
    found += [("File used", "not used", name) for name in sorted(b.keys() - a.keys())]
    changed = sorted(name for name in a.keys() & b.keys() if a[name] != b[name])
    return found + [("File with different content", name, f"{name} (changed)") for name in changed]
