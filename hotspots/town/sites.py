"""Sites for planted hotspots: discs with enough background incidents for a ratio of 2 to 4.

The ratio of a planted hotspot is (background + planted) / background, counted inside its disc over the last twelve
months, or the last three for the emerging hotspot. A disc with too few background incidents is not used.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hotspots.errors import ParameterError
from hotspots.town import streets, times

SETTINGS = ("beside the centre", "village", "neighbourhood", "beside the centre", "estate edge", "neighbourhood")
APART_M = 600
_MIN_SPOTS = 7
_TRIES = 3  # ratios tried in the preferred setting, and then in any setting
_LAST_TRIES = 8  # attempts with the highest ratio, which needs the fewest background incidents
_CANDIDATES = 120  # places tried for each ratio


@dataclass(frozen=True, kw_only=True)
class HotspotType:
    """One type of hotspot: its family, planted incidents, radius, peak times, duration and ratio."""

    family: str
    planted: tuple[int, int]
    radius_m: tuple[int, int]
    peaks: tuple[str, ...]
    window_months: int = 12
    ratio: tuple[float, float] = (2.1, 3.8)

    @property
    def is_steady(self) -> bool:
        """Whether the hotspot lasts for the whole evidence window."""
        return self.window_months == 12


HOTSPOT_TYPES = (
    HotspotType(family="asb", planted=(32, 110), radius_m=(90, 150), peaks=tuple(times.PEAKS)),
    HotspotType(family="asb", planted=(14, 40), radius_m=(100, 150), peaks=tuple(times.PEAKS), window_months=3),
    HotspotType(family="burglary", planted=(16, 40), radius_m=(110, 150), peaks=("overnight", "working day")),
)


def choose_sites(
    points: pd.DataFrame, background: pd.DataFrame, kind: HotspotType, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return discs for hotspots of one type, in the order of `SETTINGS` as far as the town allows.

    Parameters
    ----------
    points
        Street points, with `is_free`: far enough from everything else that is planted.
    background
        Incidents of the family in the hotspots' window (`easting`, `northing`).

    Returns
    -------
    DataFrame
        `family`, `easting`, `northing`, `radius_m`, `background`, `planted`, `ratio`, `is_steady`, `setting`.

    Raises
    ------
    ParameterError
        The background is too thin for so many hotspots.
    """
    settings, free = _settings(points), points["is_free"].to_numpy()
    sites: list[dict[str, Any]] = []
    for number in range(count):
        preferred = SETTINGS[number % len(SETTINGS)] if kind.is_steady else "neighbourhood"
        for setting, ratio in _attempts(preferred, kind, rng):
            site = _find_site(points[settings[setting] & free], points, background, (kind, ratio), rng)
            if site:
                break
        else:
            raise ParameterError(
                f"Littleham has no place left with enough {kind.family} for hotspot {number + 1} of {count}. Lower "
                f"hotspots_per_family, or raise {'monthly_asb' if kind.family == 'asb' else 'monthly_burglaries'}."
            )
        sites.append(site | {"setting": setting})
        free = free & (streets.distance_m(points, site["easting"], site["northing"]) >= APART_M)
    return pd.DataFrame(sites)


def is_free(points: pd.DataFrame, taken: pd.DataFrame) -> np.ndarray:
    """Return whether each street point is at least `APART_M` from every place taken (`easting`, `northing`)."""
    free = np.ones(len(points), dtype=bool)
    for place in taken.to_dict("records"):
        free &= streets.distance_m(points, place["easting"], place["northing"]) >= APART_M
    return free


def _attempts(setting: str, kind: HotspotType, rng: np.random.Generator) -> list[tuple[str, float]]:
    """Return the settings and ratios to try, in order."""
    ratios = rng.uniform(*kind.ratio, 2 * _TRIES)
    settings = [setting] * _TRIES + ["elsewhere"] * _TRIES
    return [*zip(settings, ratios, strict=True), *[("elsewhere", kind.ratio[1])] * _LAST_TRIES]


def _find_site(
    candidates: pd.DataFrame, points: pd.DataFrame, background: pd.DataFrame, attempt: tuple[HotspotType, float],
    rng: np.random.Generator,
) -> dict[str, Any] | None:  # fmt: skip
    """Return the first candidate, in random order, with enough background incidents for the ratio."""
    kind, ratio = attempt
    for place in rng.permutation(candidates[["easting", "northing"]].to_numpy())[:_CANDIDATES]:
        radius_m = float(rng.integers(kind.radius_m[0], kind.radius_m[1] + 1))
        easting, northing = (place + rng.integers(-25, 26, 2)).tolist()
        there = int((streets.distance_m(background, easting, northing) <= radius_m).sum())
        planted = round((ratio - 1) * there)
        if not kind.planted[0] <= planted <= kind.planted[1]:
            continue
        if (streets.distance_m(points, easting, northing) <= radius_m).sum() < _MIN_SPOTS:
            continue
        return {
            "family": kind.family,
            "easting": easting,
            "northing": northing,
            "radius_m": radius_m,
            "background": there,
            "planted": planted,
            "ratio": (there + planted) / there,
            "is_steady": kind.is_steady,
        }
    return None


def _settings(points: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return which street points are in each setting."""
    from_centre = streets.distance_m(points, *streets.centre_of(streets.CENTRE))
    is_residential = points["kind"].isin(["terraces", "houses", "estate"]).to_numpy()
    is_village = (points["kind"] == "village").to_numpy()
    is_suburb = points["kind"].isin(["houses", "estate"]).to_numpy()
    return {
        "beside the centre": is_residential & (from_centre >= 600) & (from_centre <= 1050),
        "village": is_village,
        "estate edge": is_suburb & (points["edge"] >= 0.7).to_numpy(),
        "neighbourhood": is_residential,
        "elsewhere": is_residential | is_village,
    }
