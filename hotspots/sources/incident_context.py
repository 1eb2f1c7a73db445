"""What decides, beside a file's content, which of its rows count and where they belong."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from hotspots import __version__, harm, hashing, period
from hotspots.sources import incident_rows, row_checks
from hotspots.sources.geography import areas_at_points, neighbourhood_teams
from pipelines.settings import Settings

# Raised whenever the same file would come to rest in another form.
LAYOUT = "4"


@dataclass(frozen=True)
class Ground:
    """The force, its areas and look-ups on a day."""

    settings: Settings
    outline: shapely.Geometry
    areas: gpd.GeoDataFrame
    lsoas: dict[str, str | None]
    units: pd.DataFrame | None
    day: date | None

    @property
    def districts(self) -> dict[str, str]:
        """Team of each district on the day."""
        return neighbourhood_teams.by_district(self.teams)

    @property
    def teams(self) -> tuple[neighbourhood_teams.Team, ...]:
        """The teams of the settings on the day."""
        return self.settings.teams_on(self.day or date.max)

    def is_own(self, force: str) -> bool:
        """Whether a file's force, or none, is the force itself."""
        return force in ("", self.settings.force.slug)

    def fingerprint(self, kind: str) -> str:
        """Changes with everything that rows of this kind of file rest on, but the file itself."""
        facts = [__version__, LAYOUT, self.settings.force.slug, self.settings.force.border_buffer_m, self.districts]
        facts.append(self.lsoas)
        if kind == "force_export":
            units = [] if self.units is None else pd.util.hash_pandas_object(self.units).to_list()
            facts += [asdict(self.settings.force_export), self.day, hashlib.sha256(repr(units).encode()).hexdigest()]
        digest = hashlib.sha256(repr(facts).encode())
        digest.update(shapely.to_wkb(self.outline))
        for row in self.areas.drop(columns="geometry").astype("str").fillna("").to_numpy():
            digest.update("\0".join(row).encode())
        digest.update(b"".join(shapely.to_wkb(self.areas.geometry.to_numpy())))
        return digest.hexdigest()[:16]


def settle_rows(rows: pa.Table, ground: Ground) -> pa.Table:
    """Incident rows of one force with their final reason, but for references that repeat; with team, beat and harm.

    Each distinct point is looked at once. `district` keeps what `team_name` said before teams were assigned.
    """
    easting, northing = incident_rows.numbers(rows, "easting"), incident_rows.numbers(rows, "northing")
    first, point = incident_rows.distinct_points(easting, northing)
    is_own = bool(len(rows) == 0 or rows["is_own_force"][0].as_py())
    rows = rows if is_own else _of_neighbour(rows)
    if ground.day is not None and "recorded_at" in rows.column_names:
        rows = incident_rows.with_reason(rows, "after_as_of", _is_later(rows, ground.day))
    outline = shapely.from_wkb(shapely.to_wkb(ground.outline))  # a prepared geometry must not be shared by threads
    buffer_m = ground.settings.force.border_buffer_m
    is_outside = row_checks.points_outside(easting[first], northing[first], outline, is_own, buffer_m)
    rows = incident_rows.with_reason(rows, "outside_force", is_outside[point])
    rows = incident_rows.set_column(rows, "harm_days", harm.of_rows(rows))
    if ground.lsoas and "lsoa_code" in rows.column_names:
        rows = incident_rows.set_column(rows, "lsoa_code", incident_rows.remap(rows["lsoa_code"], ground.lsoas))
    rows = incident_rows.set_column(rows, "district", incident_rows.dictionary(rows["team_name"]))
    team = incident_rows.remap(rows["team_name"], ground.districts)
    beat_at, team_at = areas_at_points.at_points(easting[first], northing[first], ground.areas)
    if len(ground.areas) and is_own:
        district = rows["district"].take(pa.array(first)).to_pylist()
        near = neighbourhood_teams.at_borders(easting[first], northing[first], district, ground.teams, ground.areas)
        team_at = [at or nearest for at, nearest in zip(team_at, near, strict=True)]
    rows = incident_rows.set_column(rows, "team_name", incident_rows.preferred(team_at, point, team))
    known_beat = rows["beat_code"] if "beat_code" in rows.column_names else None
    return incident_rows.set_column(rows, "beat_code", incident_rows.filled(known_beat, beat_at, point))


def _of_neighbour(rows: pa.Table) -> pa.Table:
    """A neighbour's rows under ids of their own: forces may give the same reference."""
    force = rows["force"].cast(pa.string())
    rows = incident_rows.set_column(
        rows, "incident_id", pc.binary_join_element_wise(force, rows["incident_id"], "-").combine_chunks()
    )
    given = rows["fingerprint"].to_numpy()
    mixed = hashing.mix(given, hashing.of_text(force)) | np.uint64(1)
    return incident_rows.set_column(rows, "fingerprint", np.where(given > 0, mixed, 0).astype(np.uint64))


def _is_later(rows: pa.Table, day: date) -> np.ndarray:
    """Whether each dated row is later than the day."""
    dated = [name for name in rows.column_names if name in period.DATED]
    frame = incident_rows.to_frame(rows.select(dated + incident_rows.INNER))
    has_month = (frame["month"] != "").to_numpy()
    return ~frame.index.isin(period.known_by(frame[has_month], day).index) & has_month
