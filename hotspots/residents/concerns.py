"""What residents worry about, beside the record: never added to it.

Answers to a survey are not a sample of the residents: who answers chooses to. So counts of worries are set beside
counts of incidents, with how many answers there are, and nothing is said below `min_answers`.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from hotspots import categories, proportions
from hotspots.errors import ParameterError
from hotspots.residents import areas_of_points, respondent_counts


@dataclass(frozen=True, kw_only=True)
class ConcernParams:
    """How near is near, and how many answers say something.

    Attributes
    ----------
    concern_radius_m
        Answers at most so far from an area count as near it.
    min_answers
        Fewer answers near an area say nothing about it.
    prior_answers
        Answers like the whole force's that are added to those nearby: the more, the more answers it takes to say
        that an area differs.
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
    """Areas with `concerns`, `answers` and `concern_status`.

    `concerns` counts the residents near an area who name its family, `answers` all who answered near it; each counts
    once, however often and about whatever. Only answers placed by point or postcode unit are near anything. An area of
    the list has many records by its nature: `normalised` where the share of worried ones is surely below the force's
    (by its 80 % interval, drawn towards the force's share), `agreement` where it is not and somebody is worried,
    `unknown` below `min_answers`, or where nobody is worried and so few answered that this may be chance.

    Parameters
    ----------
    areas
        Outlines, BNG metres, with `family`.
    concerns
        `tables.CONCERNS`.
    """
    said = respondent_counts.answers_of(areas_of_points.records_of(concerns))
    placed = said[said["easting"].notna()].reset_index(drop=True)
    points = gpd.GeoSeries.from_xy(placed["easting"], placed["northing"], crs=areas.crs)
    near = points.sindex.query(areas.geometry, predicate="dwithin", distance=params.concern_radius_m)
    family = areas["family"].astype("str").to_numpy()
    total = worried = np.zeros(len(areas), dtype=np.int64)
    force_share = np.zeros(len(areas))
    for name in categories.FAMILIES:
        counted = respondent_counts.count_near(placed, near, len(areas), name)
        once = said.groupby("respondent")[f"is_{name}"].any()
        total, worried = counted[:, 0], np.where(family == name, counted[:, 1], worried)
        force_share = np.where(family == name, once.mean() if len(once) else 0.0, force_share)
    highest = proportions.drawn_share(worried, total, force_share, params.prior_answers)[:, 2]
    tests = [total < params.min_answers, highest < force_share, worried > 0]
    status = np.select(tests, ["unknown", "normalised", "agreement"], "unknown")
    return areas.assign(concerns=worried, answers=total, concern_status=status)
