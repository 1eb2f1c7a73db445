"""The map's layers that tell something: a table that stands in the page, and a shape for each of its rows.

The table is the only place where the words are: pop-ups read them from it, so whoever does not see the map is told
the same. Tables in, plain values out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import categories, tables
from hotspots.reporting import counts, shapes, words
from hotspots.reporting.report import Report

Told = list[tuple[str, str]]  # what a row says: heading and text


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer: a row of the table a feature, in the order in which they are drawn.

    Parameters
    ----------
    name
        Of its data and of its table in the page.
    caption
        Of the table.
    titles, ids
        What each feature is called, and the part of the address that goes to it.
    told
        What is said of each.
    styles
        Class names of each.
    shapes
        Parts of each polygon (`shapes.polygons`), or None where a point stands for it.
    points
        Where each one's mark stands, or None where it has no place on the map.
    marks
        What stands on the mark: a number or a word; empty for a circle.
    sizes
        Radius of each circle in pixels; 0 where there is none.
    """

    name: str
    caption: str
    titles: list[str]
    ids: list[str]
    told: list[Told]
    styles: list[str]
    points: list[list[int] | None]
    shapes: list[Any] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """Columns of the table, in the order in which the rows first name them."""
        return list(dict.fromkeys(heading for row in self.told for heading, _ in row))

    @property
    def rows(self) -> list[tuple[str, str, list[str]]]:
        """Id, title and a text for each heading, empty where the row has none."""
        headings = self.headings
        cells = [[dict(row).get(heading, "") for heading in headings] for row in self.told]
        return list(zip(self.ids, self.titles, cells, strict=True))

    @property
    def drawn(self) -> dict[str, Any]:
        """What the script draws."""
        kinds = sorted(set(self.styles))
        found = {"ids": self.ids, "kinds": kinds, "kind": [kinds.index(style) for style in self.styles]}
        rest = {"points": self.points, "shapes": self.shapes, "marks": self.marks, "sizes": self.sizes}
        return found | {name: values for name, values in rest.items() if values}


def areas(report: Report, family: str) -> Layer:
    """A family's patrol areas: outlines, and numbers that stand for them."""
    held = _of(report.patrol_areas, family).sort_values(["rank", "patrol_area_id"])
    before = _of(report.previous_areas, family).set_index("patrol_area_id")["rank"]
    return _layer(
        f"{family}_areas",
        f"{words.FAMILY_SHORT[family]}: areas to visit",
        held,
        title=lambda row: f"{words.FAMILY_SHORT[family]} {row['rank']}: {words.place(row['main_location'])}",
        identity=lambda row: words.clean(row["patrol_area_id"]),
        told=lambda row: _area_told(report, row, before),
        style=lambda row: f"area {family} {_shade(int(row['rank']))}",
        mark=lambda row: str(row["rank"]),
        simplify_m=3,
    )


def hotspots(report: Report, family: str) -> Layer:
    """A family's hotspots, gone ones left out."""
    held = _of(report.hotspots, family)
    return _layer(
        f"{family}_hotspots",
        f"{words.FAMILY_SHORT[family]}: hotspots",
        held[held["status"] != "gone"].sort_values("hotspot_id"),
        title=lambda row: f"{words.FAMILY_SHORT[family]} hotspot: {words.place(row['main_location'])}",
        identity=lambda row: words.clean(row["hotspot_id"]),
        told=lambda row: _hotspot_told(report, row),
        style=lambda row: f"hotspot {family}",
        simplify_m=6,
    )


def changes(report: Report) -> Layer:
    """A word at every hotspot that is not what it was in the previous run."""
    status = report.hotspots["status"]
    held = report.hotspots[status.notna() & ~status.isin(tables.STAYED)].sort_values("hotspot_id")
    return _layer(
        "changes",
        "Changes since the last run",
        held,
        title=lambda row: (
            f"{words.FAMILY_SHORT[row['family']]} hotspot, {words.STATUS_WORDS[row['status']]}: "
            f"{words.place(row['main_location'])}"
        ),
        identity=lambda row: f"change-{words.clean(row['hotspot_id'])}",
        told=lambda row: _hotspot_told(report, row),
        style=lambda row: f"change {row['family']} {row['status']}",
        mark=lambda row: words.STATUS_WORDS[row["status"]],
    )


def hidden_demand(report: Report) -> Layer:
    """A question mark wherever residents worry and few incidents are reported: areas on the list, and other places."""
    held = report.patrol_areas[report.patrol_areas["concern_status"] == "hidden_demand"]
    found = _layer(
        "hidden",
        "Where residents worry and few incidents are reported",
        held.sort_values(["family", "rank", "patrol_area_id"]),
        title=lambda row: (
            f"Worry, but few reports, {words.FAMILY_SHORT[row['family']]} {row['rank']}: "
            f"{words.place(row['main_location'])}"
        ),
        identity=lambda row: f"hidden-{words.clean(row['patrol_area_id'])}",
        told=lambda row: _hidden_told(row["team_name"], words.named_by(row), row["incidents"]),
        style=lambda row: "hidden",
        mark=lambda row: "?",
    )
    rows = [row for _, row in hidden_places(report).iterrows()]
    return replace(
        found,
        titles=found.titles
        + [f"Worry, but few reports, {words.FAMILY_SHORT[row['family']]}: {words.place(row['name'])}" for row in rows],
        ids=found.ids + [f"hidden-{row['family']}-{words.clean(row['place_code'])}" for row in rows],
        told=found.told
        + [
            _hidden_told(
                row["team_name"],
                f"{words.answers(row['worried'])} of {words.answers(row['answers'])}",
                row["incidents"],
            )
            for row in rows
        ],
        styles=found.styles + ["hidden"] * len(rows),
        points=found.points + list(shapes.points([row["easting"] for row in rows], [row["northing"] for row in rows])),
        marks=found.marks + ["?"] * len(rows),
    )


def hidden_places(report: Report) -> pd.DataFrame:
    """Places beside the list where many of those who answered worry and few incidents are reported."""
    listening = report.answering.listening
    held = listening[(listening["concern_status"] == "hidden_demand") & (listening["kind"] == "place")]
    return held[held["easting"].notna()].sort_values(["family", "place_code"])


def _hidden_told(team: object, answers: str, incidents: int) -> Told:
    """What is said of a place where residents worry and few incidents are reported."""
    told = [
        ("Team", words.place(team, 80)),
        ("Answers nearby that name it", answers),
        ("Recorded in the window", f"{incidents:,}"),
    ]
    return told


def concerns(report: Report) -> Layer:
    """A circle for every square or place with enough answers, the larger the more."""
    found = counts.gatherings(report.concerns, report.places_now)
    numbers = range(1, len(found) + 1)
    return Layer(
        name="concerns",
        caption=f"Residents' concerns, where at least {words.FEW} answered",
        titles=[f"Residents' concerns: {one.name.lower()}, group {n}" for n, one in zip(numbers, found, strict=True)],
        ids=[f"concerns-{n}" for n in numbers],
        told=[
            [
                ("Answers", f"at least {one.answers:,}"),
                ("Named most", "; ".join(f"{label} ({count:,})" for label, count in one.issues)),
            ]
            for one in found
        ],
        styles=["concern"] * len(found),
        points=list(shapes.points([one.easting for one in found], [one.northing for one in found])),
        sizes=[round(6 + min(14.0, 1.5 * one.answers**0.5), 1) for one in found],
    )


def near_repeats(report: Report) -> Layer:
    """Zones in which a burglary close by makes another likelier for a while."""
    held = report.near_repeats if report.near_repeats is not None else report.hotspots.iloc[:0]
    says = [str(name) for name in held.columns if name != held.geometry.name and name not in ("zone_id", "family")]
    numbered = held.assign(number=range(1, len(held) + 1))
    return _layer(
        "near_repeats",
        "Near-repeat zones",
        numbered,
        title=lambda row: f"Near-repeat zone {row['number']}",
        identity=lambda row: f"near-repeat-{row['number']}",
        told=lambda row: [(name.replace("_", " ").capitalize(), _said(row[name])) for name in says],
        style=lambda row: "zone",
        simplify_m=6,
    )


def referrals(report: Report) -> Layer:
    """What was passed on to partners, at the point or in the middle of the place it is about.

    Rows whose place is none of the report's stand in the table only.
    """
    held = report.referrals if report.referrals is not None else pd.DataFrame()
    held = held.sort_values("referral_id") if len(held) else held
    rows = [row for _, row in held.iterrows()]
    return Layer(
        name="referrals",
        caption="Passed on to partners",
        titles=[
            f"Passed on to {words.place(row['partner'], 60)}: {categories.ISSUE_LABELS[str(row['issue'])]}"
            for row in rows
        ],
        ids=[f"referral-{words.clean(row['referral_id'])}" for row in rows],
        told=[
            [
                ("Where", words.place(row["place"])),
                ("Residents who named it", words.answers(int(row["concerns"]))),
                ("Answer", words.clean(row.get("answer"), 300) or "none yet"),
            ]
            for row in rows
        ],
        styles=["referral"] * len(rows),
        points=_places_of(held, report.places_now),
        marks=["➜"] * len(rows),
    )


def past_runs(report: Report, shown: int = 20) -> list[dict[str, Any]]:
    """What earlier runs listed first, the latest run first: its day, and each area's outline, number and words."""
    if report.past_areas is None or report.past_areas.empty:
        return []
    past = report.past_areas[report.past_areas["rank"] <= shown]
    runs = []
    for day in sorted(past["as_of"].unique(), reverse=True):
        held = past[past["as_of"] == day].sort_values(["family", "rank", "patrol_area_id"])
        runs.append(
            {
                "day": words.day(pd.Timestamp(day).date()),
                "styles": [f"past {family}" for family in held["family"]],
                "titles": [
                    f"{words.FAMILY_SHORT[row['family']]} {row['rank']}: {words.place(row['main_location'], 60)}"
                    for _, row in held.iterrows()
                ],
                "marks": [str(rank) for rank in held["rank"]],
                "told": [
                    words.interval(row["expected"], row["expected_low"], row["expected_high"])
                    for _, row in held.iterrows()
                ],
                "points": shapes.middles(held.geometry),
                "shapes": shapes.polygons(held.geometry, 8),
            }
        )
    return runs


def _layer(
    name: str,
    caption: str,
    held: gpd.GeoDataFrame,
    *,
    title: Callable[[pd.Series], str],
    identity: Callable[[pd.Series], str],
    told: Callable[[pd.Series], Told],
    style: Callable[[pd.Series], str],
    mark: Callable[[pd.Series], str] | None = None,
    simplify_m: float = 0,
) -> Layer:
    """A layer of a table's rows; with a mark and without a simplification it is drawn as marks alone."""
    rows = [row for _, row in pd.DataFrame(held.drop(columns=held.geometry.name)).iterrows()]
    return Layer(
        name=name,
        caption=caption,
        titles=[title(row) for row in rows],
        ids=[identity(row) for row in rows],
        told=[[(heading, text) for heading, text in told(row) if text] for row in rows],
        styles=[style(row) for row in rows],
        points=list(shapes.middles(held.geometry)),
        shapes=shapes.polygons(held.geometry, simplify_m) if simplify_m else [],
        marks=[mark(row) for row in rows] if mark else [],
    )


def _area_told(report: Report, row: pd.Series, before: pd.Series) -> Told:
    """What is said of a patrol area."""
    expected = words.interval(row["expected"], row["expected_low"], row["expected_high"])
    was = before.get(row["patrol_area_id"])
    return [
        (f"Expected in {report.horizon_label}", expected),
        ("Recorded in the window", f"{row['incidents']:,}"),
        ("Rank in the last run", "" if before.empty else "not listed" if was is None else str(was)),
        ("Why it is listed", words.clean(row["reason"], 300)),
        ("Team", words.place(row["team_name"], 80)),
        (f"Chance it is in the first {report.top_k}", words.percent(row["top_k_chance"])),
        ("Concerns nearby", _concerns(row)),
        *words.peaks(row),
        ("Walk around it", f"{words.number(row['walk_minutes'], 0)} minutes"),
        ("Caution", words.flags(row["flags"])),
    ]


def _hotspot_told(report: Report, row: pd.Series) -> Told:
    """What is said of a hotspot."""
    status = row["status"]
    return [
        ("Recorded in the window", f"{row['incidents']:,} at {words.counted(row['spots'], 'map point', 'map points')}"),
        (
            f"Expected in {report.horizon_label}",
            words.interval(row["expected"], row["expected_low"], row["expected_high"]),
        ),
        ("Since last run", "" if pd.isna(status) else words.STATUS_WORDS[status]),
        ("Concerns nearby", _concerns(row)),
        *words.peaks(row),
        ("Caution", words.flags(row["flags"])),
    ]


def _concerns(row: pd.Series) -> str:
    """Answers near a place, and what they mean beside the record."""
    return f"{words.named_by(row)} ({words.CONCERN_SHORT[row['concern_status']].lower()})"


def _said(value: object) -> str:
    """A value of a column that the map does not know, in words."""
    if isinstance(value, pd.Timestamp):
        return words.day(value.date())
    return words.number(value) if isinstance(value, float) and not pd.isna(value) else words.clean(value, 300)


def _shade(rank: int) -> str:
    """Dark for the first five, middling to the twentieth, then pale."""
    return "first" if rank <= 5 else "next" if rank <= 20 else "later"


def _of(table: gpd.GeoDataFrame, family: str) -> gpd.GeoDataFrame:
    return table[table["family"] == family]


def _places_of(referred: pd.DataFrame, places: gpd.GeoDataFrame) -> list[list[int] | None]:
    """A point for each row: its own, or the middle of the place that it names."""
    if referred.empty:
        return []
    if isinstance(referred, gpd.GeoDataFrame):
        inside = referred.geometry.representative_point()
    else:
        named = places.sort_values(["kind", "place_code"]).drop_duplicates("name").set_index("name").geometry
        inside = gpd.GeoSeries([named.get(place) for place in referred["place"]], crs=places.crs).representative_point()
    found = shapes.points(inside.x.fillna(0), inside.y.fillna(0))
    return [point if np.isfinite(x) else None for point, x in zip(found, inside.x, strict=True)]


def every(report: Report) -> list[Layer]:
    """The layers that tell something, those without a row left out where they are rare."""
    always = [areas(report, family) for family in tables.FAMILIES]
    always += [hotspots(report, family) for family in tables.FAMILIES]
    now_and_then = [hidden_demand(report), near_repeats(report), referrals(report)]
    moved = [] if report.is_first_run else [changes(report)]
    return [*always, *moved, concerns(report), *[layer for layer in now_and_then if layer.rows]]
