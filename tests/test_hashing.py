"""Hashes of columns: stable, different for different texts, and numbered where they repeat."""

import numpy as np
import pyarrow as pa
import pytest

from hotspots import hashing

TEXTS = ["a", "Zoë", None, "", "a"]


# answers


def test_a_hash_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert [f"{value:016x}" for value in hashing.of_text(pa.array(["a", "Zoë"]))] == [
        "c1999a454057bfd1",
        "79750bfdd2c24d83",
    ]


def test_a_missing_or_empty_text_has_the_hash_0() -> None:
    assert (hashing.of_text(pa.array(TEXTS)) == 0).tolist() == [False, False, True, True, False]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_a_text_has_one_hash_whatever_the_type_of_its_column(kind: pa.DataType) -> None:
    column = pa.array(TEXTS).cast(kind) if pa.types.is_dictionary(kind) else pa.array(TEXTS, kind)
    assert hashing.of_text(column).tolist() == hashing.of_text(pa.array(TEXTS)).tolist()
    assert hashing.of_text(pa.chunked_array([column[:2], column[2:]])).tolist() == hashing.of_text(column).tolist()


def test_different_texts_and_numbers_have_different_hashes() -> None:
    texts = hashing.of_text(pa.array([f"asb-{number}" for number in range(100_000)]))
    numbers = hashing.of_numbers(np.arange(100_000) / 8)
    mixed = hashing.mix(texts, numbers)
    assert [len(np.unique(hashes)) for hashes in (texts, numbers, mixed)] == [100_000] * 3


def test_the_order_of_two_hashes_counts() -> None:
    one, other = hashing.of_numbers(np.array([1.0])), hashing.of_numbers(np.array([2.0]))
    assert hashing.mix(one, other) != hashing.mix(other, one)


def test_zero_has_one_hash_with_either_sign_and_so_have_missing_numbers() -> None:
    zero, minus_zero, missing, other_missing = hashing.of_numbers(np.array([0.0, -0.0, np.nan, -np.nan]))
    assert zero == minus_zero and missing == other_missing and zero != missing


def test_rows_of_one_hash_are_numbered_in_their_order() -> None:
    hashes = np.array([7, 5, 7, 7, 5], np.uint64)
    assert hashing.number_repeats(hashes).tolist() == [1, 1, 2, 3, 2]


def test_a_hash_is_written_with_sixteen_digits() -> None:
    assert hashing.in_hex(np.array([255, 2**64 - 1], np.uint64)).to_pylist() == ["00000000000000ff", "f" * 16]


# promises


def test_an_empty_column_has_no_hashes() -> None:
    assert len(hashing.of_text(pa.array([], pa.string()))) == len(hashing.of_numbers(np.array([]))) == 0
    assert hashing.number_repeats(np.array([], np.uint64)).tolist() == []
    assert hashing.in_hex(np.array([], np.uint64)).to_pylist() == []
