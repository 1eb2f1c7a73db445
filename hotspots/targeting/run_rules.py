"""Settings of a run that affect outlines, compared with those of the previous run.

The settings are compared as people wrote them. Values that a run chooses from the data are no change of a setting.
"""

from collections.abc import Mapping

# Sections of the settings that affect the outlines of a table.
SECTIONS = {
    "hotspots": ("clusters", "outlines", "period"),
    "patrol_areas": ("patrol_areas", "quotas", "rural", "flags", "period"),
}
# Settings of these sections that do not affect outlines.
_OTHER_SETTINGS = ("period.horizon_days", "patrol_areas.top_k", "patrol_areas.walking_m_per_minute")


def settings_of(sections: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """Return the settings that affect the outlines of a table, by dotted name.

    Parameters
    ----------
    sections
        Settings by section, for the `SECTIONS` of the table.
    """
    values = {f"{name}.{key}": value for name, section in sections.items() for key, value in section.items()}
    return {name: value for name, value in values.items() if name not in _OTHER_SETTINGS}


def differences(now: Mapping[str, object], before: Mapping[str, object]) -> list[str]:
    """Return the settings that changed between two runs, in words; a setting that only one of them has is none."""
    return [
        f"{name} from {_in_words(before[name])} to {_in_words(value)}"
        for name, value in now.items()
        if before.get(name, value) != value
    ]


def _in_words(value: object) -> str:
    """Return the value of a setting; one that is not set is chosen by the run."""
    return "not set" if value is None else str(value)
