"""Every setting takes hostile values without a traceback: either they are in its range, or a sentence names it."""

import dataclasses
import json
import math
import typing
from collections.abc import Iterator

import pytest

from hotspots.errors import ParameterError
from pipelines import setting_limits
from pipelines import settings as force_settings
from pipelines.settings import Settings

FORCE = {"slug": '"barset"', "name": '"Barset"'}
NUMBERS = ("nan", "inf", "-inf", "-1", "-0.5", "1e22", "1e308", "10000000000000000000000", "-9223372036854775809",
           "1000000000", "9" * 5_000)  # fmt: skip
TEXTS = (
    '"banana"', '""', '"../x"', '"a/b"', r'"a\u0000b"', r'"a\nb"', '"%q"', '"%d%d"', '"%"', '"utf-banana"', '"rot13"',
    json.dumps("x" * 5_000), '"2025-13"', '"2025-02-30"',
)  # fmt: skip
OTHERS = ("true", "1979-05-27", "07:32:00", "[]", "{}", "[[[]]]", "[" * 5_000 + "]" * 5_000, "[1, 'a']", '{a = "b"}')
HOSTILE = (*NUMBERS, *TEXTS, *OTHERS)


def paths(kind: type = Settings, where: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The sections and name of every setting."""
    hints = typing.get_type_hints(kind)
    for entry in dataclasses.fields(kind):
        inner = typing.get_args(hints[entry.name])
        section = next((one for one in (hints[entry.name], *inner) if dataclasses.is_dataclass(one)), None)
        if section:
            yield from paths(section, (*where, entry.name))
        yield (*where, entry.name)


def toml_of(path: tuple[str, ...], value: str) -> str:
    """A settings file with one value of its own."""
    *sections, name = path
    lines = {"force": dict(FORCE)} if path != ("force",) else {}
    section = ".".join(sections)
    if not section:
        head = f"{name} = {value}\n"
        return head + "".join(f"[{key}]\n" + _lines(values) for key, values in lines.items() if key != name)
    lines.setdefault(section, {})
    if section == "teams":
        lines[section] = {"name": '"North"'}
    if section == "councils":
        lines[section] = {"district": '"Barset"', "name": '"Barset"'}
    lines[section][name] = value
    heads = {key: f"[[{key}]]" if key in ("teams", "councils") else f"[{key}]" for key in lines}
    return "".join(f"{heads[key]}\n{_lines(values)}" for key, values in lines.items())


def _lines(values: dict[str, str]) -> str:
    return "".join(f"{name} = {value}\n" for name, value in values.items())


def numbers(section: object) -> list[float]:
    return [value for _, value in setting_limits._numbers(section, "")]


@pytest.mark.parametrize("path", list(paths()), ids=".".join)
def test_a_setting_takes_any_value_or_says_why_not(path: tuple[str, ...]) -> None:
    for value in HOSTILE:
        try:
            settings = force_settings.from_toml(toml_of(path, value), "barset.toml")
        except ParameterError as error:
            assert str(error).startswith("barset.toml: ") and str(error).endswith("."), value
            assert len(str(error)) < 700 and "\n" not in str(error) and "\0" not in str(error), (value[:50], str(error))
        else:
            assert all(math.isfinite(number) and 0 <= number < 2**32 for number in numbers(settings)), value


@pytest.mark.parametrize(
    ("section", "text", "says"),
    [
        ("asb.clusters", "radius_m = nan", "'asb.clusters.radius_m' is nan, expected a number of a usual size"),
        ("significance", "seed = -1", r"significance\.seed must be from 0 to 4,294,967,295, got -1"),
        ("significance", "draws = 10000000000000000000000", "'significance.draws' is 1000.*, expected a whole number"),
        ("significance", "draws = 1000000", r"significance\.draws must be from 0 to 100,000, got 1e\+06"),
        ("period", "training_months = 100000000", r"period\.training_months must be from 0 to 600"),
        ("survey", "encoding = 'rot13'", r"survey\.encoding is 'rot13', expected an encoding: utf-8, cp1252 or utf-16"),
        ("force_export", "date_format = 'banana'", r"force_export\.date_format is 'banana', expected a format with"),
        ("patrol_log", "date_format = '%d/%m %H:%M'", r"patrol_log\.date_format is .*, expected a format with a day"),
        ("health", "reviewed_months = ['2025-13']", r"health\.reviewed_months has '2025-13', expected months like"),
        ("[teams]", "name = 'A'\nvalid_from = 'banana'", "teams: valid_from of 'A' is 'banana', expected a day like"),
        ("[councils]", "district = 'A'\nname = 'B'\nvalid_to = '2025'", "councils: valid_to of 'A' is '2025', "),
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_named_with_the_range(section: str, text: str, says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        force_settings.from_toml(
            '[force]\nslug = "barset"\nname = "Barset"\n' + f"[{section}]\n{text}\n", "barset.toml"
        )


@pytest.mark.parametrize("slug", ["", "..", "../x", "a/b", "a\\b", "A", "-a", "a" * 101, "a.b", "a\n", "é"])
def test_a_slug_is_no_path(slug: str) -> None:
    with pytest.raises(
        ParameterError, match=r"force\.slug is .*, expected only lower-case letters, digits and hyphens"
    ):
        force_settings.read_settings(slug)


def test_a_settings_file_may_begin_with_a_byte_order_mark(tmp_path) -> None:
    path = tmp_path / "barset.toml"
    path.write_text('[force]\nslug = "barset"\nname = "Barset"\n', encoding="utf-8-sig")
    assert force_settings.read_settings(str(path))[0].force.name == "Barset"


def test_every_setting_of_the_package_is_within_its_range() -> None:
    for force in force_settings.named_forces():
        setting_limits.check(force_settings.read_settings(force)[0])
