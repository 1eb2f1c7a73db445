"""The package has an outline of each territorial force of England and Wales."""

from importlib import resources
from pathlib import Path

import pytest
import shapely

from hotspots import crs
from hotspots.sources import incident_rows
from hotspots.sources.geography import boundaries, force_outlines
from hotspots.sources.police_uk import police_forces, street_files

INSIDE = {
    "avon-and-somerset": (-2.59, 51.45), "city-of-london": (-0.09, 51.513), "cleveland": (-1.235, 54.575),
    "devon-and-cornwall": (-5.05, 50.26), "gwent": (-2.99, 51.58), "hampshire": (-1.3, 50.7), "kent": (1.08, 51.28),
    "metropolitan": (-0.19, 51.5), "northumbria": (-1.61, 54.97), "wiltshire": (-1.785, 51.558),
}  # fmt: skip


def test_each_of_the_43_forces_has_a_valid_outline_and_no_other_has() -> None:
    with_outline = {slug for slug in police_forces.SLUGS if force_outlines.outline_of(slug) is not None}
    assert set(police_forces.SLUGS) - with_outline == {"btp", "northern-ireland"}
    assert force_outlines.outline_of("barset") is None


@pytest.mark.parametrize("slug", INSIDE)
def test_a_place_of_the_force_is_in_its_outline_alone(slug: str) -> None:
    place = shapely.Point(*crs.to_grid(*INSIDE[slug]))
    assert [other for other in INSIDE if shapely.contains(force_outlines.outline_of(other), place)] == [slug]


def test_the_city_of_london_is_the_city_and_not_the_capital() -> None:
    outline = force_outlines.outline_of("city-of-london")
    assert 2.5 < outline.area / 1e6 < 4 and outline.is_valid


def test_the_file_is_small_and_states_its_licence() -> None:
    text = (resources.files("hotspots.reference") / "force_outlines.geojson").read_text(encoding="utf-8")
    assert len(text) < 1_000_000 and "Contains OS data, Crown copyright; ONS; OGL v3.0" in text


@pytest.mark.real_data
@pytest.mark.parametrize("slug", ["wiltshire", "staffordshire", "west-mercia"])
def test_no_record_inside_the_exact_outline_is_outside(shared_data: Path, slug: str) -> None:
    exact = boundaries.outline_of(boundaries.read_places(shared_data / "boundaries/force_areas.geojson", slug), slug)
    raw = street_files.read_street(shared_data / f"police_uk/2025-09/2025-09-{slug}-street.csv")[0]
    points = incident_rows.to_frame(street_files.tidy_street(raw, slug)).geometry.dropna()
    own = points[points.within(exact)]
    assert len(own) > 2_000 and own.within(force_outlines.outline_of(slug)).all()
