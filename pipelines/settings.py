"""Settings of one force, composed of the parameters of each module and read from a TOML file."""

import dataclasses
import difflib
import re
import reprlib
import tomllib
import types
import typing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hotspots.data_health.health_params import HealthParams
from hotspots.errors import ParameterError
from hotspots.reporting.public.public_figures import PublicParams
from hotspots.reporting.public.you_said_we_did import UpdateParams
from hotspots.reporting.tiles import TileParams
from hotspots.residents.concerns import ConcernParams
from hotspots.sources.force_export.export_params import ExportParams
from hotspots.sources.force_export.patrol_log import LogParams
from hotspots.sources.geography import neighbourhood_teams
from hotspots.sources.geography.neighbourhood_teams import Team
from hotspots.sources.police_uk import police_forces
from hotspots.sources.survey.survey_params import SurveyParams
from hotspots.targeting.cluster_parameters import ClusterParams
from hotspots.targeting.false_hotspots import FlagParams
from hotspots.targeting.forecasting.forecast import ForecastParams
from hotspots.targeting.near_repeat_zones import NearRepeatParams
from hotspots.targeting.outlines import OutlineParams
from hotspots.targeting.patrol_areas import PatrolAreaParams
from hotspots.targeting.quotas import QuotaParams
from hotspots.targeting.rural_areas import RuralParams
from hotspots.targeting.significance import SignificanceParams
from hotspots.targeting.trends import ChangeParams
from hotspots.tasking.engagement import EngagementParams
from hotspots.tasking.partners import Council
from hotspots.tasking.referrals import ReferralParams
from hotspots.testing.backtest import BacktestParams
from pipelines import setting_limits

DEMO = "littleham"
FORCES = Path(__file__).with_name("forces")
TEMPLATE = FORCES / "template.toml"


@dataclass(frozen=True, kw_only=True)
class ForceSettings:
    """Name, marking and neighbours of the force, and limits of a run.

    Attributes
    ----------
    slug
        Name of the force in data.police.uk's file names, and of its folder under reports/.
    name
        Full name, used in headings.
    marking
        Protective marking printed on every page.
    neighbours
        Slugs of forces whose incidents near the border are read as well.
    border_buffer_m
        Distance from the border within which they are read.
    max_set_aside_share
        Largest share of rows that may be set aside; above it, nothing is published.
    keep_runs
        Number of latest runs whose incidents are kept; of earlier runs only the results are kept.
    """

    slug: str
    name: str
    marking: str = "OFFICIAL"
    neighbours: tuple[str, ...] = ()
    border_buffer_m: float = 1_000.0
    max_set_aside_share: float = 0.25
    keep_runs: int = 8

    def __post_init__(self) -> None:
        """Check the slugs, the name, the share and the number of runs."""
        require_slug(self.slug, "force.slug")
        for number, slug in enumerate(self.neighbours, start=1):
            require_slug(slug, f"force.neighbours[{number}]")
        if not self.name.strip():
            raise ParameterError("force.name is empty, expected the name of the force for headings.")
        if not 0 <= self.max_set_aside_share <= 1:
            raise ParameterError(f"force.max_set_aside_share must be from 0 to 1, got {self.max_set_aside_share:g}.")
        if self.keep_runs < 1:
            raise ParameterError(f"force.keep_runs must be at least 1, got {self.keep_runs}.")


@dataclass(frozen=True, kw_only=True)
class PeriodSettings:
    """Length of the evidence window, of the training window and of the forecast.

    Attributes
    ----------
    window_months
        Months of evidence, up to the day of the report.
    training_months
        Months from which the forecast is estimated, including the evidence window.
    horizon_days
        Days ahead for which incidents are forecast; one month if the data gives only months.
    """

    window_months: int = 12
    training_months: int = 36
    horizon_days: int = 7

    def __post_init__(self) -> None:
        """Check the limits."""
        if self.window_months < 1 or self.horizon_days < 1:
            raise ParameterError("period: window_months and horizon_days must both be at least 1.")
        if self.training_months < self.window_months:
            raise ParameterError("period: training_months must be at least window_months.")


@dataclass(frozen=True, kw_only=True)
class FamilyParams:
    """Parameters of one family, ASB or burglary."""

    clusters: ClusterParams = field(default_factory=ClusterParams)
    forecast: ForecastParams = field(default_factory=ForecastParams)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of a run, by section of the TOML file.

    Attributes
    ----------
    teams
        Teams with their districts or wards and dates: name, districts, wards, valid_from, valid_to, is_checked.
    councils
        Councils by district, with dates: district, name, county, valid_from, valid_to. They take precedence over
        reference/councils.csv.
    """

    force: ForceSettings
    period: PeriodSettings = field(default_factory=PeriodSettings)
    teams: tuple[Team, ...] = ()
    health: HealthParams = field(default_factory=HealthParams)
    survey: SurveyParams = field(default_factory=SurveyParams)
    force_export: ExportParams = field(default_factory=ExportParams)
    patrol_log: LogParams = field(default_factory=LogParams)
    asb: FamilyParams = field(
        default_factory=lambda: FamilyParams(
            clusters=ClusterParams(default_radius_m=125.0, default_min_incidents=16),
            forecast=ForecastParams(half_life_days=180.0, nearby_m=150.0, prior_days=180.0),
        )
    )
    burglary: FamilyParams = field(
        default_factory=lambda: FamilyParams(
            clusters=ClusterParams(default_radius_m=200.0, default_min_incidents=8, max_area_ha=60.0),
            forecast=ForecastParams(half_life_days=365.0, nearby_m=250.0, prior_days=400.0),
        )
    )
    outlines: OutlineParams = field(default_factory=OutlineParams)
    significance: SignificanceParams = field(default_factory=SignificanceParams)
    patrol_areas: PatrolAreaParams = field(default_factory=PatrolAreaParams)
    quotas: QuotaParams = field(default_factory=QuotaParams)
    rural: RuralParams = field(default_factory=RuralParams)
    flags: FlagParams = field(default_factory=FlagParams)
    change: ChangeParams = field(default_factory=ChangeParams)
    near_repeat: NearRepeatParams = field(default_factory=NearRepeatParams)
    concerns: ConcernParams = field(default_factory=ConcernParams)
    councils: tuple[Council, ...] = ()
    tiles: TileParams = field(default_factory=TileParams)
    referrals: ReferralParams = field(default_factory=ReferralParams)
    engagement: EngagementParams = field(default_factory=EngagementParams)
    updates: UpdateParams = field(default_factory=UpdateParams)
    public: PublicParams = field(default_factory=PublicParams)
    backtest: BacktestParams = field(default_factory=BacktestParams)

    def __post_init__(self) -> None:
        """Check the range of every number, and the settings that depend on one another."""
        setting_limits.check(self)
        neighbourhood_teams.check_wards(self.teams)

    def teams_on(self, day: date) -> tuple[Team, ...]:
        """Return the teams that are valid on a day."""
        today = day.isoformat()
        return tuple(t for t in self.teams if t.valid_from <= today and not "" < t.valid_to <= today)

    def district_of_teams(self, day: date) -> dict[str, str]:
        """Return the district of each team that has only one on a day."""
        return {team.name: team.districts[0] for team in self.teams_on(day) if len(team.districts) == 1}

    def of_family(self, family: str) -> FamilyParams:
        """Return the parameters of `asb` or `burglary`."""
        return {"asb": self.asb, "burglary": self.burglary}[family]


def named_forces() -> list[str]:
    """Return the slugs of the forces whose settings are included in the package."""
    return sorted(path.stem for path in FORCES.glob("*.toml") if path != TEMPLATE)


def read_settings(force: str | None) -> tuple[Settings, bool]:
    """Return the settings of a force, and whether they were read from a file.

    Parameters
    ----------
    force
        Slug of a force included in the package, a TOML file, or any other slug, which gets the defaults. The default is
        the demo.

    Raises
    ------
    ParameterError
        The file is missing, is not valid TOML, or has an unknown section or key or an invalid value.
    """
    force = DEMO if force is None else force
    if force.endswith(".toml"):
        return from_toml(_read_text(Path(force)), Path(force).name), True
    if force in named_forces():
        path = FORCES / f"{force}.toml"
        return from_toml(_read_text(path), path.name), True
    return Settings(force=ForceSettings(slug=force, name=police_forces.name_of(force))), False


def from_toml(text: str, file: str) -> Settings:
    """Return the settings from the text of a TOML file; `file` is its name in error messages."""
    try:
        raw = tomllib.loads(text)
    except ValueError as error:  # also a number of thousands of digits
        raise ParameterError(f"{file}: the settings file is not valid TOML: {error}.") from None
    except RecursionError:
        raise ParameterError(f"{file}: the settings file has too many brackets inside one another.") from None
    try:
        settings: Settings = _build(Settings, raw, "")
        return settings
    except ParameterError as error:
        raise ParameterError(f"{file}: {error}") from None


def as_dict(settings: Settings) -> dict[str, object]:
    """Return the settings as nested dictionaries, for a run's manifest."""
    return dataclasses.asdict(settings)


def _read_text(path: Path) -> str:
    """Return the text of a settings file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ParameterError(f"{path.name}: the settings file is not UTF-8 text.") from None
    except OSError as error:
        raise ParameterError(f"{path.name}: the settings file cannot be opened ({error.strerror}).") from None


def _build(kind: typing.Any, raw: object, where: str, default: typing.Any = None) -> typing.Any:
    """Return a dataclass from a dictionary, over a default if there is one; errors name the section and the key."""
    if not isinstance(raw, dict):
        raise ParameterError(f"'{where}' is {reprlib.repr(raw)}, expected a section.")
    hints = typing.get_type_hints(kind)
    defaults = _defaults_of(kind) if default is None else {name: getattr(default, name) for name in hints}
    given = {}
    for key, value in raw.items():
        name = f"{where}.{key}" if where else key
        if key not in hints:
            near = difflib.get_close_matches(key, hints, n=1)
            raise ParameterError(f"'{name}' is not a setting{f'; did you mean {near[0]!r}?' if near else '.'}")
        given[key] = _value(hints[key], value, name, defaults.get(key))
    missing = [name for name in hints if name not in given and name not in defaults]
    if missing:
        raise ParameterError(f"'{f'{where}.' if where else ''}{missing[0]}' is missing.")
    return kind(**given) if default is None else dataclasses.replace(default, **given)


def _defaults_of(kind: typing.Any) -> dict[str, object]:
    """Return the default of each field that has one."""
    defaults: dict[str, object] = {}
    for entry in dataclasses.fields(kind):
        if entry.default is not dataclasses.MISSING:
            defaults[entry.name] = entry.default
        elif entry.default_factory is not dataclasses.MISSING:
            defaults[entry.name] = entry.default_factory()
    return defaults


def _value(hint: typing.Any, value: object, name: str, default: object) -> object:
    """Return one value in the type of its field; a section starts from its default."""
    if types.NoneType in typing.get_args(hint):
        hint = next(kind for kind in typing.get_args(hint) if kind is not types.NoneType)
    if dataclasses.is_dataclass(hint):
        return _build(hint, value, name, default)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(inner[0], item, f"{name}[{number}]", None) for number, item in enumerate(value, start=1))
    if origin is dict and isinstance(value, dict):
        return {str(key): _value(inner[1], item, f"{name}.{key}", None) for key, item in value.items()}
    plain = {float: (int, float), int: (int,), str: (str,), bool: (bool,)}.get(hint)
    if plain and isinstance(value, plain) and not (isinstance(value, bool) and hint is not bool):
        if isinstance(value, int | float) and not abs(value) < _MAX_NUMBER:
            raise ParameterError(f"'{name}' is {reprlib.repr(value)}, expected {_WORDS[hint]} of a usual size.")
        if isinstance(value, str) and (len(value) > _MAX_TEXT or _CONTROL.search(value)):
            raise ParameterError(
                f"'{name}' is {reprlib.repr(value)}, expected one line of at most {_MAX_TEXT} characters."
            )
        return hint(value)
    expected = _WORDS.get(hint) or _WORDS.get(origin, "another type")
    raise ParameterError(f"'{name}' is {reprlib.repr(value)}, expected {expected}.")


def require_slug(slug: str, name: str) -> None:
    """Raise if a text cannot be the name of a folder and of a force in file names."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", slug):
        raise ParameterError(
            f"{name} is {reprlib.repr(slug)}, expected only lower-case letters, digits and hyphens, at most 100."
        )


_MAX_NUMBER, _MAX_TEXT = 1e15, 2_000
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_WORDS = {
    float: "a number", int: "a whole number", str: "text", bool: "true or false", tuple: "a list", dict: "a section",
}  # fmt: skip
