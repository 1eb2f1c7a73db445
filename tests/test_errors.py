"""Errors: one family, so that the command line can turn each into its exit status."""

import pytest

from hotspots.errors import HotspotsError, ParameterError, SchemaError, SourceError


@pytest.mark.parametrize("kind", [ParameterError, SchemaError, SourceError])
def test_every_error_of_ours_is_a_value_error_with_its_sentence(kind: type[HotspotsError]) -> None:
    with pytest.raises(HotspotsError, match="41 of 3,020 rows") as raised:
        raise kind("41 of 3,020 rows have no date.")
    assert isinstance(raised.value, ValueError)
