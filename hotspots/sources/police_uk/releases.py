"""Two releases of the same month: what the newer one changed."""

import numpy as np
import pandas as pd
import pyarrow as pa


def compare(old: pa.Table, new: pa.Table) -> str:
    """What differs between two releases of a force's month, in words; incident rows as `sources.rows` has them.

    Rows with a reference are matched by it; the first row of a repeated one stands for all. ASB has no reference,
    so of ASB only the number can be compared.
    """
    before, after = _by_reference(old), _by_reference(new)
    both = before.add_suffix("_old").join(after.add_suffix("_new"), how="inner")
    gap = np.hypot(both["easting_old"] - both["easting_new"], both["northing_old"] - both["northing_new"])
    moved = int(((gap > 1.0) | (gap.isna() & (both["easting_old"].isna() != both["easting_new"].isna()))).sum())
    outcome = int((both["outcome_old"].fillna("") != both["outcome_new"].fillna("")).sum())
    retyped = int((both["category_old"] != both["category_new"]).sum())
    added, gone = after.index.difference(before.index), before.index.difference(after.index)
    parts = [
        f"{len(new):,} rows instead of {len(old):,}",
        f"{len(added):,} references new and {len(gone):,} gone",
        f"{moved:,} places, {retyped:,} types and {outcome:,} outcomes revised",
        f"{_asb(new):,} ASB rows instead of {_asb(old):,}",
    ]
    return "; ".join(parts)


def _by_reference(rows: pa.Table) -> pd.DataFrame:
    """Place, type and outcome of each reference."""
    names = ["easting", "northing", "category", "outcome"]
    frame = pd.DataFrame(
        {name: rows[name].cast(pa.string() if name in names[2:] else pa.float64()).to_pandas() for name in names}
    )
    frame = frame.set_index(rows["fingerprint"].to_numpy())
    return frame[(frame.index != 0) & ~frame.index.duplicated()]


def _asb(rows: pa.Table) -> int:
    return rows["category"].cast(pa.string()).to_pylist().count("asb")
