"""Names that repeat in several towns get the town, others stay as they are."""

import geopandas as gpd
import shapely

from hotspots import crs
from hotspots.reporting import place_names

TOWNS = {"Trowbridge": 0, "Calne": 10_000}


def named(*places: tuple[str, float]) -> gpd.GeoDataFrame:
    shapes = [shapely.Point(x, 0).buffer(50) for _, x in places]
    return gpd.GeoDataFrame({"main_location": [name for name, _ in places]}, geometry=shapes, crs=crs.BNG)


def areas(kind: str = "parish") -> gpd.GeoDataFrame:
    shapes = [shapely.Point(x, 0).buffer(3000) for x in TOWNS.values()]
    table = {"kind": kind, "place_code": ["p1", "p2"], "name": list(TOWNS)}
    return gpd.GeoDataFrame(table, geometry=shapes, crs=crs.BNG)


def test_the_same_name_in_two_towns_gets_the_town_also_across_both_tables() -> None:
    own, others = named(("Station Road", 0), ("Mill Lane", 0)), named(("Station Road", 10_000))
    assert place_names.distinguish_names(own, others, areas()).tolist() == ["Station Road, Trowbridge", "Mill Lane"]
    assert place_names.distinguish_names(others, own, areas()).tolist() == ["Station Road, Calne"]


def test_the_same_name_in_one_town_or_where_no_town_is_known_stays() -> None:
    own, others = named(("Station Road", 0)), named(("Station Road", 500))
    assert place_names.distinguish_names(own, others, areas()).tolist() == ["Station Road"]
    far = named(("Station Road", 90_000))
    assert place_names.distinguish_names(own, far, areas()).tolist() == ["Station Road"]
    assert place_names.distinguish_names(own, far, areas().iloc[:0]).tolist() == ["Station Road"]


def test_a_ward_is_called_a_ward() -> None:
    own, others = named(("Station Road", 0)), named(("Station Road", 10_000))
    assert place_names.distinguish_names(own, others, areas("ward")).tolist() == ["Station Road, Trowbridge ward"]


def test_no_places_give_no_names() -> None:
    assert place_names.distinguish_names(named(), named(), areas()).empty
