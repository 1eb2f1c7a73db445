"""What an incident row is judged by: the force, its outline, areas, teams and look-ups on a day."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import __version__
from hotspots.sources.force_export.export_params import ExportParams
from hotspots.sources.geography import neighbourhood_teams

# Increased whenever the same file would be stored in another form.
LAYOUT = "10"


@dataclass(frozen=True, kw_only=True)
class IncidentContext:
    """The force on a day, with all that decides whether an incident row counts and where it belongs.

    Attributes
    ----------
    slug
        Slug of the force.
    day
        Day of the report; later rows are not known yet.
    outline
        Outline of the force, BNG metres.
    border_buffer_m
        Distance from the outline, in metres, within which rows of neighbours are kept.
    areas
        Areas with their team and beat (`tables.PLACES`).
    teams
        Teams of the day.
    lsoas
        LSOA codes of 2011 to those of 2021.
    postcodes
        Points of postcode units, where Code-Point Open is given.
    export_params
        How the force's own export is read.
    """

    slug: str
    day: date
    outline: shapely.Geometry
    border_buffer_m: float
    areas: gpd.GeoDataFrame
    teams: tuple[neighbourhood_teams.Team, ...]
    lsoas: dict[str, str | None]
    postcodes: pd.DataFrame | None
    export_params: ExportParams

    @property
    def districts(self) -> dict[str, str]:
        """Return the team of each district."""
        return neighbourhood_teams.by_district(self.teams)

    def cache_key(self, kind: str) -> str:
        """Return a hash of everything, except a file's content, that decides how rows of a kind of file are stored."""
        facts = [__version__, LAYOUT, self.slug, self.border_buffer_m, self.districts, self.lsoas]
        if kind == "force_export":
            postcodes = [] if self.postcodes is None else pd.util.hash_pandas_object(self.postcodes).to_list()
            facts += [asdict(self.export_params), self.day, hashlib.sha256(repr(postcodes).encode()).hexdigest()]
        digest = hashlib.sha256(repr(facts).encode())
        digest.update(shapely.to_wkb(self.outline))
        for row in self.areas.drop(columns="geometry").astype("str").fillna("").to_numpy():
            digest.update("\0".join(row).encode())
        digest.update(b"".join(shapely.to_wkb(self.areas.geometry.to_numpy())))
        return digest.hexdigest()[:16]
