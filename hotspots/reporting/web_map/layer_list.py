"""The list of layers of the map, which is also its legend: what each entry draws, its symbols, and whether it is on.

Only the first areas and the changes are on at first. An entry holds both families; the page shows one, or both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from hotspots import tables, wording
from hotspots.reporting import formatting
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import grid_counts
from hotspots.reporting.web_map.map_layer import MapLayer

_BOX = 'width="18" height="12"'
_AREAS = tuple(f"{family}_areas" for family in tables.FAMILIES)
_HOTSPOTS = tuple(f"{family}_hotspots" for family in tables.FAMILIES)
_BASE = "Base map"
_BUSY = "Busy, as their surroundings are"
_STRONG = "Stand out from their surroundings (p &lt; 0.05)"
_CHANGES = (
    ("worse", "▲ worse"),
    ("new", "new"),
    ("better", "▼ better"),
    ("ended", "✕ ended"),
    ("maybe", "may be chance"),
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the list of layers.

    Parameters
    ----------
    name
        Identifier.
    group
        Heading that it stands under.
    label
        HTML: its symbol and name, and the symbols of its parts.
    method, data
        Method of the page's script that draws it, and what that method is given.
    is_shown
        Whether it is on when the map opens.
    family
        The only family that it is about; empty for both.
    """

    name: str
    group: str
    label: str
    method: str
    data: Any
    is_shown: bool = False
    family: str = ""


def results(report: Report, layers: list[MapLayer]) -> list[Entry]:
    """Return the entries of results: areas, changes, hotspots, residents and recorded incidents."""
    by_name = {layer.name: layer for layer in layers}
    draw = partial(_drawn, by_name)
    last = max(len(by_name[name].ids) for name in _AREAS)
    ranks = [(["area", "first"], "1 to 5"), (["area", "next"], "6 to 20")]
    kinds = [(f"change {kind}", text) for kind, text in _CHANGES]
    answers = f"Residents' concerns ({formatting.FEW} responses or more)"
    entries = [
        draw("areas_first", "Patrol areas", "First 20 areas", _AREAS, ("first", "next"), steps=ranks, is_shown=True),
        draw("areas_later", "Patrol areas", f"Areas ranked 21 to {last}", _AREAS, ("later",), key=["area", "later"])
        if last > 20
        else None,
        draw("changes", "Change", "Changes since the last period", ("changes",), steps=kinds, is_shown=True),
        draw("hotspots_sure", "Hotspots", _STRONG, _HOTSPOTS, ("sure",), key=["hotspot", "sure"]),
        draw("hotspots_busy", "Hotspots", _BUSY, _HOTSPOTS, ("busy",), key=["hotspot", "busy"]),
        draw("near_repeats", "Hotspots", "Near-repeat zones", ("near_repeats",), key="zone", family="burglary"),
        draw("concerns", "Residents", answers, ("concerns",), key="concern"),
        draw("hidden_demand", "Residents", "Hidden demand", ("hidden_demand",), key="hidden-demand"),
        draw("referrals", "Residents", "Referrals to partners", ("referrals",), key="referral"),
        _squares(report),
    ]  # fmt: skip
    return [entry for entry in entries if entry]


def base(report: Report, data: dict[str, Any]) -> list[Entry]:
    """Return the entries of the base map."""
    found = []
    kinds = (("teams", "Teams and beats", "team", True), ("wards", "Wards and parishes", "ward", False))
    for name, title, style, is_shown in kinds:
        if data[name]["shapes"]:
            found.append(_base(name, f"{_key(style)} {title}", "outline", is_shown=is_shown))
    if report.encoded_base_map:
        found.append(_base("base_map", f"{_key('road')} Roads, water and place names", "baseMap"))
    if data["districts"]["names"]:
        found.append(_base("districts", f"{_key('street')} Names of districts", "outline"))
    if report.tiles.url:
        found.append(_base("tiles", "Background tiles", "tiles"))
    if data["streets"]["names"]:
        found.append(_base("streets", f"{_key('street')} Street names (zoomed in)", "names"))
    found.append(_base("force", f"{_key('force')} Force outline", "outline"))
    return found


def _base(name: str, label: str, method: str, *, is_shown: bool = True) -> Entry:
    return Entry(name=name, group=_BASE, label=label, method=method, data=name, is_shown=is_shown)


def _drawn(
    layers: dict[str, MapLayer], name: str, group: str, title: str, names: tuple[str, ...],
    classes: tuple[str, ...] = (), *,
    key: str | list[str] = "", steps: Iterable[tuple[str | list[str], str]] = (), is_shown: bool = False,
    family: str = "",
) -> Entry | None:  # fmt: skip
    """Return the entry of the rows of some layers whose style has one of some classes; None without these layers."""
    used = [layer for layer in names if layer in layers]
    if not used:
        return None
    styles = [style.split() for layer in used for style in layers[layer].styles]
    has_rows = any(not classes or set(classes) & set(style) for style in styles)
    symbols = f"{_symbols(key)} " if key else ""
    label = f"{symbols}{title}{'' if has_rows else ' (none)'}{_steps(steps) if has_rows else ''}"
    data = {"tables": used, "classes": list(classes)}
    return Entry(name=name, group=group, label=label, method="draw", data=data, is_shown=is_shown, family=family)


def _squares(report: Report) -> Entry:
    """Return the entry of the squares with recorded incidents."""
    months = wording.counted(report.window.length_months, "month")
    steps = ((["cell", f"shade{number}"], text) for number, text in enumerate(grid_counts.shade_labels()))
    return Entry(
        name="squares",
        group="Recorded incidents",
        label=f"In {months}, by square of {grid_counts.INCIDENT_CELL_M} m{_steps(steps)}",
        method="cells",
        data=[f"{family}_cells" for family in tables.FAMILIES],
    )


def _symbols(style: str | list[str]) -> str:
    """Return the legend symbol of a style or, given its parts, one for each family."""
    if isinstance(style, str):
        return _key(style)
    kind, *rest = style
    return "".join(_key(" ".join([kind, family, *rest]), f"only-{family}") for family in tables.FAMILIES)


def _key(style: str, more: str = "") -> str:
    """Return the legend symbol of a style."""
    drawn = f'<rect class="{style}" x="2" y="2" {_BOX}/>'
    return f'<svg class="key {more}" aria-hidden="true" viewBox="0 0 22 16">{drawn}</svg>'


def _steps(steps: Iterable[tuple[str | list[str], str]]) -> str:
    """Return the legend of several shades in one line."""
    symbols = "".join(f'<span class="step">{_symbols(style)}{text}</span>' for style, text in steps)
    return f'<span class="steps">{symbols}</span>' if symbols else ""
