"""Rules of a run: settings and data that affect outlines, compared with those of the previous run.

Where the rules differ, a new, ended, merged or split area may be due to the rules.
"""

from collections.abc import Mapping
from typing import TypedDict

from hotspots import wording
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.trends import ChangeParams

# Sections of the settings that affect the outlines of a table.
SECTIONS = {
    "hotspots": ("clusters", "outlines", "period"),
    "patrol_areas": ("patrol_areas", "quotas", "rural", "flags", "period"),
}
# Settings of these sections that do not affect outlines.
_OTHER_SETTINGS = ("period.horizon_days", "patrol_areas.top_k", "patrol_areas.walking_m_per_minute")


class RunRules(TypedDict):
    """Settings by name, months with data, months left out, and incidents of the family by month."""

    settings: dict[str, object]
    months_seen: int
    left_out: list[str]
    counts: dict[str, int]


def rules_of(sections: Mapping[str, Mapping[str, object]], evidence: Evidence, family: str) -> RunRules:
    """Return the rules of a table of a family in this run.

    Parameters
    ----------
    sections
        Settings by section, for the `SECTIONS` of the table.
    family
        `asb` or `burglary`.
    """
    values = {f"{name}.{key}": value for name, section in sections.items() for key, value in section.items()}
    counted = evidence.own_incidents(family)["month"].astype("str").value_counts()
    return {
        "settings": {name: value for name, value in values.items() if name not in _OTHER_SETTINGS},
        "months_seen": int(evidence.months_with_data(family).sum()),
        "left_out": sorted(evidence.left_out[family]),
        "counts": {month: int(counted.get(month, 0)) for month in evidence.window.months},
    }


def differences(now: RunRules, before: RunRules, params: ChangeParams) -> list[str]:
    """Return the differences between the rules of two runs, in words; empty where the runs can be compared."""
    previous = before["settings"]
    found = [
        f"{name} from {previous[name]} to {value}"
        for name, value in now["settings"].items()
        if previous.get(name, value) != value
    ]
    if now["months_seen"] != before["months_seen"]:
        found.append(f"months with data from {before['months_seen']} to {now['months_seen']}")
    left_now, left_before = set(now["left_out"]), set(before["left_out"])
    found += [f"{month} is left out now" for month in sorted(left_now - left_before) if month in before["counts"]]
    found += [f"{month} is no longer left out" for month in sorted(left_before - left_now) if month in now["counts"]]
    both = sorted(set(now["counts"]) & set(before["counts"]) - left_now - left_before)
    total = sum(before["counts"][month] for month in both)
    revised = sum(abs(now["counts"][month] - before["counts"][month]) for month in both)
    if revised > params.max_revision_share * total:
        found.append(f"counts of past months by {wording.percent(revised / max(total, 1))} (revised data)")
    return found
