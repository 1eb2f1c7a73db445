"""What residents worry about, beside the record: never added to it.

Answers to a survey are not a sample of the residents: who answers chooses to. So counts of worries are set beside
counts of incidents, with how many answers there are, and nothing is said below `min_answers`.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories
from hotspots.errors import ParameterError


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
        Answers of the whole force that weigh as much as those nearby.
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

    `concerns` counts the answers near an area that name its family, `answers` all answers near it; each answer
    counts once. Only answers placed by point or postcode unit are near anything. An area of the list has many
    records by its nature: `agreement` where its share of worried answers, drawn towards the force's, is at least
    the force's, `normalised` where it is lower or nobody is worried, `unknown` below `min_answers`.

    Parameters
    ----------
    areas
        Outlines, BNG metres, with `family`.
    concerns
        `tables.CONCERNS`.
    """
    answers = _answers(concerns)
    placed = answers[answers.geometry.notna()]
    area, answer = placed.sindex.query(areas.geometry, predicate="dwithin", distance=params.concern_radius_m)
    positions = pd.RangeIndex(len(areas))
    near = pd.DataFrame({"area": area, "answer": answer})
    total = near["area"].value_counts().reindex(positions, fill_value=0)
    family = areas["family"].astype("str").to_numpy()
    worried = np.zeros(len(areas), dtype=np.int64)
    force_share = np.zeros(len(areas))
    for name in categories.FAMILIES:
        about = near[placed[f"is_{name}"].to_numpy()[near["answer"]]]
        counts = about["area"].value_counts().reindex(positions, fill_value=0).to_numpy()
        worried = np.where(family == name, counts, worried)
        force_share = np.where(family == name, answers[f"is_{name}"].mean() if len(answers) else 0.0, force_share)
    share = (worried + params.prior_answers * force_share) / np.maximum(total.to_numpy() + params.prior_answers, 1e-9)
    is_agreed = (worried > 0) & (share >= force_share - 1e-12)
    status = np.where(is_agreed, "agreement", "normalised")
    status = np.where(total.to_numpy() < params.min_answers, "unknown", status)
    return areas.assign(concerns=worried, answers=total.to_numpy(dtype=np.int64), concern_status=status)


def _answers(concerns: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row an answer: its place, and whether it names each family."""
    answer = concerns["concern_id"].str.rsplit("-", n=1).str[0].to_numpy()
    about = {
        f"is_{name}": categories.is_about(concerns["issue"], name).groupby(answer).any() for name in categories.FAMILIES
    }
    first = concerns.assign(answer=answer).drop_duplicates("answer").set_index("answer")[["geometry"]].sort_index()
    return first.assign(**about)
