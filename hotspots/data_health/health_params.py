"""Parameters of the health check: its false-alarm rate, ordinary variation, and what follows from an alarm."""

from dataclasses import dataclass

from hotspots import period
from hotspots.data_health.expected_counts import SeriesModel
from hotspots.errors import ParameterError

ACTIONS = ("leave_out", "keep", "ask")
# An alarm needs a count below this share of the expected count, or above its inverse, however significant it is.
ALARM_RATIO = 0.6
# A month is tested if a fall to this share of the expected count would be detected.
DETECTABLE_RATIO = 0.2
# Share of the false-alarm rate for each kind of alarm; the tests of one kind in a month have equal shares.
ALARM_SHARES = {"misfiled": 0.4, "silent": 0.3, "level_change": 0.3}

# Ordinary variation, somewhat wider than in the forces it was estimated from.
FAMILY_MODELS = {
    "asb": SeriesModel(summer=0.18, wave_sds=(0.10, 0.05), scatter=0.10),
    "burglary": SeriesModel(summer=-0.05, wave_sds=(0.08, 0.04), scatter=0.12),
}
TOTAL_MODEL = SeriesModel(summer=0.08, wave_sds=(0.05, 0.03), scatter=0.06)
DISTRICT_MODEL = SeriesModel(scatter=0.08, drift=0.02)
DISTRICT_FAMILY_MODEL = SeriesModel(scatter=0.15, wave_sds=(0.08, 0.04))


@dataclass(frozen=True, kw_only=True)
class HealthParams:
    """False-alarm rate of the health check, and what the run does after an alarm.

    Attributes
    ----------
    alarm_rate
        Share, 0 to 1, of ordinary months that may raise an alarm, over all tests together.
    on_misfiled
        What to do with a month whose ASB or burglary was filed under another type: `leave_out` of that family's
        evidence, `keep`, or `ask` (keep it, and report that a decision is needed).
    on_silent
        The same for a month in which more than 40 % of the force's expected rows are missing. A month in which only a
        district is missing is kept.
    min_months
        Minimum number of other months for a test.
    min_expected
        Minimum number of expected incidents for a test, for example of a district.
    reviewed_months
        Months, YYYY-MM, that have been checked at the source: their findings are no longer open.
    """

    alarm_rate: float = 0.01
    on_misfiled: str = "leave_out"
    on_silent: str = "leave_out"
    min_months: int = 5
    min_expected: int = 15
    reviewed_months: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the limits."""
        if not 0 < self.alarm_rate <= 0.2:
            raise ParameterError(f"health.alarm_rate must be above 0 and at most 0.2, got {self.alarm_rate:g}.")
        for name in ("on_misfiled", "on_silent"):
            if getattr(self, name) not in ACTIONS:
                raise ParameterError(f"health.{name} is '{getattr(self, name)}', expected one of {', '.join(ACTIONS)}.")
        for month in self.reviewed_months:
            if not period.MONTH.fullmatch(month):
                raise ParameterError(f"health.reviewed_months has {month[:40]!r}, expected months like 2025-09.")
        if self.min_months < 3 or self.min_expected < 5:
            raise ParameterError("health: min_months must be at least 3 and min_expected at least 5.")
