"""Evidence of a run: the incidents known on its day, their spots and exposure."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import sparse

from hotspots import categories, neighbour_graph, period
from hotspots.data_health import monthly_checks
from hotspots.targeting import at_risk, spots


@dataclass(frozen=True)
class Evidence:
    """Incidents known on the day of a run, with their spots and neighbours.

    Attributes
    ----------
    as_of
        Day of the run.
    window
        Evidence window: the months that hotspots and areas are counted in.
    incidents
        `tables.INCIDENTS` of the training months, without records that the police generate themselves.
    spots
        Distinct locations with `easting`, `northing` (metres), `at_risk` and a count for each family in the window.
    spot
        Spot of each incident.
    near
        Neighbour graph of the spots, metres.
    concerns
        `tables.CONCERNS`.
    outline
        The force, BNG metres.
    left_out
        Months excluded because they look wrong at the source, by family.
    recent_days
        Maximum age of a recent incident, days, by family.
    exposure_by
        `mix` or `records`, as `SignificanceParams.at_risk` has it.
    """

    as_of: date
    window: period.Window
    incidents: gpd.GeoDataFrame
    spots: pd.DataFrame
    spot: pd.Series
    near: sparse.csr_matrix
    concerns: gpd.GeoDataFrame
    outline: shapely.Geometry
    left_out: dict[str, list[str]]
    recent_days: dict[str, int]
    exposure_by: str = "mix"
    _exposure: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)
    _own: dict[str, gpd.GeoDataFrame] = field(default_factory=dict, repr=False, compare=False)

    def own_incidents(self, family: str) -> gpd.GeoDataFrame:
        """Return the force's own incidents of a family in the window, with `is_recent`; computed once."""
        if family not in self._own:
            own = period.within(categories.of_family(self.incidents, family), self.window)
            own = monthly_checks.without_months(own[own["is_own_force"]], family, self.left_out)
            since = pd.Timestamp(self.window.end) - timedelta(days=self.recent_days[family])
            self._own[family] = own.assign(is_recent=period.days_of(own)["starts"] >= since)
        return self._own[family]

    def exposure(self, family: str) -> NDArray[np.float64]:
        """Return what is at risk of the family at each spot; computed once."""
        if family not in self._exposure:
            counted = counted_incidents(self.incidents, self.window, self.left_out)
            types = spots.count_types(self.spot, counted, len(self.spots))
            is_by_records = self.exposure_by == "records" or family not in types
            self._exposure[family] = (
                self.spots["at_risk"].to_numpy()
                if is_by_records
                else at_risk.exposure_by_mix(types, types.columns.get_loc(family), self.near)
            )
        return self._exposure[family]

    def at(self, day: date) -> "Evidence":
        """Return today's data as it was about an earlier day, on the same spots and neighbour graph.

        Incidents before that day count even if they were recorded after it, so two days compare like with like.
        """
        ends = period.days_of(self.incidents)["ends"]
        incidents = self.incidents[ends <= pd.Timestamp(day) + pd.Timedelta(days=1)]
        window = period.evidence_window(day, self.window.length_months)
        places = self.spots[["easting", "northing"]]
        counted = spots.count_spots(places, self.spot, counted_incidents(incidents, window, self.left_out))
        return replace(self, as_of=day, window=window, incidents=incidents, spots=counted, _exposure={}, _own={})

    @property
    def has_data(self) -> bool:
        """Whether the window has any incident that counts."""
        return bool(self.spots["at_risk"].sum() > 0)

    def months_with_data(self, family: str) -> NDArray[np.bool_]:
        """Return which months of the window have any record of the force and are not left out for the family."""
        known = period.within(self.incidents, self.window)
        known = known[known["is_own_force"] & ~known["month"].isin(self.left_out[family])]
        months = period.month_of_window(known, self.window)
        return np.bincount(months.to_numpy(), minlength=max(self.window.length_months, 1)) > 0


def gather_evidence(
    incidents: gpd.GeoDataFrame, concerns: gpd.GeoDataFrame, outline: shapely.Geometry, as_of: date, *,
    window_months: int, graph_radius_m: float, left_out: dict[str, list[str]], recent_days: dict[str, int],
    exposure_by: str = "mix",
) -> Evidence:  # fmt: skip
    """Gather the evidence of a run from the incidents and concerns known on its day.

    Parameters
    ----------
    incidents
        `tables.INCIDENTS` known on the day; records that the police generate themselves are dropped.
    window_months
        Length of the evidence window.
    graph_radius_m
        Radius of the neighbour graph, the largest that any later step needs.
    concerns, outline, as_of, left_out, recent_days, exposure_by
        As in `Evidence`.
    """
    incidents = incidents[~incidents["is_police_generated"]].reset_index(drop=True)
    window = period.evidence_window(as_of, window_months)
    places, spot = spots.spots_of(incidents)
    counted = counted_incidents(incidents, window, left_out)
    return Evidence(
        as_of=as_of,
        window=window,
        incidents=incidents,
        spots=spots.count_spots(places, spot, counted),
        spot=spot,
        near=neighbour_graph.graph(places["easting"], places["northing"], graph_radius_m),
        concerns=concerns,
        outline=outline,
        left_out=left_out,
        recent_days=recent_days,
        exposure_by=exposure_by,
    )


def counted_incidents(
    incidents: gpd.GeoDataFrame, window: period.Window, left_out: dict[str, list[str]]
) -> gpd.GeoDataFrame:
    """Return the incidents of the window, without police-generated ones and months left out for the family."""
    counted = period.within(incidents, window)
    counted = counted[~counted["category"].isin(categories.POLICE_GENERATED)]
    return monthly_checks.without_left_out(counted, left_out)
