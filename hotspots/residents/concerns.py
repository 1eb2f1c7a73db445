"""Residents' concerns near hotspots and patrol areas, compared with recorded incidents and never added to them.

Respondents chose to take part, so they are not a sample of the residents. Areas with fewer answers than `min_answers`
are not compared.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from hotspots import categories, proportions
from hotspots.errors import ParameterError
from hotspots.residents import resident_areas, respondent_counts


@dataclass(frozen=True, kw_only=True)
class ConcernParams:
    """Radius around an area, and the number of answers needed for a comparison.

    Attributes
    ----------
    concern_radius_m
        Distance from an area within which answers are counted.
    min_answers
        Smallest number of answers for which an area is compared.
    prior_answers
        Number of answers with the force's share that are added to the answers near an area. The higher it is, the more
        answers are needed to show that an area differs.
    """

    concern_radius_m: float = 300.0
    min_answers: int = 10
    prior_answers: float = 10.0

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.concern_radius_m <= 0 or self.prior_answers < 0:
            raise ParameterError("concerns: concern_radius_m must be greater than 0 and prior_answers at least 0.")
        if self.min_answers < 1:
            raise ParameterError(f"concerns.min_answers must be at least 1, got {self.min_answers}.")


def attach_concerns(areas: gpd.GeoDataFrame, concerns: gpd.GeoDataFrame, params: ConcernParams) -> gpd.GeoDataFrame:
    """Return the areas with `concerns`, `answers` and `concern_status`.

    `answers` counts the residents who answered near an area, and `concerns` those of them who named its family; each
    resident counts once. Only answers located by a point or postcode unit are counted. Hotspots and patrol areas have
    many recorded incidents by definition, so the status is `normalised` if the share of concerned residents is below
    the force's (by its 80 % interval, shrunk towards the force's share), and otherwise `agreement` if anyone is
    concerned. It is `unknown` below `min_answers`, or if nobody is concerned and that may be chance.

    Parameters
    ----------
    areas
        Outlines, BNG metres, with `family`.
    concerns
        `tables.CONCERNS`.
    """
    answers = respondent_counts.tabulate_respondents(resident_areas.with_coordinates(concerns))
    located = answers[answers["easting"].notna()].reset_index(drop=True)
    points = gpd.GeoSeries.from_xy(located["easting"], located["northing"], crs=areas.crs)
    near = points.sindex.query(areas.geometry, predicate="dwithin", distance=params.concern_radius_m)
    family = areas["family"].astype("str").to_numpy()
    total = worried = np.zeros(len(areas), dtype=np.int64)
    force_share = np.zeros(len(areas))
    for name in categories.FAMILIES:
        counts = respondent_counts.count_near_places(located, near, len(areas), name)
        is_worried = answers.groupby("respondent")[f"is_{name}"].any()
        total, worried = counts[:, 0], np.where(family == name, counts[:, 1], worried)
        force_share = np.where(family == name, is_worried.mean() if len(is_worried) else 0.0, force_share)
    highest = proportions.shrunken_share(worried, total, force_share, params.prior_answers)[:, 2]
    tests = [total < params.min_answers, highest < force_share, worried > 0]
    status = np.select(tests, ["unknown", "normalised", "agreement"], "unknown")
    return areas.assign(concerns=worried, answers=total, concern_status=status)
