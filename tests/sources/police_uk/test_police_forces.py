"""Every force goes by its right name and slug."""

import pytest

from hotspots.sources.police_uk import police_forces


def test_there_are_the_43_territorial_forces_and_two_more() -> None:
    assert len(police_forces.SLUGS) == len(set(police_forces.SLUGS)) == 45
    assert {"btp", "northern-ireland", "city-of-london", "metropolitan"} < set(police_forces.SLUGS)
    assert [slug for slug in police_forces.SLUGS if not police_forces.has_territory(slug)] == ["btp"]


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("avon-and-somerset", "Avon and Somerset Constabulary"),
        ("city-of-london", "City of London Police"),
        ("devon-and-cornwall", "Devon and Cornwall Police"),
        ("dyfed-powys", "Dyfed-Powys Police"),
        ("hampshire", "Hampshire and Isle of Wight Constabulary"),
        ("metropolitan", "Metropolitan Police Service"),
        ("northern-ireland", "Police Service of Northern Ireland"),
        ("btp", "British Transport Police"),
        ("barset", "Barset"),
    ],
)
def test_a_slug_has_its_name(slug: str, name: str) -> None:
    assert police_forces.name_of(slug) == name
    assert police_forces.slug_of(name) == slug


@pytest.mark.parametrize("slug", police_forces.SLUGS)
def test_slug_and_name_lead_to_the_same_force(slug: str) -> None:
    assert police_forces.slug_of(police_forces.name_of(slug)) == slug == police_forces.slug_of(slug)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Hampshire Constabulary", "hampshire"),
        ("Devon & Cornwall Police", "devon-and-cornwall"),
        ("London, City of", "city-of-london"),
        ("Metropolitan Police", "metropolitan"),
        ("PSNI", "northern-ireland"),
        ("West Barset Police", "west-barset"),
    ],
)
def test_other_spellings_lead_to_the_force(name: str, slug: str) -> None:
    assert police_forces.slug_of(name) == slug
