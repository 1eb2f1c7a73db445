"""The store as of a past date, with which a backtest runs the steps of the weekly flow."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import period
from hotspots.data_health import monthly_checks
from hotspots.data_health.health_params import HealthParams
from pipelines.storage.store import Store


@dataclass(frozen=True)
class PastStore(Store):
    """The store as of a past date: incidents recorded by then, and no earlier run; it is not written to.

    Places are those of the later day, because all dates must use the same outline of the force.

    Attributes
    ----------
    later
        Store of the later day.
    incidents
        Incidents recorded by the past date.
    health_params
        Parameters of the health check.
    """

    later: Store
    incidents: gpd.GeoDataFrame
    health_params: HealthParams

    @property
    def day_folder(self) -> Path:
        """Return the folder of the later day's tables."""
        return self.later.day_folder

    def read_incidents(self, window: period.Window | None = None) -> gpd.GeoDataFrame:
        """Return the incidents of the months that touch the window, or all."""
        found = self.incidents
        if window is not None:
            found = found[found["month"].isin(window.touched)]
        return found.reset_index(drop=True)

    def read(self, name: str) -> pd.DataFrame:
        """Read a table of the later day, without survey answers received after the past date."""
        table = self.later.read(name)
        if name == "concerns":
            return table[table["received_at"] < pd.Timestamp(self.as_of) + pd.Timedelta(days=1)].reset_index(drop=True)
        return table

    def read_facts(self, name: str) -> dict[str, Any]:
        """Read plain data of the later day; months are checked by what was known on the past date."""
        if name != "health":
            return self.later.read_facts(name)
        counts = monthly_checks.count_months(self.incidents)
        verdicts = monthly_checks.examine_months(counts, self.as_of, self.health_params)
        return {"left_out": monthly_checks.months_left_out(verdicts, self.health_params)}

    def earlier(self) -> list[Store]:
        """Return no earlier runs, because a list as of a past date has none."""
        return []
