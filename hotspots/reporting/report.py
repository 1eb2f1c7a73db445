"""Everything that the pages of one run are made from."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from hotspots import tables
from hotspots.period import Window
from hotspots.reporting import formatting
from hotspots.reporting.public.public_figures import PublicFigures
from hotspots.reporting.public.you_said_we_did import Update
from hotspots.reporting.residents_report import ResidentsReport
from hotspots.reporting.tiles import TileParams


@dataclass(frozen=True, kw_only=True)
class Report:
    """One run of one force: its tables, and what has to be said about how they were made.

    Parameters
    ----------
    force_name, slug : str
        "Wiltshire Police" and "wiltshire".
    as_of, expires_on : date
        Day of the report; day after which nobody should act on it.
    window : Window
        The evidence window.
    horizon_label : str
        What `expected` looks ahead to, to be read after "in": "the next 7 days", "the next month".
    hotspots, patrol_areas, concerns, places, tally, findings : DataFrame
        As `hotspots.tables` declares them; all may be empty. Hotspots with the status `gone` are listed as such.
    incidents : GeoDataFrame
        The force's own incidents in the window, of every type.
    previous_as_of : date or None
        Day of the run that statuses compare with; None on a first run.
    marking : str
        Protective marking, shown on every page.
    top_k : int
        What `top_k_chance` counts as the first.
    settings : dict
        Section -> name -> value (sections may nest).
    inputs : list of dict
        One a file: name, kind, rows, sha256, used (bool), why_not.
    versions : dict
        Library -> version.
    accuracy, calibration : DataFrame
        How good earlier lists were, and whether their chances came true, as `hotspots.tables` declares them; empty
        where there was nothing to score.
    method_notes, parameter_choices, concentration, hexagons : DataFrame
        How hotspots and forecasts came about, and other views of the same incidents, as `hotspots.tables` declares.
    accuracy_words : tuple of str
        The same in sentences, weak results as plainly as good ones, or why there are none.
    past_areas : GeoDataFrame or None
        Patrol areas of earlier runs, as declared, with `as_of`: what was listed then.
    near_repeats : GeoDataFrame or None
        Zones in which a burglary of the last days makes another likelier, as declared; None where nobody looked.
    near_repeat_words : tuple of str
        Whether there are near repeats here, and what such zones were worth, in sentences.
    referrals : GeoDataFrame or None
        What was passed on to partners.
    base_map : GeoDataFrame or None
        Rivers, roads and names of places for the map's background, as declared.
    tiles : TileParams
        Server of background tiles; none unless a setting names one.
    left_out : dict
        Family -> months, YYYY-MM, that the evidence does without because they look wrong at the source.
    public : PublicFigures or None
        What may be published; without it there is no public version.
    residents : ResidentsReport
        What residents said, what became of it, where to listen next.
    updates : list of Update
        What each team and parish is told, after disclosure control.
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
    settings: dict = field(default_factory=dict)
    inputs: list[dict] = field(default_factory=list)
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
    tiles: TileParams = field(default_factory=TileParams)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    public: PublicFigures | None = None
    residents: ResidentsReport = field(default_factory=ResidentsReport)
    updates: list[Update] = field(default_factory=list)

    @property
    def is_first_run(self) -> bool:
        """Whether there is no earlier run to compare with."""
        has_status = len(self.hotspots) > 0 and bool(self.hotspots["status"].notna().any())
        return self.previous_as_of is None and not has_status

    @property
    def previous_areas(self) -> pd.DataFrame:
        """The patrol areas of the run before this one; empty where it is not known."""
        if self.past_areas is None or self.past_areas.empty:
            return self.patrol_areas.iloc[:0]
        return self.past_areas[self.past_areas["as_of"] == self.past_areas["as_of"].max()]

    @property
    def places_now(self) -> pd.DataFrame:
        """The places that hold on the day of the report."""
        now = pd.Timestamp(self.as_of)
        begun = self.places["valid_from"].isna() | (self.places["valid_from"] <= now)
        ended = self.places["valid_to"].notna() & (self.places["valid_to"] <= now)
        return self.places[begun & ~ended]

    @property
    def sources(self) -> list[str]:
        """Where the data comes from and under which licence, a line each."""
        lines = formatting.sources(self.incidents["source"].astype("str").unique(), self.force_name)
        if len(self.concerns):
            lines.append(f"Concerns: residents' answers to surveys of {self.force_name} and partners")
        return lines
