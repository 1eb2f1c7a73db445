"""One TOML file a force: every fault named, defaults kept where a file says nothing."""

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest

from hotspots.errors import ParameterError
from pipelines import settings as force_settings
from pipelines.settings import Settings

FORCE = '[force]\nslug = "barset"\nname = "Barset"\n'


def parse(text: str) -> Settings:
    return force_settings.from_toml(text, "barset.toml")


# inputs


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[force]\nslgu = 'barset'\nname = 'B'\n",
            r"barset.toml: 'force.slgu' is not a setting; did you mean 'slug'\?",
        ),
        (FORCE + "[asb.clusters]\nradius = 9\n", r"'asb.clusters.radius' is not a setting; did you mean 'radius_m'\?"),
        (FORCE + "[zebra]\n", r"'zebra' is not a setting\."),
        (FORCE + "[asb.clusters]\nradius_m = '150'\n", "'asb.clusters.radius_m' is '150', expected a number"),
        (
            FORCE + "[asb.clusters]\nmin_incidents = 7.5\n",
            "'asb.clusters.min_incidents' is 7.5, expected a whole number",
        ),
        (FORCE + "[period]\nwindow_months = true\n", "'period.window_months' is True, expected a whole number"),
        (FORCE + "[patrol_areas]\ntop_k = 'ten'\n", "'patrol_areas.top_k' is 'ten', expected a whole number"),
        (FORCE + "asb = 3\n", "'force.asb' is not a setting"),
        ("asb = 3\n" + FORCE, "'asb' is 3, expected a section"),
        ('[force]\nname = "Barset"\n', "'force.slug' is missing"),
        ('[force]\nslug = "barset"\n', "'force.name' is missing"),
        ("", "'force' is missing"),
        ('[force]\nslug = "Barset Police"\nname = "B"\n', "force.slug is 'Barset Police', expected only lower-case"),
        ('[force]\nslug = "b"\nname = 3\n', "'force.name' is 3, expected text"),
        ('[force]\nslug = "b"\nname = "b"\nneighbours = "c"\n', "'force.neighbours' is 'c', expected a list"),
        ('[force]\nslug = "b"\nname = "b"\nneighbours = [1]\n', r"'force.neighbours\[1\]' is 1, expected text"),
        ('[force]\nslug = "b"\nname = "b"\nmax_set_aside_share = 2\n', "must be from 0 to 1, got 2"),
        (
            FORCE + "[[teams]]\nname = 'A'\nis_checked = 'no'\n",
            r"'teams\[1\].is_checked' is 'no', expected true or false",
        ),
        (FORCE + "[survey.columns]\nsurname = 'Surname'\n", "survey.columns: 'surname' is not a field"),
        (FORCE + "[asb.clusters]\nradius_m = 0\n", "radius_m must be greater than 0"),
        (FORCE + "[period]\nwindow_months = 0\n", "must both be at least 1"),
        ("force = [", "barset.toml: the settings file is not valid TOML"),
    ],
)
def test_a_wrong_settings_file_is_told_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        parse(text)


def test_a_settings_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"nobody\.toml: the settings file cannot be opened"):
        force_settings.read_settings(str(tmp_path / "nobody.toml"))
    (tmp_path / "latin.toml").write_bytes("# Crêpe\n".encode("latin-1"))
    with pytest.raises(ParameterError, match=r"latin\.toml: the settings file is not UTF-8 text"):
        force_settings.read_settings(str(tmp_path / "latin.toml"))


# answers


@pytest.mark.parametrize("force", [None, *force_settings.named_forces()])
def test_every_settings_file_that_comes_with_the_package_can_be_read(force: str | None) -> None:
    settings, is_known = force_settings.read_settings(force)
    assert is_known
    assert settings.force.slug == (force or "littleham")
    assert settings.force.name and settings.force.slug not in settings.force.neighbours


def test_the_forces_that_the_project_names_have_settings() -> None:
    assert {"littleham", "wiltshire", "hampshire", "staffordshire", "west-mercia"} <= set(force_settings.named_forces())


def test_the_template_once_filled_has_the_defaults() -> None:
    text = force_settings.TEMPLATE.read_text(encoding="utf-8")
    assert parse(text.replace("{slug}", "barset").replace("{name}", "Barset")) == parse(FORCE)


def test_every_line_that_the_template_has_switched_off_is_a_setting_that_works() -> None:
    text = force_settings.TEMPLATE.read_text(encoding="utf-8").replace("{slug}", "barset").replace("{name}", "Barset")
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    settings = parse("\n".join(line for line in lines if re.match(r"""\[|("[^"]+"|\w+) = """, line)))
    defaults = parse(FORCE)
    assert settings.survey.columns and settings.force_export.columns and settings.patrol_log.columns and settings.teams
    for section in ("period", "asb", "burglary", "patrol_areas", "concerns"):
        assert getattr(settings, section) == getattr(defaults, section)
    assert settings.force == defaults.force


def test_one_family_can_be_changed_and_keeps_its_other_defaults() -> None:
    changed, plain = parse(FORCE + "[burglary.clusters]\nmin_incidents = 5\n"), parse(FORCE)
    assert changed.burglary.clusters == dataclasses.replace(plain.burglary.clusters, min_incidents=5)
    assert changed.burglary.forecast == plain.burglary.forecast
    assert changed.asb == plain.asb
    assert plain.asb.clusters != plain.burglary.clusters
    assert changed.of_family("burglary") is changed.burglary


def test_a_whole_number_may_stand_for_a_measure() -> None:
    radius = parse(FORCE + "[asb.clusters]\nradius_m = 120\n").asb.clusters.radius_m
    assert radius == 120 and isinstance(radius, float)


def test_a_slug_without_a_file_runs_on_the_defaults() -> None:
    settings, is_known = force_settings.read_settings("avon-and-somerset")
    assert not is_known
    assert settings.force.name == "Avon and Somerset Constabulary"
    assert settings == dataclasses.replace(parse(FORCE), force=settings.force)


def test_a_team_holds_from_its_first_day_up_to_its_last() -> None:
    text = (
        FORCE + '[[teams]]\nname = "Old"\nvalid_to = "2025-04-01"\n[[teams]]\nname = "New"\nvalid_from = "2025-04-01"\n'
    )
    on = {day: [team.name for team in parse(text).teams_on(day)] for day in (date(2025, 3, 31), date(2025, 4, 1))}
    assert on == {date(2025, 3, 31): ["Old"], date(2025, 4, 1): ["New"]}


def test_the_manifest_holds_every_section() -> None:
    facts = force_settings.as_dict(parse(FORCE))
    assert set(facts) == {field.name for field in dataclasses.fields(Settings)}
    assert facts["force"]["slug"] == "barset"
