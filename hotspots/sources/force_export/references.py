"""References of an export that a spreadsheet has changed: two of them that look equal need not have been equal.

Excel turns a long number into 5.43E+09, a number in a narrow column into ########, a lost formula into #REF!, and a
reference such as 3/25 into a date. The row is still an incident, so it is kept with an id made from its content.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hotspots import hashing

# Cells with an Excel error, or from a column that was too narrow.
ERROR_CELLS = r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|#+)"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CHANGED = (
    rf"^\s*(?:{ERROR_CELLS}|-?\d[.,]\d+E[+-]?\d{{1,3}}|-?\dE[+-]\d{{2,3}}|\d{{1,2}}-{_MONTH}(?:-\d{{2,4}})?|{_MONTH}-\d{{2}}"
    r"|\d{4}-\d{2}-\d{2}[ T]00:00(?::00)?)\s*$"
)
# Columns that make up the content of a row.
_CONTENT = ("category", "subcategory", "committed_from", "committed_to", "recorded_at", "location_text")


def is_changed(references: pd.Series) -> pd.Series:
    """Return whether each reference is what a spreadsheet made of another.

    Examples
    --------
    >>> is_changed(pd.Series(["5.43E+09", "5.43E9", "1.23457E+14", "########", "#REF!", "Mar-25"])).all()
    np.True_
    >>> is_changed(pd.Series(["54E123456", "43250012345", "3E9", "C/12", None])).any()
    np.False_
    """
    found = pc.match_substring_regex(pa.array(references, from_pandas=True), _CHANGED, ignore_case=True)
    return pd.Series(pc.fill_null(found, False).to_numpy(zero_copy_only=False), index=references.index)


def made_ids(incidents: pd.DataFrame) -> pd.Series:
    """Return an id for each row from its content, with a number among rows of the same content.

    The rows have `easting` and `northing` beside the columns of incidents.
    The ids do not depend on the order of rows, and the same row of another export gets the same id.
    """
    xy = (incidents[name].to_numpy(dtype=float) for name in ("easting", "northing"))
    content = hashing.mix(*map(hashing.of_numbers, xy))
    for name in _CONTENT:
        content = hashing.mix(content, pd.util.hash_array(incidents[name].astype("str").fillna("").to_numpy(object)))
    number = pd.Series(hashing.number_repeats(content), index=incidents.index).astype("str")
    made = pd.Series(hashing.in_hex(content).to_pandas().to_numpy(), index=incidents.index)
    return (incidents["category"].astype("str") + "-" + made + "-" + number).astype("str")
