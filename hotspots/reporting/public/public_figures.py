"""What the public may know of a force: recorded ASB and burglary by area and whole month, after disclosure control.

Areas are teams, wards or LSOAs, never patrol areas or hotspots; see `disclosure` for the rules and why they are enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from hotspots import categories, crs, tables
from hotspots.errors import ParameterError
from hotspots.reporting import formatting
from hotspots.reporting.public import disclosure

AREA_WORDS = {"team": "team areas", "ward": "wards", "lsoa": "lower layer super output areas (LSOAs)"}
WHOLE_FORCE = "The whole force"
CELL = ["month", "family", "area"]
_OF_TEAMS = ("LPA", "LPT", "NPT", "SNT", "beat")


@dataclass(frozen=True, kw_only=True)
class PublicParams:
    """By what the public version counts.

    Attributes
    ----------
    areas
        Areas of the public figures: team, ward or lsoa. Choose once: figures by two kinds of areas can be subtracted,
        so months that an earlier run gave by another kind are not given again.
    """

    areas: str = "team"

    def __post_init__(self) -> None:
        """Check the kind of areas."""
        if self.areas not in AREA_WORDS:
            raise ParameterError(f"public.areas is '{self.areas}', expected one of {', '.join(AREA_WORDS)}.")


@dataclass(frozen=True, kw_only=True)
class PublicFigures:
    """The figures of whole months, as they may be published.

    Parameters
    ----------
    force_name : str
        In full.
    areas_words : str
        What the areas are, in words.
    months, missing : list of str
        Whole months, YYYY-MM, that are covered, and those among them without any record.
    areas : GeoDataFrame
        `area` (code), `name`, `since` (first whole month it holds for; missing: always) and its outline or None.
    figures : DataFrame
        `month`, `family`, `area`, `figure`, `shown`: one line a cell, as `disclosure.protect` gives them.
    sources : list of str
        Where the data comes from and its licence.
    wrong : list of (str, str)
        Family and month, without figures because they look wrong at the source.
    by_others : list of str
        Months without figures because an earlier run gave them by another kind of areas.
    """

    force_name: str
    areas_words: str
    months: list[str]
    missing: list[str]
    areas: gpd.GeoDataFrame
    figures: pd.DataFrame
    sources: list[str]
    wrong: list[tuple[str, str]] = field(default_factory=list)
    by_others: list[str] = field(default_factory=list)


def gather_figures(
    incidents: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    as_of: date,
    window_months: int,
    params: PublicParams,
    *,
    force_name: str,
    begins: Mapping[str, date] | None = None,
    left_out: Mapping[str, Sequence[str]] | None = None,
    by_others: Sequence[str] = (),
) -> PublicFigures:
    """The protected figures of every whole month with records, as they are on every day until the next month is over.

    Parameters
    ----------
    incidents
        The force's own, of every type, as far back as the first of the months.
    places
        `tables.PLACES`, for names and outlines.
    begins
        First day of teams that did not always exist: earlier months were counted by other teams, and figures by both
        could be subtracted, so they are left out.
    left_out
        Family to the months that look wrong at the source; they have no figures.
    by_others
        Months that earlier runs gave by another kind of areas; they have none, either.
    """
    months = disclosure.public_months(as_of, window_months)
    known = disclosure.known_on(incidents[incidents["month"].isin(months)], disclosure.public_day(as_of))
    area, areas = _areas(known, places, params.areas)
    since = areas["area"].map(dict(begins or {})) if params.areas == "team" else None
    areas = areas.assign(since=pd.to_datetime(since) if since is not None else pd.NaT)
    skipped = [(family, month) for family in tables.FAMILIES for month in (left_out or {}).get(family, [])]
    with_data = [month for month in months if (known["month"] == month).any()]
    elsewhere = [month for month in with_data if month in set(by_others)]
    given = [(family, month) for family in tables.FAMILIES for month in elsewhere]
    cells = _cells(known.assign(area=area), areas, with_data, skipped + given)
    areas, figures = _listed(areas, disclosure.protect(cells, ["month", "family"]))
    return PublicFigures(
        force_name=force_name,
        areas_words=AREA_WORDS[params.areas],
        months=months,
        missing=[month for month in months if month not in with_data],
        wrong=[(family, month) for family, month in skipped if month in with_data],
        by_others=elsewhere,
        areas=areas,
        figures=figures,
        sources=formatting.sources(known["source"].astype("str").unique(), force_name),
    )


def _cells(
    incidents: gpd.GeoDataFrame, areas: pd.DataFrame, months: list[str], skipped: list[tuple[str, str]]
) -> pd.DataFrame:
    """Counts of every month, family and area, nought among them; none before an area began, nor of what is skipped."""
    counted = pd.concat([_count(incidents, family) for family in tables.FAMILIES])
    every = pd.MultiIndex.from_product([months, tables.FAMILIES, areas["area"]], names=CELL)
    cells = counted.reindex(every, fill_value=0).rename("count").reset_index()
    is_skipped = pd.MultiIndex.from_frame(cells[["family", "month"]]).isin(skipped)
    cells = cells[~is_skipped] if skipped else cells
    begun = cells["area"].map(areas.set_index("area")["since"])
    return cells[~(begun > pd.to_datetime(cells["month"], format="%Y-%m"))].reset_index(drop=True)


def _listed(areas: gpd.GeoDataFrame, figures: pd.DataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """The areas that may be named, and their figures: those with an outline, and those with a figure to show.

    Of an area that only records name, the name alone would tell that something was recorded there, and it may be
    anything that somebody typed.
    """
    told = figures.loc[figures["figure"].notna(), "area"]
    named = areas[areas["area"].isin(told) | (areas["area"] == "") | areas.geometry.notna()].reset_index(drop=True)
    return named, figures[figures["area"].isin(named["area"])].reset_index(drop=True)


def withheld(public: PublicFigures) -> pd.DataFrame:
    """What is not published, and why: `what`, `month`, `family`, `area`, `why`, a line each."""
    always = [
        ("patrol areas, hotspots and their outlines", "they would show where police go next, and single homes"),
        ("hotspots at a single map point", "the point may stand for one home or one household"),
        ("points and addresses of burglaries", "they would show whose home was broken into"),
        ("days and hours", "together with a place they may tell of one incident"),
        (
            "texts that residents or officers wrote, but for words meant for the public",
            "they may name or describe somebody",
        ),
        ("the month that is not over yet", "figures cover whole months only"),
        ("counts below 5", "behind a small number stand people who may be known"),
        (
            "teams and LSOAs without any figure to show",
            "that they are named would tell that something was recorded there",
        ),
        ("incidents that lie in none of the areas", "so few would stand alone"),
    ]
    lines = [(what, "", "", "", why) for what, why in always]
    lines += [("a month", month, "", "", "no records of it were received") for month in public.missing]
    lines += [
        ("a month", month, family, "", "the records of it look wrong at the source") for family, month in public.wrong
    ]
    lines += [
        ("a month", month, "", "", "it was given by another kind of areas before, and both could be subtracted")
        for month in public.by_others
    ]
    late = public.areas[public.areas["since"].notna()]
    lines += [
        ("earlier months", "", "", name, f"the area has been as it is since {formatting.day(since)}")
        for name, since in zip(late["name"], late["since"], strict=True)
        if f"{since:%Y-%m-%d}" > f"{public.months[0]}-01"
    ]
    names = public.areas.set_index("area")["name"]
    hidden = public.figures[public.figures["figure"].isna()]
    hidden = hidden.assign(area=hidden["area"].map(names)).sort_values(CELL)
    why = "below 5, or needed so that one below 5 cannot be worked out"
    lines += [("a figure", *cell, why) for cell in hidden[CELL].itertuples(index=False)]
    return pd.DataFrame(lines, columns=["what", "month", "family", "area", "why"], dtype="str")


def _count(incidents: pd.DataFrame, family: str) -> pd.Series:
    """Incidents of a family by month, family and area."""
    return categories.of_family(incidents, family).assign(family=family).groupby(CELL, observed=True).size()


def _areas(incidents: gpd.GeoDataFrame, places: gpd.GeoDataFrame, kind: str) -> tuple[pd.Series, gpd.GeoDataFrame]:
    """The area that each incident counts for (missing: none), and all areas, with their outlines where known."""
    if kind == "ward":
        wards = places[places["kind"] == "ward"].sort_values("place_code", ignore_index=True)
        area = _inside(incidents, wards)
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
    """A team's own outline, or that of the beats that name it."""
    of_teams = places[places["kind"].isin(_OF_TEAMS)]
    own = of_teams[(of_teams["name"] == team) & (of_teams["kind"] != "beat")]
    found = own if len(own) else of_teams[of_teams["team_name"] == team]
    return shapely.union_all(found.geometry.normalize()) if len(found) else None


def _inside(incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> pd.Series:
    """Code of the first ward that each incident lies in."""
    point, ward = wards.sindex.query(incidents.geometry, predicate="intersects")
    first = pd.Series(ward, index=point).groupby(level=0).min()
    codes = pd.Series(None, index=incidents.index, dtype="object")
    codes.iloc[first.index.to_numpy()] = wards["area" if "area" in wards else "place_code"].to_numpy()[first.to_numpy()]
    return codes.astype("str")
