"""Harm of a burglary in days: the sentencing starting point for a first offender.

Weights are the medians by subgroup of the Cambridge Crime Harm Index 2026 (a secondary compilation, in
reference/cchi_2026_subgroup_medians.csv). ASB is not a notifiable offence, so it has no harm weight.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots import reference

VERSION = "CCHI 2026, subgroup medians"
# Residential share of burglary in England and Wales, 2024/25 (166,316 of 244,648), for records without a subcategory.
RESIDENTIAL_SHARE = 0.68


def weights() -> dict[str, float]:
    """Return the harm in days of each subcategory of burglary, and of burglary without a subcategory."""
    days = {row["prc_subgroup"]: float(row["median_days"]) for row in reference.rows("cchi_2026_subgroup_medians")}
    residential, other = days["Residential burglary"], days["Non-residential burglary"]
    return {
        "residential": residential,
        "residential_home": residential,
        "residential_unconnected": residential,
        "business_community": other,
        "burglary": RESIDENTIAL_SHARE * residential + (1 - RESIDENTIAL_SHARE) * other,
    }


def of_rows(rows: pa.Table) -> NDArray[Any]:
    """Return `harm_days` of incident rows in Arrow columns (`sources.incident_rows`)."""
    is_burglary = pc.equal(rows["category"].cast(pa.string()), "burglary").to_numpy(zero_copy_only=False)
    days = np.full(len(rows), np.nan)
    if "subcategory" not in rows.column_names:
        days[is_burglary] = weights()["burglary"]
        return days
    burglaries = rows.select(["category", "subcategory"]).filter(pa.array(is_burglary))
    text = {name: burglaries[name].cast(pa.string()).to_pandas() for name in burglaries.column_names}
    days[is_burglary] = harm_days(pd.DataFrame(text)).to_numpy()
    return days


def harm_days(incidents: pd.DataFrame) -> pd.Series:
    """Return the harm in days of each burglary, by its subcategory if known; missing for other incidents."""
    known = weights()
    subcategory = incidents["subcategory"] if "subcategory" in incidents else pd.Series(pd.NA, index=incidents.index)
    days = subcategory.map(known).astype("float64").fillna(known["burglary"])
    return days.where(incidents["category"].eq("burglary"), np.nan).rename("harm_days")
