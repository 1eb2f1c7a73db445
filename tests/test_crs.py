"""Degrees to metres and back, against pyproj's own EPSG:27700 and against what a map shows."""

import warnings

import geopandas as gpd
import hypothesis
import numpy as np
import pytest
import shapely
from hypothesis import strategies as st
from pyproj.transformer import Transformer, TransformerGroup

from hotspots import crs

LONGITUDES, LATITUDES = st.floats(-6.0, 1.7), st.floats(50.0, 58.5)


def without_grids() -> Transformer:
    """The best transformation that pyproj has where no grid is installed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Best transformation is not available")
        group = TransformerGroup("EPSG:4326", "EPSG:27700", always_xy=True, allow_ballpark=False)
    gridless = [one for one in group.transformers if "grid" not in one.definition]
    return min(gridless, key=lambda one: one.accuracy)


# inputs


@pytest.mark.parametrize(("longitude", "latitude"), [(np.nan, 51.0), (-1.8, np.nan), (np.inf, 51.0)])
def test_a_missing_or_impossible_coordinate_stays_missing(longitude: float, latitude: float) -> None:
    assert np.isnan(np.array(crs.to_grid([longitude], [latitude]))).all()


def test_missing_metres_stay_missing() -> None:
    assert np.isnan(np.array(crs.to_degrees([np.nan], [180_000.0]))).all()


# answers


def test_the_grid_is_pyprojs_own_without_grids_to_a_centimetre() -> None:
    random = np.random.default_rng(1)
    longitude, latitude = random.uniform(-5.5, 1.7, 2_000), random.uniform(50.0, 58.0, 2_000)
    theirs = without_grids().transform(longitude, latitude)
    ours = crs.to_grid(longitude, latitude)
    assert np.abs(np.array(ours) - np.array(theirs)).max() <= 0.01


@pytest.mark.parametrize(
    ("longitude", "latitude", "easting", "northing"),
    [(-2.0, 49.0, 400_000, -100_000), (-1.826, 51.1789, 412_240, 142_195)],
    ids=["the true origin, but for the datum", "Stonehenge"],
)
def test_known_places_are_where_the_map_has_them(
    longitude: float, latitude: float, easting: int, northing: int
) -> None:
    found = crs.to_grid(longitude, latitude)
    assert abs(float(found[0]) - easting) < 120
    assert abs(float(found[1]) - northing) < 120


def test_a_polygon_goes_to_metres_without_its_heights() -> None:
    polygon = shapely.Polygon([(-1.8, 51.5, 99), (-1.79, 51.5, 99), (-1.79, 51.51, 99)])
    metres = crs.geometries_to_grid(np.array([polygon]))[0]
    assert not shapely.has_z(metres)
    assert metres.area == pytest.approx(0.5 * 694 * 1_112, rel=0.02)
    assert shapely.equals_exact(crs.geometries_to_degrees(np.array([metres]))[0], shapely.force_2d(polygon), 2e-7)


# promises


@hypothesis.given(LONGITUDES, LATITUDES)
def test_there_and_back_is_the_same_place(longitude: float, latitude: float) -> None:
    back = crs.to_degrees(*crs.to_grid(longitude, latitude))
    assert float(back[0]) == pytest.approx(longitude, abs=3e-7)
    assert float(back[1]) == pytest.approx(latitude, abs=2e-7)


def test_a_place_is_the_same_number_alone_or_among_others() -> None:
    longitude, latitude = np.linspace(-3, 1, 50), np.linspace(51, 53, 50)
    together = np.array(crs.to_grid(longitude, latitude)).T
    alone = np.array([np.array(crs.to_grid(x, y)) for x, y in zip(longitude, latitude, strict=True)])
    assert (together == alone).all()
    assert (np.round(together, 2) == together).all()


def test_no_points_are_no_points() -> None:
    assert crs.to_grid([], [])[0].shape == (0,)
    assert len(crs.geometries_to_grid(gpd.GeoSeries([]).to_numpy())) == 0
