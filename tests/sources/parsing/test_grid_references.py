"""Grid references of Ordnance Survey as metres, with the side of their square."""

import numpy as np
import pandas as pd
import pytest

from hotspots.sources.parsing import grid_references


def read(*texts: str | None) -> list[tuple[float, float, float]]:
    return [tuple(row) for row in np.column_stack(grid_references.read(pd.Series(texts, dtype="str"))).tolist()]


# Places whose references and National Grid coordinates Ordnance Survey and its readers publish.
@pytest.mark.parametrize(
    ("text", "easting", "northing", "size"),
    [
        ("SU 145 845", 414_550, 184_550, 100),
        ("SU145845", 414_550, 184_550, 100),
        ("su 1450 8450", 414_505, 184_505, 10),
        ("SU 14500 84500", 414_500.5, 184_500.5, 1),
        ("TQ 30 80", 530_500, 180_500, 1_000),
        ("NN 166 712", 216_650, 771_250, 100),
        ("SV 9 1", np.nan, np.nan, np.nan),
        ("HU 39 59", 439_500, 1_159_500, 1_000),
        ("TG 51409 13177", 651_409.5, 313_177.5, 1),
    ],
)
def test_a_reference_is_the_centre_of_its_square(text: str, easting: float, northing: float, size: float) -> None:
    assert read(text) == [pytest.approx((easting, northing, size), nan_ok=True)]


@pytest.mark.parametrize(
    "text", ["SU 145 84", "SU", "SI 145 845", "AA 145 845", "414550", "SN1 4AB", "", "SU 123456 123456"]
)
def test_other_texts_are_no_reference(text: str) -> None:
    assert np.isnan(read(text)).all()
    assert not grid_references.is_reference(pd.Series([text])).any()


def test_missing_cells_stay_missing_and_the_index_does_not_matter() -> None:
    found = grid_references.read(pd.Series([None, "SU 145 845"], index=[7, 3], dtype="str"))
    assert [column.tolist()[1] for column in found] == [414_550, 184_550, 100]
    assert all(np.isnan(column[0]) for column in found)
    assert all(len(column) == 0 for column in grid_references.read(pd.Series([], dtype="str")))
