"""The store as it stood on an earlier day, so that the flow's own steps can be run as of then."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from hotspots import period
from hotspots.data_health import monthly_checks
from hotspots.data_health.monthly_checks import HealthParams
from pipelines.storage.store import Store


@dataclass(frozen=True)
class StoreThen(Store):
    """What a store would have held on an earlier day: no row that was not on file, no earlier run; nothing is written.

    Places are those of the later day: which outline the force is judged by must not change between dates.
    """

    now: Store
    incidents: gpd.GeoDataFrame
    health_params: HealthParams

    @property
    def day_folder(self) -> Path:
        """Where the tables of the later day stand."""
        return self.now.day_folder

    def read_incidents(self, window: period.Window | None = None) -> gpd.GeoDataFrame:
        """The incidents on file on the day, of the months that touch the window, or all."""
        found = self.incidents
        if window is not None:
            found = found[found["month"].isin(window.touched)]
        return found.reset_index(drop=True)

    def read(self, name: str) -> pd.DataFrame:
        """A table of the later day, without answers that came after the earlier one."""
        table = self.now.read(name)
        if name == "concerns":
            return table[table["received_at"] < pd.Timestamp(self.as_of) + pd.Timedelta(days=1)].reset_index(drop=True)
        return table

    def read_facts(self, name: str) -> dict:
        """Plain data of the later day; which months look wrong at the source is judged by what was known then."""
        if name != "health":
            return self.now.read_facts(name)
        verdicts = monthly_checks.examine(monthly_checks.count_months(self.incidents), self.as_of, self.health_params)
        return {"left_out": monthly_checks.left_out(verdicts, self.health_params)}

    def earlier(self) -> list[Store]:
        """None: a list that is tried out has no lists before it."""
        return []
