"""Where hotspots can be planted: discs in fitting surroundings, with a background that a ratio can be measured by.

The ratio of a planted hotspot is (background + planted) / background, both counted inside its disc over the last
twelve months (the emerging one: over its own three); it lies between 2 and 4. Where a disc has too little background
for that to mean anything, another place is taken.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.errors import ParameterError
from hotspots.town import streets, times

SETTINGS = ("beside the centre", "village", "neighbourhood", "beside the centre", "estate edge", "neighbourhood")
APART_M = 600
_MIN_SPOTS = 7
_TRIES = 3  # ratios that are tried in the setting wanted, then as many in any setting
_LAST_TRIES = 8  # and then with the highest ratio, which asks for the least background
_CANDIDATES = 120  # places that are tried for a ratio


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of hotspot: how many incidents are planted, over how many months, in which sizes and at which hours."""

    family: str
    planted: tuple[int, int]
    radius_m: tuple[int, int]
    peaks: tuple[str, ...]
    window_months: int = 12
    ratio: tuple[float, float] = (2.1, 3.8)

    @property
    def is_steady(self) -> bool:
        """Whether it lasts the whole evidence window."""
        return self.window_months == 12


SORTS = (
    Sort(family="asb", planted=(32, 110), radius_m=(90, 150), peaks=tuple(times.PEAKS)),
    Sort(family="asb", planted=(14, 40), radius_m=(100, 150), peaks=tuple(times.PEAKS), window_months=3),
    Sort(family="burglary", planted=(16, 40), radius_m=(110, 150), peaks=("overnight", "working day")),
)


def choose_sites(
    points: pd.DataFrame, background: pd.DataFrame, sort: Sort, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Discs for hotspots of one sort, in the order of `SETTINGS` as far as the town allows.

    Parameters
    ----------
    points
        Street points, with `is_free`: not too near to anything else that is planted.
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
    sites: list[dict] = []
    for number in range(count):
        wanted = SETTINGS[number % len(SETTINGS)] if sort.is_steady else "neighbourhood"
        for setting, ratio in _wishes(wanted, sort, rng):
            site = _first_fit(points[settings[setting] & free], points, background, (sort, ratio), rng)
            if site:
                break
        else:
            raise ParameterError(
                f"Littleham has no place left with enough {sort.family} for hotspot {number + 1} of {count}. Lower "
                f"hotspots_per_family, or raise {'monthly_asb' if sort.family == 'asb' else 'monthly_burglaries'}."
            )
        sites.append(site | {"setting": setting})
        free = free & (streets.distance_m(points, site["easting"], site["northing"]) >= APART_M)
    return pd.DataFrame(sites)


def is_free(points: pd.DataFrame, taken: pd.DataFrame) -> np.ndarray:
    """Whether each street point keeps its distance from every place taken (`easting`, `northing`)."""
    free = np.ones(len(points), dtype=bool)
    for place in taken.to_dict("records"):
        free &= streets.distance_m(points, place["easting"], place["northing"]) >= APART_M
    return free


def _wishes(setting: str, sort: Sort, rng: np.random.Generator) -> list[tuple[str, float]]:
    """Settings and ratios to try, in order."""
    ratios = rng.uniform(*sort.ratio, 2 * _TRIES)
    settings = [setting] * _TRIES + ["elsewhere"] * _TRIES
    return [*zip(settings, ratios, strict=True), *[("elsewhere", sort.ratio[1])] * _LAST_TRIES]


def _first_fit(
    candidates: pd.DataFrame, points: pd.DataFrame, background: pd.DataFrame, wish: tuple[Sort, float],
    rng: np.random.Generator,
) -> dict | None:  # fmt: skip
    """The first of the candidates, in an order of chance, with the background that the ratio wished for takes."""
    sort, ratio = wish
    for place in rng.permutation(candidates[["easting", "northing"]].to_numpy())[:_CANDIDATES]:
        radius_m = float(rng.integers(sort.radius_m[0], sort.radius_m[1] + 1))
        easting, northing = (place + rng.integers(-25, 26, 2)).tolist()
        there = int((streets.distance_m(background, easting, northing) <= radius_m).sum())
        planted = round((ratio - 1) * there)
        if not sort.planted[0] <= planted <= sort.planted[1]:
            continue
        if (streets.distance_m(points, easting, northing) <= radius_m).sum() < _MIN_SPOTS:
            continue
        return {
            "family": sort.family,
            "easting": easting,
            "northing": northing,
            "radius_m": radius_m,
            "background": there,
            "planted": planted,
            "ratio": (there + planted) / there,
            "is_steady": sort.is_steady,
        }
    return None


def _settings(points: pd.DataFrame) -> dict[str, np.ndarray]:
    """Which street points lie beside the centre, in a village, at an estate's edge, in a neighbourhood, or in any."""
    from_centre = streets.distance_m(points, *streets.middle_of(streets.CENTRE))
    is_lived_in = points["kind"].isin(["terraces", "houses", "estate"]).to_numpy()
    is_village = (points["kind"] == "village").to_numpy()
    is_suburb = points["kind"].isin(["houses", "estate"]).to_numpy()
    return {
        "beside the centre": is_lived_in & (from_centre >= 600) & (from_centre <= 1050),
        "village": is_village,
        "estate edge": is_suburb & (points["edge"] >= 0.7).to_numpy(),
        "neighbourhood": is_lived_in,
        "elsewhere": is_lived_in | is_village,
    }
