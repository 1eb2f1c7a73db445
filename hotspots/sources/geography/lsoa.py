"""Census areas of 2011 brought to those of 2021."""

from pathlib import Path

import pandas as pd

from hotspots.sources.file_formats import csv_files

KIND = "a look-up of LSOAs of 2011 and 2021"
NEEDED = ("LSOA11CD", "LSOA21CD", "CHGIND")


def read_successors(path: Path) -> pd.DataFrame:
    """`old` codes of 2011 that are gone, each with its `new` one of 2021, several where it was split."""
    csv_files.require_columns(path, csv_files.read_header(path), NEEDED, KIND)
    frame, _ = csv_files.read_text(path, NEEDED)
    gone = frame[~frame["LSOA11CD"].isin(set(frame["LSOA21CD"]))]
    return gone.rename(columns={"LSOA11CD": "old", "LSOA21CD": "new"})[["old", "new"]].drop_duplicates()


def read_lookup(path: Path) -> dict[str, str | None]:
    """LSOA of 2021 for each of 2011 that is gone; None where it was split, since a code cannot tell which part.

    Codes that both censuses have stay as they are and are left out.

    Raises
    ------
    SourceError
        A needed column is missing, or the file cannot be read.
    """
    parts = read_successors(path).groupby("old")["new"].agg(list)
    return {old: new[0] if len(new) == 1 else None for old, new in parts.items()}
