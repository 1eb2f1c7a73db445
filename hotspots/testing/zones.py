"""How much of what came in the week after fell in zones, had they been drawn every week, and what that is worth.

Zones stand where burglaries were, and streets that are burgled often are burgled again. So the share of the burglaries
that zones held is set beside their share of the ground, and beside the share that the same ground held of the year
before: only what exceeds the latter is due to the burglaries being recent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import shares

WEEKS = 12
_LEAST_CAME = 20  # fewer burglaries than this in all weeks say nothing


@dataclass(frozen=True, kw_only=True)
class Score:
    """What zones of past weeks held.

    Attributes
    ----------
    weeks
        How many.
    came, hits
        Burglaries of the weeks after, and those of them inside.
    ground_share
        Of the force's area, on average.
    before_share
        Of the burglaries of the year before, those of the zones' own days left out, that lay on the same ground.
    """

    weeks: int
    came: int
    hits: int
    ground_share: float
    before_share: float

    def in_words(self) -> str:
        """What to make of it, in a few sentences."""
        if self.came < _LEAST_CAME:
            return f"Too few burglaries came in the last {self.weeks} weeks to tell how good such zones are."
        low, high = (float(end) for end in shares.wilson(self.hits / self.came, self.came, 0.8))
        told = (
            f"Had zones been drawn at the end of each of the last {self.weeks} weeks, they would have held {self.hits} "
            f"of the {self.came} burglaries of the seven days after ({_percent(self.hits / self.came)}, 80 % interval "
            f"{_percent(low)} to {_percent(high)}) on {_percent(self.ground_share)} of the force's ground. The same "
            f"ground had held {_percent(self.before_share)} of the burglaries of the year before"
        )
        return f"{told}{_verdict(low, high, self.before_share)}"


def score_weeks(
    draw: Callable[[date], gpd.GeoDataFrame], burglaries: gpd.GeoDataFrame, as_of: date, outline: shapely.Geometry,
    own_days: int, weeks: int = WEEKS,
) -> Score:  # fmt: skip
    """What zones drawn seven days before each of the last weeks' ends would have held.

    Parameters
    ----------
    draw
        Zones as of a day.
    burglaries
        Known today, with `day`; BNG metres.
    as_of
        Last day that is counted.
    outline
        The force.
    own_days
        Days of burglaries that zones are drawn around.
    """
    found = []
    for week in range(weeks, 0, -1):
        then = as_of - timedelta(days=7 * week)
        ground = shapely.union_all(draw(then).geometry.to_numpy())
        came = _between(burglaries, then, then + timedelta(days=7))
        before = _between(burglaries, then - timedelta(days=365), then - timedelta(days=own_days))
        held = [int(shapely.intersects(ground, points).sum()) for points in (came, before)]
        found.append((len(came), held[0], ground.area / outline.area, held[1] / max(len(before), 1)))
    table = pd.DataFrame(found, columns=["came", "hits", "ground", "before"])
    came = int(table["came"].sum())
    return Score(
        weeks=weeks,
        came=came,
        hits=int(table["hits"].sum()),
        ground_share=float(table["ground"].mean()),
        before_share=float((table["before"] * table["came"]).sum() / max(came, 1)),
    )


def _between(burglaries: gpd.GeoDataFrame, after: date, until: date) -> shapely.Geometry:
    """Points of the burglaries of the days after one, up to and with the other."""
    is_in = (burglaries["day"] > pd.Timestamp(after)) & (burglaries["day"] <= pd.Timestamp(until))
    return burglaries.geometry[is_in].to_numpy()


def _verdict(low: float, high: float, before: float) -> str:
    """Whether that is more than streets that are burgled often explain."""
    if low > before:
        return ": burglary did come back there more than streets that are burgled often explain."
    if high < before:
        return ", which is more: recent burglaries told less than the year did."
    return ", so no gain over streets that are burgled often anyway has been shown."


def _percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"
