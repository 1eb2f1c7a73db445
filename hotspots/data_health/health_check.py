"""The health check of a run: which months look wrong at the source, and which of them the evidence leaves out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from hotspots import period
from hotspots.data_health import file_counts, health_findings, health_notes, monthly_checks
from hotspots.data_health.file_counts import FileCounts
from hotspots.data_health.health_params import HealthParams

# Months before those of the training period, against which the later ones are compared.
EARLIER_MONTHS = 24


@dataclass(frozen=True)
class HealthCheck:
    """The result of a health check.

    Attributes
    ----------
    counts, verdicts
        As `monthly_checks.count_months` and `monthly_checks.examine_months` return them.
    left_out
        Months excluded from the evidence, by family.
    findings
        Findings about the months.
    """

    counts: pd.DataFrame
    verdicts: pd.DataFrame
    left_out: dict[str, list[str]]
    findings: list[dict[str, Any]]

    def facts(self) -> dict[str, Any]:
        """Return plain data: the months left out, and the verdicts that are not ordinary."""
        notable = self.verdicts[~self.verdicts["verdict"].isin(["ordinary", "cannot_tell"])]
        return {"left_out": self.left_out, "verdicts": notable.to_dict("records")}


def run_health_check(
    files: Iterable[FileCounts], as_of: date, params: HealthParams, *,
    is_month_only: bool, window_months: int, training_months: int,
) -> HealthCheck:  # fmt: skip
    """Check the months of a force against one another.

    Parameters
    ----------
    files
        Counts of every file of incidents.
    as_of
        Day of the report.
    is_month_only
        Whether all incidents are dated by month only.
    window_months, training_months
        Length of the evidence window and of the training period.
    """
    files = list(files)
    counts = file_counts.monthly_counts(files, is_month_only)
    first = period.evidence_window(as_of, training_months + EARLIER_MONTHS).touched[0]
    counts = counts[counts["month"] >= first].reset_index(drop=True)
    verdicts = monthly_checks.examine_months(counts, as_of, params)
    found = health_findings.describe_verdicts(verdicts, counts, period.evidence_window(as_of, window_months), params)
    shares, training = file_counts.monthly_shares(files), period.evidence_window(as_of, training_months)
    found += health_notes.describe_notes(shares[shares["month"].isin(training.touched)].reset_index(drop=True), as_of)
    return HealthCheck(counts, verdicts, monthly_checks.months_left_out(verdicts, params), found)
