"""Two reports side by side: what is new, gone or moved, and what else differs that may explain it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import tables
from hotspots.reporting import formatting

# Gives `current` and `previous` (positions) of outlines that are the same place, best first.
Match = Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame, str], pd.DataFrame]

MOVES = {"new": "only in B", "gone": "only in A", "up": "up", "down": "down", "same": "same rank"}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two reports, as its folder holds it.

    Parameters
    ----------
    force, name : str
        Slug, and name in full.
    as_of : date
        Its day.
    facts : dict
        run.json.
    areas, hotspots : GeoDataFrame
        As listed in its GeoJSON files, BNG metres; `rank` of hotspots is by their incidents.
    ground : dict
        What its map draws under the layers, as `base_layers.read_back` gives it; empty where the map does not tell.
    """

    force: str
    name: str
    as_of: date
    facts: dict[str, Any]
    areas: gpd.GeoDataFrame
    hotspots: gpd.GeoDataFrame
    ground: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Force and day in words."""
        return f"{formatting.clean(self.name, 60)}, {formatting.day(self.as_of)}"


def pair_places(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, match: Match) -> pd.DataFrame:
    """Every place of both reports once: those of B in their order, then those only in A.

    Returns
    -------
    DataFrame
        `family`, `place`, `move` (a key of `MOVES`), `rank_a`, `rank_b`, `expected_a`, `expected_b`, `incidents_a`,
        `incidents_b` (missing where the place is in one only), `at_a`, `at_b` (positions, -1 for none).
    """
    lines = [line for family in tables.FAMILIES for line in _pairs(a, b, family, match)]
    columns = [
        "family",
        "place",
        "move",
        "rank_a",
        "rank_b",
        *(f"{n}_{s}" for n in _SHOWN for s in "ab"),
        "at_a",
        "at_b",
    ]
    kinds = {"rank_a": "Int64", "rank_b": "Int64"} | {f"{n}_{s}": "Float64" for n in _SHOWN for s in "ab"}
    return pd.DataFrame(lines, columns=columns).astype(kinds)


def count_moves(pairs: pd.DataFrame) -> pd.DataFrame:
    """How many places of each family are new, gone, up, down or the same: one line a move, one column a family."""
    counted = {family: pairs.loc[pairs["family"] == family, "move"].value_counts() for family in tables.FAMILIES}
    return pd.DataFrame(counted).reindex(list(MOVES)).fillna(0).astype("int64")


def differences(a: dict[str, Any], b: dict[str, Any], is_same_force: bool) -> list[tuple[str, str, str]]:
    """What differs besides the places: name, A and B as texts; settings, window, files, findings, versions."""
    found = [("Evidence window", _span(a), _span(b))] if _span(a) != _span(b) else []
    left, right = _flat(a.get("settings", {})), _flat(b.get("settings", {}))
    skipped = () if is_same_force else ("force.", "teams", "survey", "force_export", "patrol_log")
    for name in sorted({*left, *right}):
        if left.get(name, "–") != right.get(name, "–") and not name.startswith(skipped):
            found.append((f"Setting {name}", left.get(name, "–"), right.get(name, "–")))
    found += _of_files(_files(a), _files(b)) if is_same_force else []
    said_a, said_b = set(map(str, a.get("findings", []))), set(map(str, b.get("findings", [])))
    found += [("Noticed in A only", text, "–") for text in sorted(said_a - said_b)]
    found += [("Noticed in B only", "–", text) for text in sorted(said_b - said_a)]
    old, new = _flat(a.get("versions", {})), _flat(b.get("versions", {}))
    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return found + [(f"Version of {name}", old.get(name, "–"), new.get(name, "–")) for name in changed]


_SHOWN = ("expected", "incidents")


def _pairs(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, family: str, match: Match) -> Iterator[tuple[Any, ...]]:
    """One family's places."""
    left, right = (side[side["family"] == family].sort_values(["rank", "id"]) for side in (a, b))
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
    """One place in both reports, or in one."""
    old = None if then is None else left.iloc[then]
    new = None if now is None else right.iloc[now]
    told = right.iloc[now] if now is not None else left.iloc[then or 0]
    ranks = [pd.NA if row is None else int(row["rank"]) for row in (old, new)]
    move = "gone" if new is None else "new" if old is None else _move(*ranks)
    values = [pd.NA if row is None else row[name] for name in _SHOWN for row in (old, new)]
    at = [-1 if row is None else side.index[n] for row, side, n in ((old, left, then), (new, right, now))]
    return (family, formatting.place(told["main_location"], 80), move, *ranks, *values, *at)


def _move(old: int, new: int) -> str:
    return "same" if old == new else "up" if new < old else "down"


def _span(facts: dict[str, Any]) -> str:
    return " to ".join(str(day) for day in facts.get("window", []))


def _flat(nested: Any, prefix: str = "") -> dict[str, str]:
    """Nested values under dotted names, as texts."""
    if not isinstance(nested, dict):
        return {prefix: formatting.clean(nested, 160)}
    found: dict[str, str] = {}
    for name, value in nested.items():
        found |= _flat(value, f"{prefix}.{name}" if prefix else formatting.clean(name, 80))
    return found


def _files(facts: dict[str, Any]) -> dict[str, str]:
    """File that was used to its fingerprint."""
    used = [given for given in facts.get("inputs", []) if isinstance(given, dict) and given.get("used")]
    return {formatting.clean(given.get("name"), 120): str(given.get("sha256", "")) for given in used}


def _of_files(a: dict[str, str], b: dict[str, str]) -> list[tuple[str, str, str]]:
    """Files that one side alone used, and those that were another version of the same name."""
    found = [("File used", name, "not used") for name in sorted(a.keys() - b.keys())]
    found += [("File used", "not used", name) for name in sorted(b.keys() - a.keys())]
    changed = sorted(name for name in a.keys() & b.keys() if a[name] != b[name])
    return found + [("File of other content", name, f"{name} (changed)") for name in changed]
