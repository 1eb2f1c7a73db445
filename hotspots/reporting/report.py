"""Data of one report."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from hotspots import tables
from hotspots.period import Window
from hotspots.reporting import formatting, same_months
from hotspots.reporting.public.public_figures import PublicFigures
from hotspots.reporting.public.you_said_we_did import Update
from hotspots.reporting.residents_report import ResidentsReport
from hotspots.reporting.tiles import TileParams
from hotspots.reporting.web_map.base_map_encoding import EncodedMap


@dataclass(frozen=True, kw_only=True)
class Report:
    """Tables of one run of one force, and how they were made.

    Parameters
    ----------
    force_name, slug : str
        "Wiltshire Police" and "wiltshire".
    as_of, expires_on : date
        Day of the report, and the last day on which it may be used.
    window : Window
        Evidence window.
    horizon_label : str
        Period that `expected` is for, as in "the next 7 days".
    hotspots, patrol_areas, concerns, places, tally, findings : DataFrame
        As declared in `hotspots.tables`; all may be empty. Ended hotspots have the status `gone`.
    incidents : GeoDataFrame
        The force's own incidents of every type in the window.
    previous_as_of : date or None
        Last day of the previous period, with which hotspots are compared; None where it has no data.
    marking : str
        Protective marking on every page.
    top_k : int
        Number of first areas that `top_k_chance` refers to.
    settings : dict
        Section -> name -> value (may be nested).
    inputs : list of dict
        For each file: name, kind, rows, sha256, used (bool), why_not.
    versions : dict
        Library -> version.
    accuracy, calibration : DataFrame
        Accuracy and calibration of earlier lists, as declared in `hotspots.tables`; may be empty.
    method_notes, parameter_choices, concentration, hexagons : DataFrame
        How hotspots and forecasts were chosen, and other views of the incidents, as declared in `hotspots.tables`.
    accuracy_words : tuple of str
        Accuracy in sentences, or why there is none.
    past_areas : GeoDataFrame or None
        Patrol areas of earlier runs as declared, with `as_of`.
    near_repeats : GeoDataFrame or None
        Near-repeat zones as declared; None if not analysed.
    near_repeat_words : tuple of str
        Findings on near repeats in sentences.
    referrals : GeoDataFrame or None
        Referrals to partners.
    base_map : GeoDataFrame or None
        Rivers, roads and place names of the base map, as declared.
    encoded_base_map : EncodedMap or None
        The base map as the map page embeds it; None without one.
    tiles : TileParams
        Background tiles, if any.
    last_year : DataFrame
        Incidents of the months of the window, and of the same months a year before, as `same_months.compare_years`
        returns them.
    left_out : dict
        Family -> months, YYYY-MM, excluded from the evidence because the source data looks wrong.
    public : PublicFigures or None
        Figures for publication; None for no public version.
    residents : ResidentsReport
        Residents' concerns, responses and engagement.
    updates : list of Update
        Public updates for teams and parishes.
    """

    force_name: str
    slug: str
    as_of: date
    window: Window
    expires_on: date
    horizon_label: str
    hotspots: pd.DataFrame
    patrol_areas: pd.DataFrame
    incidents: pd.DataFrame
    concerns: pd.DataFrame
    places: pd.DataFrame
    tally: pd.DataFrame
    findings: pd.DataFrame
    previous_as_of: date | None = None
    marking: str = "OFFICIAL"
    top_k: int = 20
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    inputs: list[dict[str, Any]] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    accuracy: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.ACCURACY))
    calibration: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.CALIBRATION))
    accuracy_words: tuple[str, ...] = ()
    method_notes: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.METHOD_NOTES))
    parameter_choices: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.PARAMETER_CHOICES))
    concentration: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.CONCENTRATION))
    hexagons: pd.DataFrame = field(default_factory=lambda: tables.empty(tables.HEXAGONS))
    past_areas: pd.DataFrame | None = None
    near_repeats: pd.DataFrame | None = None
    near_repeat_words: tuple[str, ...] = ()
    referrals: pd.DataFrame | None = None
    base_map: pd.DataFrame | None = None
    encoded_base_map: EncodedMap | None = None
    tiles: TileParams = field(default_factory=TileParams)
    last_year: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=same_months.COLUMNS))
    left_out: dict[str, list[str]] = field(default_factory=dict)
    public: PublicFigures | None = None
    residents: ResidentsReport = field(default_factory=ResidentsReport)
    updates: list[Update] = field(default_factory=list)

    @property
    def has_comparison(self) -> bool:
        """Whether hotspots are compared with the previous period."""
        return self.previous_as_of is not None or bool(self.hotspots["status"].notna().any())

    @property
    def previous_areas(self) -> pd.DataFrame:
        """Patrol areas of the previous run; empty if there is none."""
        if self.past_areas is None or self.past_areas.empty:
            return self.patrol_areas.iloc[:0]
        return self.past_areas[self.past_areas["as_of"] == self.past_areas["as_of"].max()]

    def areas_of(self, family: str) -> pd.DataFrame:
        """Return the patrol areas of a family by rank."""
        return self.patrol_areas[self.patrol_areas["family"] == family].sort_values(["rank", "patrol_area_id"])

    @property
    def numbered_zones(self) -> pd.DataFrame:
        """Near-repeat zones with their `number`, in order of their ids; empty if not analysed."""
        if self.near_repeats is None:
            return self.hotspots.iloc[:0]
        zones = self.near_repeats.sort_values("zone_id", ignore_index=True)
        return zones.assign(number=range(1, len(zones) + 1))

    @property
    def places_now(self) -> pd.DataFrame:
        """Places that exist on the day of the report."""
        now = pd.Timestamp(self.as_of)
        has_begun = self.places["valid_from"].isna() | (self.places["valid_from"] <= now)
        has_ended = self.places["valid_to"].notna() & (self.places["valid_to"] <= now)
        return self.places[has_begun & ~has_ended]

    @property
    def base_map_credits(self) -> list[str]:
        """Rights in the base map."""
        return [] if self.base_map is None else formatting.base_map_credits(self.base_map["source"], self.as_of.year)

    @property
    def sources(self) -> list[str]:
        """Origin and licence of the data, one line per source."""
        lines = formatting.sources(self.incidents["source"].astype("str").unique(), self.force_name)
        if len(self.concerns):
            lines.append(f"Concerns: survey responses to {self.force_name} and partners")
        return lines + self.base_map_credits
