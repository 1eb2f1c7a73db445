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
MAX_RATIO = 4.0
APART_M = 600
_MIN_SPOTS = 7
_TRIES = 200


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of hotspot: how many incidents are planted, over how many months, in which sizes and at which hours."""

    family: str
    planted: tuple[int, int]
    radius_m: tuple[float, float]
    peaks: tuple[str, ...]
    window_months: int = 12
    ratio: tuple[float, float] = (2.3, 3.7)

    @property
    def is_steady(self) -> bool:
        """Whether it lasts the whole evidence window."""
        return self.window_months == 12

    @property
    def background(self) -> tuple[float, float]:
        """Least and most background inside the disc for which number and ratio both come out."""
        return self.planted[0] / (MAX_RATIO - 1), self.planted[1] / (self.ratio[0] - 1)


SORTS = (
    Sort(family="asb", planted=(34, 110), radius_m=(90, 150), peaks=tuple(times.PEAKS)),
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
        for setting in (wanted, "elsewhere"):
            site = _first_fit(points, background, sort, settings[setting] & free, rng)
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
    for place in taken.itertuples():
        free &= streets.distance_m(points, place.easting, place.northing) >= APART_M
    return free


def _first_fit(
    points: pd.DataFrame, background: pd.DataFrame, sort: Sort, candidates: np.ndarray, rng: np.random.Generator
) -> dict | None:
    """The first of the candidates, in an order of chance, that has the background it takes."""
    least, most = sort.background
    for point in rng.permutation(np.flatnonzero(candidates))[:_TRIES]:
        radius_m = float(rng.integers(round(sort.radius_m[0]), round(sort.radius_m[1]) + 1))
        shift = rng.integers(-25, 26, 2)
        easting = int(points["easting"].iloc[point] + shift[0])
        northing = int(points["northing"].iloc[point] + shift[1])
        there = int((streets.distance_m(background, easting, northing) <= radius_m).sum())
        spots = int((streets.distance_m(points, easting, northing) <= radius_m).sum())
        if least <= there <= most and spots >= _MIN_SPOTS:
            planted = round((rng.uniform(*sort.ratio) - 1) * there)
            planted = min(max(planted, sort.planted[0]), sort.planted[1])
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
