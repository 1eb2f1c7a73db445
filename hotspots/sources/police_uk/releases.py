"""Compare two releases of the same month: what the newer one changed."""

import numpy as np
import pandas as pd
import pyarrow as pa


def compare(old: pa.Table, new: pa.Table) -> str:
    """Describe the differences between two releases of a month, given as incident rows; empty if there are none.

    Rows are matched by reference; of a duplicate reference the first row counts. ASB has no references, so only the
    number of its rows can be compared.
    """
    before, after = _by_reference(old), _by_reference(new)
    both = before.add_suffix("_old").join(after.add_suffix("_new"), how="inner")
    distance_m = np.hypot(both["easting_old"] - both["easting_new"], both["northing_old"] - both["northing_new"])
    moved = int(
        ((distance_m > 1.0) | (distance_m.isna() & (both["easting_old"].isna() != both["easting_new"].isna()))).sum()
    )
    outcome = int((both["outcome_old"].fillna("") != both["outcome_new"].fillna("")).sum())
    retyped = int((both["category_old"] != both["category_new"]).sum())
    added, removed = after.index.difference(before.index), before.index.difference(after.index)
    changes = [len(new) - len(old), len(added), len(removed), moved, retyped, outcome, _asb(new) - _asb(old)]
    if not any(changes):
        return ""
    parts = [
        f"rows: {len(new):,} (before: {len(old):,})",
        f"references added: {len(added):,}, removed: {len(removed):,}",
        f"changed locations: {moved:,}, types: {retyped:,}, outcomes: {outcome:,}",
        f"ASB rows: {_asb(new):,} (before: {_asb(old):,})",
    ]
    return "; ".join(parts)


def _by_reference(rows: pa.Table) -> pd.DataFrame:
    """Return location, type and outcome of each reference."""
    names = ["easting", "northing", "category", "outcome"]
    frame = pd.DataFrame(
        {name: rows[name].cast(pa.string() if name in names[2:] else pa.float64()).to_pandas() for name in names}
    )
    frame = frame.set_index(rows["fingerprint"].to_numpy())
    return frame[(frame.index != 0) & ~frame.index.duplicated()]


def _asb(rows: pa.Table) -> int:
    return int(rows["category"].cast(pa.string()).to_pylist().count("asb"))
