"""Public figures: recorded ASB and burglary by area and whole month, after disclosure control.

Areas are teams, wards or LSOAs, never patrol areas or hotspots. See `disclosure` for the rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import categories, crs, tables
from hotspots.containing_areas import first_containing_area
from hotspots.errors import ParameterError
from hotspots.reporting import formatting
from hotspots.reporting.public import disclosure

AREA_LABELS = {"team": "team areas", "ward": "wards", "lsoa": "lower layer super output areas (LSOAs)"}
WHOLE_FORCE = "The whole force"
CELL = ["month", "family", "area"]
_TEAM_KINDS = (*tables.TEAM_KINDS, "beat")


@dataclass(frozen=True, kw_only=True)
class PublicParams:
    """Settings of the public figures.

    Attributes
    ----------
    areas
        Areas of the public figures: team, ward or lsoa. Choose once: figures by two kinds of areas can be subtracted,
        so months that were published by another kind are not published again.
    """

    areas: str = "team"

    def __post_init__(self) -> None:
        """Check the kind of areas."""
        if self.areas not in AREA_LABELS:
            raise ParameterError(f"public.areas is '{self.areas}', expected one of {', '.join(AREA_LABELS)}.")


@dataclass(frozen=True, kw_only=True)
class PublicFigures:
    """Figures of whole months for publication.

    Parameters
    ----------
    force_name : str
        Full name.
    areas_label : str
        Kind of areas in words.
    months, missing : list of str
        Whole months, YYYY-MM, that are covered, and those without any records.
    areas : GeoDataFrame
        `area` (code), `name`, `since` (start of the area; missing: always) and outline or None.
    figures : DataFrame
        `month`, `family`, `area`, `figure`, `shown`: one row per cell, as returned by `disclosure.protect`.
    sources : list of str
        Origin and licence of the data.
    wrong : list of (str, str)
        Family and month without figures because the source data looks wrong.
    by_other_areas : list of str
        Months without figures because they were published by another kind of areas.
    """

    force_name: str
    areas_label: str
    months: list[str]
    missing: list[str]
    areas: gpd.GeoDataFrame
    figures: pd.DataFrame
    sources: list[str]
    wrong: list[tuple[str, str]] = field(default_factory=list)
    by_other_areas: list[str] = field(default_factory=list)


def first_days(places: pd.DataFrame, teams: Mapping[str, str], as_of: date) -> dict[str, date]:
    """Return the first day of each team and area that has one.

    Parameters
    ----------
    places
        `tables.PLACES`.
    teams
        Team to its first day, YYYY-MM-DD; empty if it has none.
    as_of
        Day of the report; areas that begin later are left out.
    """
    days = {team: date.fromisoformat(day) for team, day in teams.items() if day}
    dated = places[places["valid_from"].notna() & (places["valid_from"] <= pd.Timestamp(as_of))]
    return days | {str(name): day.date() for name, day in zip(dated["name"], dated["valid_from"], strict=True)}


def gather_figures(
    incidents: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    as_of: date,
    window_months: int,
    params: PublicParams,
    *,
    force_name: str,
    begins: Mapping[str, date],
    left_out: Mapping[str, Sequence[str]],
    by_other_areas: Sequence[str],
) -> PublicFigures:
    """Return protected figures of every whole month with records; they stay the same until the next month ends.

    Parameters
    ----------
    incidents
        The force's own incidents of every type, back to the first month.
    places
        `tables.PLACES`, for names and outlines.
    begins
        First day of newer teams. Earlier months were counted by other teams, and the two could be subtracted, so they
        are omitted.
    left_out
        Family to months with wrong-looking source data; they have no figures.
    by_other_areas
        Months that earlier runs published by another kind of areas; they have no figures.
    """
    months = disclosure.public_months(as_of, window_months)
    known = disclosure.known_on(incidents[incidents["month"].isin(months)], disclosure.public_day(as_of))
    area, areas = _areas(known, places, params.areas)
    since = areas["area"].map(dict(begins)) if params.areas == "team" else None
    areas = areas.assign(since=pd.to_datetime(since) if since is not None else pd.NaT)
    skipped = [(family, month) for family in tables.FAMILIES for month in left_out.get(family, [])]
    with_data = [month for month in months if (known["month"] == month).any()]
    published = [month for month in with_data if month in set(by_other_areas)]
    repeated = [(family, month) for family in tables.FAMILIES for month in published]
    cells = _cells(known.assign(area=area), areas, with_data, skipped + repeated)
    areas, figures = _publishable(areas, disclosure.protect(cells, ["month", "family"]))
    return PublicFigures(
        force_name=force_name,
        areas_label=AREA_LABELS[params.areas],
        months=months,
        missing=[month for month in months if month not in with_data],
        wrong=[(family, month) for family, month in skipped if month in with_data],
        by_other_areas=published,
        areas=areas,
        figures=figures,
        sources=formatting.sources(known["source"].astype("str").unique(), force_name),
    )


def _cells(
    incidents: gpd.GeoDataFrame, areas: pd.DataFrame, months: list[str], skipped: list[tuple[str, str]]
) -> pd.DataFrame:
    """Count every month, family and area, including 0, except before an area began and skipped months."""
    counted = pd.concat([_count(incidents, family) for family in tables.FAMILIES])
    every = pd.MultiIndex.from_product([months, tables.FAMILIES, areas["area"]], names=CELL)
    cells = counted.reindex(every, fill_value=0).rename("count").reset_index()
    is_skipped = pd.MultiIndex.from_frame(cells[["family", "month"]]).isin(skipped)
    cells = cells[~is_skipped] if skipped else cells
    begun = cells["area"].map(areas.set_index("area")["since"])
    return cells[~(begun > pd.to_datetime(cells["month"], format="%Y-%m"))].reset_index(drop=True)


def _publishable(areas: gpd.GeoDataFrame, figures: pd.DataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the areas that may be named, with their figures: those with an outline or a published figure.

    For an area that appears only in records, the name alone would disclose that something was recorded there, and it
    may be any typed text.
    """
    with_figure = figures.loc[figures["figure"].notna(), "area"]
    named = areas[areas["area"].isin(with_figure) | (areas["area"] == "") | areas.geometry.notna()].reset_index(
        drop=True
    )
    return named, figures[figures["area"].isin(named["area"])].reset_index(drop=True)


def withheld(public: PublicFigures) -> pd.DataFrame:
    """Return what is not published and why: `what`, `month`, `family`, `area` and `why`."""
    always = [
        ("patrol areas, hotspots and their outlines", "they would show police plans, and single homes"),
        ("hotspots at a single map point", "the point may be a single home"),
        ("points and addresses of burglaries", "they would identify victims"),
        ("days and hours", "with a place they may identify a single incident"),
        ("texts by residents or officers, except those written for the public", "they may identify somebody"),
        ("the current month", "figures cover whole months only"),
        ("counts below 5", "small numbers may identify people"),
        ("teams and LSOAs without a published figure", "naming them would disclose that something was recorded there"),
        ("incidents outside all of the areas", "there are too few of them"),
    ]
    lines = [(what, "", "", "", why) for what, why in always]
    lines += [("a month", month, "", "", "no records were received") for month in public.missing]
    lines += [("a month", month, family, "", "the source data looks wrong") for family, month in public.wrong]
    lines += [
        ("a month", month, "", "", "it was published by another kind of areas, and the two could be subtracted")
        for month in public.by_other_areas
    ]
    newer = public.areas[public.areas["since"].notna()]
    lines += [
        ("earlier months", "", "", name, f"the area has existed since {formatting.day(since)}")
        for name, since in zip(newer["name"], newer["since"], strict=True)
        if f"{since:%Y-%m-%d}" > f"{public.months[0]}-01"
    ]
    names = public.areas.set_index("area")["name"]
    hidden = public.figures[public.figures["figure"].isna()]
    hidden = hidden.assign(area=hidden["area"].map(names)).sort_values(CELL)
    why = "below 5, or withheld so that a figure below 5 cannot be worked out"
    lines += [("a figure", *cell, why) for cell in hidden[CELL].itertuples(index=False)]
    return pd.DataFrame(lines, columns=["what", "month", "family", "area", "why"], dtype="str")


def _count(incidents: pd.DataFrame, family: str) -> pd.Series:
    """Count the incidents of a family by month, family and area."""
    return categories.of_family(incidents, family).assign(family=family).groupby(CELL, observed=True).size()


def _areas(incidents: gpd.GeoDataFrame, places: gpd.GeoDataFrame, kind: str) -> tuple[pd.Series, gpd.GeoDataFrame]:
    """Return the area of each incident (missing: none), and all areas with their outlines if known."""
    if kind == "ward":
        wards = places[places["kind"] == "ward"].sort_values("place_code", ignore_index=True)
        ward = first_containing_area(incidents.geometry.to_numpy(), wards)
        area = wards["place_code"].reindex(ward).set_axis(incidents.index)
        listed = wards.rename(columns={"place_code": "area"})[["area", "name", "geometry"]]
    else:
        area = incidents["team_name" if kind == "team" else "lsoa_code"].astype("str")
        codes = sorted(area.dropna().unique())
        shapes = [_outline(places, code) if kind == "team" else None for code in codes]
        listed = gpd.GeoDataFrame({"area": codes, "name": codes}, geometry=shapes, crs=crs.BNG)
    if listed.empty:
        force = places.loc[places["kind"] == "force", "geometry"].head(1)
        listed = gpd.GeoDataFrame({"area": "", "name": [WHOLE_FORCE]}, geometry=[*force, None][:1], crs=crs.BNG)
        area = area.fillna("")
    return area, listed.astype({"area": "str", "name": "str"})


def _outline(places: gpd.GeoDataFrame, team: str) -> shapely.Geometry | None:
    """Return a team's outline, or that of its beats."""
    of_teams = places[places["kind"].isin(_TEAM_KINDS)]
    own = of_teams[(of_teams["name"] == team) & (of_teams["kind"] != "beat")]
    found = own if len(own) else of_teams[of_teams["team_name"] == team]
    return shapely.union_all(found.geometry.normalize()) if len(found) else None
