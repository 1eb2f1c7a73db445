import geopandas as gpd
import made_up_report as examples
import numpy as np
import pandas as pd
import shapely

from hotspots import crs, tables
from hotspots.reporting.web_map import grid_counts


def answers(rows: list[tuple[str, str | None, float | None]], place: str | None = None) -> gpd.GeoDataFrame:
    """Concerns of issue, respondent and easting (or no point)."""
    frame = pd.DataFrame(
        {
            "concern_id": [f"c{n}" for n in range(len(rows))],
            "survey": "s",
            "channel": None,
            "received_at": pd.Timestamp("2025-06-01"),
            "issue": [issue for issue, _, _ in rows],
            "owner": "police",
            "respondent_id": [who for _, who, _ in rows],
            "location_precision": ["ward" if at is None else "point" for _, _, at in rows],
            "place_code": place,
        }
    )
    points = [None if at is None else shapely.Point(at, 184_100) for _, _, at in rows]
    shapes = gpd.GeoSeries(points, crs=crs.BNG).to_numpy()
    return tables.conform(gpd.GeoDataFrame(frame, geometry=shapes, crs=crs.BNG), tables.CONCERNS)


def test_a_resident_with_three_issues_counts_once() -> None:
    one = answers([("noise", "r1", 1.0), ("begging", "r1", 1.0), ("unsafe", "r1", 1.0)])
    assert grid_counts.count_residents(one) == 1


def test_without_respondent_ids_each_response_counts_once() -> None:
    rows = answers([("noise", None, 1.0), ("begging", None, 1.0), ("noise", None, 1.0), ("unsafe", "r1", 1.0)])
    rows["concern_id"] = ["s-A1-1", "s-A1-2", "s-A2-1", "s-A3-1"]
    assert grid_counts.count_residents(rows) == 3


def test_squares_and_places_with_fewer_than_three_responses_are_not_shown() -> None:
    places = examples.made_places()
    two = [("noise", "r1", 415_100.0), ("noise", "r2", 415_200.0)]
    assert grid_counts.count_concerns(answers(two), places) == []
    (shown,) = grid_counts.count_concerns(answers([*two, ("noise", "r3", 415_300.0)]), places)
    assert (shown.answers, shown.easting, shown.northing) == (3, 415_250.0, 184_250.0)
    assert shown.issues == (("Noise", 3),)


def test_responses_that_name_a_ward_count_there_and_unknown_places_are_left_out() -> None:
    places = examples.made_places()
    three = [("noise", f"r{n}", None) for n in range(3)]
    (shown,) = grid_counts.count_concerns(answers(three, "W1"), places)
    assert shown.name == "Somewhere in Littleham East"
    assert grid_counts.count_concerns(answers(three, "W999"), places) == []


def test_an_issue_named_fewer_than_three_times_is_not_named() -> None:
    rows = [("noise", f"r{n}", 415_100.0) for n in range(4)] + [("burglary", "r1", 415_100.0)]
    (shown,) = grid_counts.count_concerns(answers(rows), examples.made_places())
    assert shown.issues == (("Noise", 4),)


def test_incidents_are_shaded_by_square_and_only_the_force_s_own_count() -> None:
    incidents = examples.made_incidents(6)
    incidents["category"] = pd.Categorical(["asb"] * 6, incidents["category"].cat.categories)
    incidents.geometry = gpd.GeoSeries.from_xy([10, 20, 30, 40, 249, 260], [10] * 6, crs=crs.BNG).to_numpy()
    cells = grid_counts.incident_cells(incidents, "asb")
    assert cells.to_dict("list") == {"easting": [125.0, 375.0], "northing": [125.0, 125.0], "shade": [1, 0]}
    assert grid_counts.incident_cells(incidents.assign(is_own_force=False), "asb").empty
    assert grid_counts.incident_cells(incidents, "burglary").empty


def test_names_of_addresses_never_reach_the_map() -> None:
    incidents, areas = examples.made_incidents(500), examples.made_areas(5)
    assert not grid_counts.street_names(incidents, areas, around_m=5000).empty
    for precision in ("postcode", "address"):
        exact = incidents.assign(
            location_precision=pd.Categorical([precision] * 500, incidents["location_precision"].cat.categories)
        )
        assert grid_counts.street_names(exact, areas, around_m=5000).empty


def test_each_map_point_near_an_area_has_one_name() -> None:
    names = grid_counts.street_names(examples.made_incidents(3000), examples.made_areas(20), around_m=250)
    assert not names.duplicated(["easting", "northing"]).any()
    assert not names["name"].str.startswith("On or near").any()
    assert np.isfinite(names[["easting", "northing"]].to_numpy()).all()
