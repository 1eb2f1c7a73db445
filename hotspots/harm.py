"""Harm of a burglary in days: the starting point of a sentence for a first offender.

Weights are the medians of the Cambridge Crime Harm Index 2026 by subgroup (secondary compilation; the table stands
in reference/cchi_2026_subgroup_medians.csv). ASB is no notifiable offence and has no harm weight: it stays missing.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hotspots import reference

VERSION = "CCHI 2026, subgroup medians"
# Share of residential burglary in England and Wales, 2024/25: 166,316 of 244,648. For records that do not say.
RESIDENTIAL_SHARE = 0.68


def weights() -> dict[str, float]:
    """Days of harm for each subcategory of burglary, and for burglary of an unknown kind."""
    days = {row["prc_subgroup"]: float(row["median_days"]) for row in reference.rows("cchi_2026_subgroup_medians")}
    residential, other = days["Residential burglary"], days["Non-residential burglary"]
    return {
        "residential": residential,
        "residential_home": residential,
        "residential_unconnected": residential,
        "business_community": other,
        "burglary": RESIDENTIAL_SHARE * residential + (1 - RESIDENTIAL_SHARE) * other,
    }


def of_rows(rows: pa.Table) -> NDArray:
    """`harm_days` of incident rows in Arrow columns (`sources.rows`)."""
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
    """Days of harm of each burglary, by its subcategory where one is known; missing for anything else."""
    known = weights()
    subcategory = incidents["subcategory"] if "subcategory" in incidents else pd.Series(pd.NA, index=incidents.index)
    days = subcategory.map(known).astype("float64").fillna(known["burglary"])
    return days.where(incidents["category"].eq("burglary"), np.nan).rename("harm_days")
