import pytest

from hotspots.town import littleham


@pytest.fixture(scope="session")
def town():
    return littleham.build_town()


@pytest.fixture(scope="session")
def towns(town):
    return [town, *(littleham.build_town(littleham.TownParams(seed=seed)) for seed in (2, 3, 4))]
