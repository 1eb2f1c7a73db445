import geopandas as gpd
import numpy as np
import shapely

from hotspots.containing_areas import first_containing_area


def test_the_first_of_two_overlapping_areas_is_taken_and_a_point_outside_has_none(squares) -> None:
    areas = squares((0, 0, 100), (50, 0, 100))
    points = shapely.points([[75, 50], [120, 50], [500, 50], [150, 100]])
    assert first_containing_area(points, areas).tolist() == [0, 1, -1, 1]
    assert first_containing_area(points, areas.iloc[::-1]).tolist() == [0, 0, -1, 0]


def test_missing_points_and_missing_areas_give_none(squares) -> None:
    points = np.array([None, shapely.Point(), shapely.Point(1, 1)])
    assert first_containing_area(points, squares((0, 0, 100))).tolist() == [-1, -1, 0]
    assert first_containing_area(points, squares()).tolist() == [-1, -1, -1]
    assert first_containing_area(np.array([], dtype=object), squares((0, 0, 100))).tolist() == []
    assert first_containing_area(points, gpd.GeoDataFrame(geometry=[None])).tolist() == [-1, -1, -1]
