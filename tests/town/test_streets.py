import numpy as np
import shapely

from hotspots import crs, tables
from hotspots.town import areas, streets


def test_the_beats_tile_the_outline(town):
    outline, *beats = town.places.geometry
    assert tables.check(town.places, tables.PLACES) is town.places
    assert len(beats) == 12
    assert shapely.union_all(beats).symmetric_difference(outline).area < 1
    assert abs(sum(beat.area for beat in beats) - outline.area) < 1
    assert shapely.coverage_is_valid(beats)


def test_the_outline_is_no_rectangle_and_lies_in_the_sea(town):
    outline = town.places.geometry.iloc[0]
    assert 0.5 < outline.area / outline.envelope.area < 0.9
    width, height = np.diff(np.reshape(outline.bounds, (2, 2)), axis=0)[0]
    assert 9000 < width < 10_000 and 7000 < height < 8000
    longitude, latitude = crs.to_degrees(outline.centroid.x, outline.centroid.y)
    assert -0.4 < longitude < -0.1 and 50.5 < latitude < 50.7  # the Channel, south of Shoreham


def test_three_teams_have_four_beats_each(town):
    beats = town.places[town.places["kind"] == "beat"]
    assert beats.groupby("team_name").size().to_dict() == dict.fromkeys(areas.TEAMS, 4)
    assert beats["place_code"].is_unique and beats["name"].is_unique


def test_every_street_point_lies_in_its_beat(town):
    beats = town.places.set_index("place_code").geometry
    here = shapely.points(town.points["easting"], town.points["northing"])
    assert shapely.intersects(beats.loc[town.points["beat_code"]].to_numpy(), here).all()
    assert set(town.points["team_name"]) == set(areas.TEAMS)


def test_there_are_some_thousand_points_closest_in_the_centre(town):
    points = town.points
    assert 3000 < len(points) < 5000
    assert not points.duplicated(["easting", "northing"]).any()
    here = shapely.points(points["easting"], points["northing"])
    near = shapely.STRtree(here).query(here, predicate="dwithin", distance=100)[0]
    neighbours = np.bincount(near)
    by_kind = points.assign(neighbours=neighbours).groupby("kind")["neighbours"].mean()
    assert by_kind.idxmax() == "centre"
    assert by_kind["centre"] > 1.5 * by_kind["houses"]


def test_every_incident_stands_on_a_street_point_with_its_street_beat_and_team(town):
    xy = town.incidents.get_coordinates().astype("int64")
    points = town.points.set_index(["easting", "northing"]).loc[list(zip(xy["x"], xy["y"], strict=True))]
    assert points["street"].tolist() == town.incidents["location_text"].tolist()
    assert points["beat_code"].tolist() == town.incidents["beat_code"].tolist()
    assert points["team_name"].tolist() == town.incidents["team_name"].tolist()


def test_street_names_stand_once(town):
    assert (town.points.groupby("street")["district"].nunique() == 1).all()
    assert "High Street" in set(town.points.loc[town.points["kind"] == "centre", "street"])


def test_postcodes_are_of_an_area_that_does_not_exist_one_for_about_fifteen_addresses(town):
    postcodes = town.postcodes
    assert postcodes["postcode"].is_unique and postcodes["postcode"].is_monotonic_increasing
    assert postcodes["postcode"].str.fullmatch(r"LH\d{1,2} \d[ABD-HJLNP-UW-Z]{2}").all()
    assert set(town.points["postcode"]) == set(postcodes["postcode"])
    assert 12 < town.points["addresses"].sum() / len(postcodes) < 18
    middles = postcodes.set_index("postcode").loc[town.points["postcode"]]
    away = np.hypot(middles["easting"].to_numpy() - town.points["easting"], middles["northing"].to_numpy()
                    - town.points["northing"])  # fmt: skip
    assert away.quantile(0.95) < 150


def test_other_seeds_lay_other_streets_in_the_same_places():
    one, two = (streets.draw_streets(np.random.default_rng(seed)) for seed in (1, 2))
    assert one["street"].tolist() != two["street"].tolist()
    middles = [points.groupby("district")[["easting", "northing"]].mean() for points in (one, two)]
    assert (middles[0] - middles[1]).abs().to_numpy().max() < 60
