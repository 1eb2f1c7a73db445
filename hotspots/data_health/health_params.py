"""How readily a month is called wrong, what is ordinary, and what the run does about it."""

from dataclasses import dataclass

from hotspots.data_health.expected_counts import Habit
from hotspots.errors import ParameterError

ACTIONS = ("leave_out", "keep", "ask")
# An alarm needs a difference that matters, besides one that is no chance: below 0.6 of the expected, or above 1/0.6.
MATTERS = 0.6
# A month is tested where so deep a fall would be noticed; else nobody can tell.
NOTICEABLE = 0.2
# How the alarm rate is shared out between the kinds of alarm; within a kind its tests of a month share alike.
SHARES = {"misfiled": 0.4, "silent": 0.3, "level_change": 0.3}

# What is ordinary, wider than the forces at hand show: other forces scatter more.
HABITS = {
    "asb": Habit(summer=0.18, wave_sds=(0.10, 0.05), scatter=0.10),
    "burglary": Habit(summer=-0.05, wave_sds=(0.08, 0.04), scatter=0.12),
}
TOTAL = Habit(summer=0.08, wave_sds=(0.05, 0.03), scatter=0.06)
DISTRICT = Habit(scatter=0.08, drift=0.02)
DISTRICT_FAMILY = Habit(scatter=0.15, wave_sds=(0.08, 0.04))


@dataclass(frozen=True, kw_only=True)
class HealthParams:
    """How readily a month is called wrong, and what the run then does.

    Attributes
    ----------
    alarm_rate
        Share, 0 to 1, of a force's ordinary months that may be called wrong, all tests together.
    on_misfiled
        A month whose ASB or burglary was filed under another type: `leave_out` of that family's evidence, `keep`
        it, or `ask` (keep it, and say that somebody must decide).
    on_silent
        The same for a month in which most of the force's rows are missing. A month with only a district missing is
        kept: the rest of the force is right.
    min_months
        Other months without which nobody can tell.
    min_expected
        Incidents that a district must have in an ordinary month to be tested.
    looked_at
        Months, YYYY-MM, that somebody has looked into: their findings are no longer open.
    """

    alarm_rate: float = 0.01
    on_misfiled: str = "leave_out"
    on_silent: str = "leave_out"
    min_months: int = 5
    min_expected: int = 15
    looked_at: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the limits."""
        if not 0 < self.alarm_rate <= 0.2:
            raise ParameterError(f"health.alarm_rate must be above 0 and at most 0.2, got {self.alarm_rate:g}.")
        for name in ("on_misfiled", "on_silent"):
            if getattr(self, name) not in ACTIONS:
                raise ParameterError(f"health.{name} is '{getattr(self, name)}', expected one of {', '.join(ACTIONS)}.")
        if self.min_months < 3 or self.min_expected < 5:
            raise ParameterError("health: min_months must be at least 3 and min_expected at least 5.")
