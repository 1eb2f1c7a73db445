"""Times with a zone are local wall time, in every form, in summer and winter."""

import pandas as pd
import pytest

from hotspots.sources.parsing import dates, time_zones


def read(*texts: str, formats: tuple[str, ...] = ()) -> list[pd.Timestamp]:
    return dates.read_times(pd.Series(texts, dtype="str"), formats)["time"].tolist()


@pytest.mark.parametrize(
    "text",
    ["2025-09-03T08:05:00Z", "2025-09-03T08:05Z", "20250903T080500Z", "2025-09-03 08:05:00+00:00",
     "2025-09-03T10:05:00.000+02", "2025-09-03T08:05:00.1234567Z", "03/09/2025 08:05 UTC", "03/09/2025 08:05:00 +0000",
     "03/09/2025 09:05 BST", "03/09/2025 08:05 GMT", "3 Sep 2025 09:05:00 GMT+0100", "03-Sep-2025 03:05 -05:00",
     "03.09.2025 08:05Z"],
)  # fmt: skip
def test_a_time_with_a_zone_becomes_local_wall_time(text: str) -> None:
    assert [time.floor("min") for time in read(text)] == [pd.Timestamp("2025-09-03 09:05")]


def test_winter_is_utc_and_days_change_with_the_zone() -> None:
    assert read("2025-01-03T08:05:00Z") == [pd.Timestamp("2025-01-03 08:05")]
    assert read("2025-06-30T23:30:00Z", "2026-01-01T00:30:00+01:00") == [
        pd.Timestamp("2025-07-01 00:30"),
        pd.Timestamp("2025-12-31 23:30"),
    ]


def test_zones_may_differ_within_a_column_and_words_are_no_zones() -> None:
    nine = pd.Timestamp("2025-09-03 09:05")
    assert (
        read("03/09/2025 09:05 BST", "03/09/2025 08:05 GMT", "03/09/2025 09:05 hrs", "03/09/2025 09:05 AM")
        == [nine] * 4
    )


def test_a_format_with_a_zone_is_understood() -> None:
    assert read("25.09.03 08:05 +0000", formats=("%y.%m.%d %H:%M %z",)) == [pd.Timestamp("2025-09-03 09:05")]


def test_the_end_of_a_date_is_no_zone() -> None:
    assert [time_zones.length_at_end(shape) for shape in ("99-99-9999", "99/99/9999 99:99", "99 AAA 9999-99")] == [
        0
    ] * 3
