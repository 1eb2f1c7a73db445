"""Largest and smallest values of numbers in settings, by what they measure.

Each section checks what only it can know. This is the outer range of every number, so that a typing error ends in a
sentence instead of a run that takes days or fills the memory.
"""

import dataclasses
import math
import re
from collections.abc import Iterator

from hotspots.errors import ParameterError

# Names of settings, and the largest value; the first that fits counts. None is negative.
LARGEST: dict[str, float] = {
    r"draws": 100_000,
    r"seed": 2**32 - 1,
    r"dates|origins": 120,
    r"\w*months\w*": 600,
    r"\w*days": 36_500,
    r"\w*_ha": 100_000,
    r"\w*minutes": 1_440,
    r"\w*(_share|_rate|p_below)": 1,
    r"\w*(_m|_m_per_minute)": 100_000,
    r"\w*": 1_000_000,
}


def check(settings: object) -> None:
    """Raise if a number of the settings is not finite, or outside its range.

    Raises
    ------
    ParameterError
        Names the setting, its range and the value.
    """
    for name, value in _numbers(settings, ""):
        largest = largest_of(name.rpartition(".")[2])
        if not (math.isfinite(value) and 0 <= value <= largest):
            raise ParameterError(f"{name} must be from 0 to {largest:,.0f}, got {value:,g}.")


def largest_of(name: str) -> float:
    """Return the largest value of a setting by its name.

    Examples
    --------
    >>> largest_of("radius_m"), largest_of("window_months"), largest_of("max_areas")
    (100000, 600, 1000000)
    """
    return next(limit for pattern, limit in LARGEST.items() if re.fullmatch(pattern, name))


def _numbers(section: object, where: str) -> Iterator[tuple[str, float]]:
    """Yield the name and value of every number in a section and its sections."""
    if dataclasses.is_dataclass(section):
        for entry in dataclasses.fields(section):
            yield from _numbers(getattr(section, entry.name), f"{where}.{entry.name}".strip("."))
    elif isinstance(section, tuple):
        for item in section:
            yield from _numbers(item, where)
    elif isinstance(section, int | float) and not isinstance(section, bool):
        yield where, section
