"""Made-up runs of a made-up force, as the report's tables: towns, areas around them, a survey, bad rows."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hostile_texts import HOSTILE

from hotspots import categories, crs, findings, tables
from hotspots.period import Window
from hotspots.reporting.pages import report_pages
from hotspots.reporting.public import public_figures as public
from hotspots.reporting.public.recorded_change import RecordChange
from hotspots.reporting.public.you_said_we_did import Update
from hotspots.reporting.report import Report
from hotspots.reporting.residents_report import ResidentsReport
from hotspots.reporting.web_map import base_map_encoding
from hotspots.residents import confidence

AS_OF = date(2025, 9, 30)
WINDOW = Window(date(2024, 10, 1), date(2025, 10, 1))
TOWNS = {"Littleham": (415_000, 184_500), "Great Bexley": (400_500, 162_000), "Stowbridge": (414_500, 130_000)}
STREETS = [
    "Mill Lane",
    "Parking Area",
    "High Street",
    "Station Road",
    "St Mary's Close",
    "Supermarket",
    "Park/Open Space",
]


def report(**changes: object) -> Report:
    """A run with three towns, 50 areas of each family and a survey; keyword arguments replace fields."""
    incidents, places = changes.get("incidents", made_incidents()), changes.get("places", made_places())
    figures = public_figures(incidents, places, force_name=changes.get("force_name", "Littleshire Police"))
    facts = {
        "force_name": "Littleshire Police",
        "slug": "littleshire",
        "as_of": AS_OF,
        "window": WINDOW,
        "expires_on": date(2025, 11, 4),
        "horizon_label": "the next month",
        "hotspots": made_hotspots(),
        "patrol_areas": made_areas(),
        "incidents": incidents,
        "concerns": made_concerns(),
        "places": places,
        "public": figures,
        "tally": made_tally(),
        "findings": made_findings(),
        "previous_as_of": date(2025, 8, 31),
        "past_areas": made_past(),
        "near_repeats": made_near_repeats(),
        "near_repeat_words": ("Burglaries come back here.",),
        "referrals": made_referrals(),
        "base_map": made_base_map(),
        "left_out": {"asb": ["2025-05"]},
        "accuracy": made_accuracy(),
        "calibration": made_calibration(),
        "residents": made_residents_report(),
        "updates": [made_update()],
        "settings": {"clusters": {"asb": {"radius_m": 150.0, "min_incidents": 10}}, "forecast": {"horizon_days": 30}},
        "inputs": [
            {
                "name": "2025-09-littleshire-street.csv",
                "kind": "police_uk",
                "rows": 4812,
                "sha256": "ab" * 32,
                "used": True,
                "why_not": "",
            },
            {
                "name": "2025-09-kent-street.csv",
                "kind": "police_uk",
                "rows": 9120,
                "sha256": "cd" * 32,
                "used": False,
                "why_not": "another force",
            },
        ],
        "versions": {"hotspots": "0.1.0", "geopandas": "1.2.0"},
        "accuracy_words": (
            "In the last six months the first 20 ASB areas held 9 % of the month's ASB in 0.04 % of the force.",
        ),
    }
    facts |= changes
    if facts["base_map"] is not None:
        facts.setdefault("encoded_base_map", base_map_encoding.encode(facts["base_map"]))
    return Report(**facts)


def bare(**changes: object) -> Report:
    """A first run that found nothing: every table empty."""
    empty = {
        "hotspots": tables.empty(tables.HOTSPOTS),
        "patrol_areas": tables.empty(tables.PATROL_AREAS),
        "incidents": tables.empty(tables.INCIDENTS),
        "concerns": tables.empty(tables.CONCERNS),
        "places": tables.empty(tables.PLACES),
        "tally": tables.empty(tables.TALLY),
        "findings": tables.empty(tables.FINDINGS),
        "previous_as_of": None,
        "past_areas": None,
        "near_repeats": None,
        "referrals": None,
        "base_map": None,
        "left_out": {},
        "accuracy": tables.empty(tables.ACCURACY),
        "calibration": tables.empty(tables.CALIBRATION),
        "residents": ResidentsReport(),
        "updates": [],
        "settings": {},
        "inputs": [],
        "versions": {},
        "accuracy_words": (),
    }
    return report(**(empty | changes))


def page(report: Report, name: str = "index.html") -> str:
    """One page of a report."""
    return report_pages.draw_pages(report)[name]


def public_figures(incidents: gpd.GeoDataFrame, places: gpd.GeoDataFrame, **given: object) -> public.PublicFigures:
    """What the public may know of these incidents."""
    facts = {"as_of": AS_OF, "window_months": 12, "params": public.PublicParams(), "force_name": "Littleshire Police"}
    facts |= {"begins": {}, "left_out": {}, "by_other_areas": ()}
    return public.gather_figures(incidents, places, **(facts | given))


def made_incidents(rows: int = 9000, seed: int = 5) -> gpd.GeoDataFrame:
    """Month-only incidents around the towns, at repeated map points; no file for 2025-02."""
    rng = np.random.default_rng(seed)
    months = [month for month in WINDOW.months if month != "2025-02"]
    towns = np.array(list(TOWNS.values()))
    town = rng.choice(len(towns), 900, p=[0.6, 0.25, 0.15])
    spots = np.round(towns[town] + rng.normal(0, 1, (900, 2)) * np.array([[2200], [1300], [900]])[town], -1)
    at = rng.choice(900, rows, p=np.random.default_rng(1).dirichlet(np.full(900, 0.3)))
    kinds = rng.choice(["asb", "burglary", "violence", "shoplifting", "drugs"], rows, p=[0.3, 0.1, 0.4, 0.15, 0.05])
    frame = pd.DataFrame(
        {
            "incident_id": [f"i{n:05d}" for n in range(rows)],
            "source": "police_uk",
            "force": "littleshire",
            "is_own_force": True,
            "category": kinds,
            "month": rng.choice(months, rows),
            "date_precision": "month",
            "harm_days": np.nan,
            "location_precision": "snap",
            "location_text": [f"On or near {STREETS[n % len(STREETS)]}" for n in at],
            "team_name": [list(TOWNS)[n] for n in town[at]],
        }
    )
    return tables.conform(_placed(frame, shapely.points(spots[at])), tables.INCIDENTS)


def made_areas(each: int = 50, seed: int = 2) -> gpd.GeoDataFrame:
    """Ranked areas of both families."""
    return tables.conform(
        pd.concat([_areas("asb", each, seed), _areas("burglary", each, seed + 1)]), tables.PATROL_AREAS
    )


def made_accuracy() -> pd.DataFrame:
    """What the list of a month before held of 200 incidents, beside two other ways to choose."""
    held = {"this method": (12, 24, 40), "history cover": (10, 22, 38), "best possible": (18, 40, 66)}
    rows = [
        (family, method, k, hits)
        for family in tables.FAMILIES
        for method, found in held.items()
        for k, hits in zip((5, 20, 50), found, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["family", "method", "k", "hits"])
    scored = {"basis": "published", "as_of": pd.Timestamp("2025-08-31"), "total": 200, "area_m2": 3e6, "pai": 100.0}
    period = {"period_start": pd.Timestamp("2025-09-01"), "period_end": pd.Timestamp("2025-10-01")}
    return tables.conform(frame.assign(**scored, **period, hit_rate=frame["hits"] / 200), tables.ACCURACY)


def made_calibration() -> pd.DataFrame:
    """Expected and came, by ten ranks."""
    frame = pd.DataFrame(
        [
            (family, f"{10 * n + 1} to {10 * n + 10}", 20.4 - 4 * n, 19 - 3 * n)
            for family in tables.FAMILIES
            for n in range(5)
        ],
        columns=["family", "band", "expected", "observed"],
    )
    scored = {"basis": "published", "as_of": pd.Timestamp("2025-08-31"), "statement": "expected", "areas": 10}
    return tables.conform(frame.assign(**scored, share=np.nan), tables.CALIBRATION)


def made_base_map() -> gpd.GeoDataFrame:
    """A river through the force, a wood beside it, a road, and the name of a village."""
    shapes = [
        shapely.LineString([(390_000, 150_000), (405_000, 165_000), (428_000, 180_000)]),
        shapely.Point(402_000, 175_000).buffer(2500),
        shapely.LineString([(415_000, 120_000), (414_000, 195_000)]),
        shapely.Point(395_000, 140_000),
    ]
    frame = pd.DataFrame(
        {
            "feature_id": ["b1", "b2", "b3", "b4"],
            "kind": ["river", "wood", "road", "place"],
            "name": ["River Little", None, None, "Nether Wick"],
        }
    )
    return tables.conform(_placed(frame, shapes), tables.BASE_MAP)


def made_past(each: int = 20) -> gpd.GeoDataFrame:
    """What two earlier runs listed; half of the areas are those of now, at other ranks."""
    runs = []
    for n, day in enumerate(("2025-08-31", "2025-07-31"), start=1):
        areas = made_areas(each).assign(as_of=pd.Timestamp(day))
        areas["geometry"] = areas.geometry.translate(40.0 * n, 25.0 * n)
        moved = areas["rank"] > each // 2
        runs.append(
            areas.assign(patrol_area_id=areas["patrol_area_id"].where(~moved, areas["patrol_area_id"] + "-old"))
        )
    return gpd.GeoDataFrame(pd.concat(runs, ignore_index=True), crs=crs.BNG)


def made_near_repeats() -> gpd.GeoDataFrame:
    """Two zones around burglaries of the last weeks."""
    frame = pd.DataFrame(
        {
            "zone_id": ["near-repeat-2025-09-30-001", "near-repeat-2025-09-30-002"],
            "burglaries": [2, 3],
            "first_day": pd.Timestamp("2025-09-21"),
            "last_day": pd.to_datetime(["2025-09-28", "2025-09-24"]),
            "until": pd.to_datetime(["2025-10-12", "2025-10-08"]),
            "main_location": STREETS[:2],
            "team_name": "Littleham",
            "area_m2": 125_000.0,
            "ratio": 1.7,
            "ratio_low": 1.4,
            "ratio_high": 2.1,
        }
    )
    placed = _placed(frame, [shapely.Point(x, 184_000).buffer(200) for x in (413_000, 416_000)])
    return tables.conform(placed, tables.NEAR_REPEATS)


def made_referrals() -> pd.DataFrame:
    """Three things passed on: two at places of the report, one somewhere unknown."""
    rows = {
        "referral_id": ["r1", "r2", "r3"],
        "partner": ["Littleham Town Council", "Littleham Town Council", "Environment Agency"],
        "issue": ["fly_tipping", "speeding", "fly_tipping"],
        "concerns": [14, 2, 5],
        "place": ["Littleham", "Littleham East", "Nowhere in particular"],
        "answer": [None, "Signs were put up.", None],
    }
    frame = pd.DataFrame(rows).assign(
        period_start=pd.Timestamp(2025, 7, 1), period_end=pd.Timestamp(2025, 10, 1), sent_on=pd.Timestamp(AS_OF)
    )
    return tables.conform(frame, tables.REFERRALS)


def made_residents_report() -> ResidentsReport:
    """What was heard, passed on, done, promised and measured: overdue reviews and answers among it."""
    return ResidentsReport(
        comparison=made_comparison(),
        referrals=made_sent(),
        engagement=made_engagement(),
        priorities=made_priorities(),
        actions=made_actions(),
        confidence=confidence.compare_waves(made_confidence(), pd.Series({n: n for n in TOWNS}), pd.Timestamp(AS_OF)),
        deciles=pd.DataFrame(
            {"imd_decile": range(1, 11), "people": 9000.0, "answers": [2, *range(20, 200, 20)], "response_ratio": 1.0}
        ),
        population_label="residents",
        held_back={"Environment Agency": 3},
        unknown_answers=["2025-01-01-nosuch"],
    )


def made_update(name: str = "Littleham") -> Update:
    """What one team is told, with every part of it."""
    line = {"code": "litter", "issue": "Litter", "residents": "about 15", "before": "about 10", "change": "more"}
    change = RecordChange(
        after=40,
        before=80,
        periods=("July to September 2025", "April to June 2025"),
        change="fewer",
        is_everywhere=True,
    )
    return Update(
        name=name, team_name=name, quarter="July to September 2025",
        issues=[line | {"responses": [f"Referred to {name}."]}],
        other_referrals=[f"{name}: noise."], recorded=[("Anti-social behaviour", change), ("Burglary", None)],
        charts=[],
        actions=[f"Since May 2025: {name}."],
        visits="about 40 patrol visits", priorities=[f"{name}, to be reviewed."],
        message=f"You said, we did: {name}.", contact="Call 101.", next_update="1 January 2026",
    )  # fmt: skip


def no_figures() -> public.PublicFigures:
    """Public figures of no area."""
    figures = pd.DataFrame({name: pd.Series(dtype="str") for name in ("month", "family", "area", "shown")})
    areas = tables.empty(tables.PLACES).rename(columns={"place_code": "area"})
    return public.PublicFigures(
        force_name="F", areas_label="team areas", months=[], missing=[], areas=areas,
        figures=figures.assign(figure=pd.Series(dtype="Int64")), sources=[],
    )  # fmt: skip


def made_comparison() -> pd.DataFrame:
    """The force's answers on ASB, and a place where many worry and few report."""
    x, y = TOWNS["Littleham"]
    rows = [("force", "force", "force", 400, 900), ("place", f"{x} {y}", "Mill Lane", 22, 4)]
    frame = pd.DataFrame(rows, columns=["kind", "place_code", "name", "answers", "incidents"])
    shares = {name: 0.4 for name, column in tables.AREA_COMPARISON.columns.items() if column.kind == "float64"}
    flags = {"family": "asb", "worried": 20, "is_low_response": False, "is_silent": False, "team_name": "Littleham"}
    frame = frame.assign(**shares, **flags, concern_status=["agreement", "hidden_demand"])
    return tables.conform(frame.assign(easting=float(x), northing=float(y)), tables.AREA_COMPARISON)


def made_engagement(rows: int = 12) -> pd.DataFrame:
    """More suggestions than the page shows at once."""
    frame = pd.DataFrame({"suggestion": range(1, rows + 1)}).assign(
        team_name=[list(TOWNS)[n % 3] for n in range(rows)], place="Around Mill Lane", family="asb", answers=22,
        way=[tables.ENGAGEMENT_WAYS[n % 4] for n in range(rows)], incidents=4, easting=np.nan, northing=np.nan,
        why=[tables.ENGAGEMENT_REASONS[n % 4] for n in range(rows)], day_and_time="Fridays, in the evening",
        reason="20 of 22 residents worry.",
    )  # fmt: skip
    return tables.conform(frame, tables.ENGAGEMENT)


def made_priorities() -> pd.DataFrame:
    """One overdue, one to be reviewed, one closed."""
    frame = pd.DataFrame(
        [("p1", "Littleham", "2025-06-01", "2025-09-01", None), ("p2", "Stowbridge", "2025-06-01", "2025-12-01", None),
         ("p3", "Stowbridge", "2025-01-01", "2025-03-01", "2025-03-05")],
        columns=["priority_id", "team_name", "agreed_on", "review_on", "closed_on"],
    ).assign(issue="nuisance_vehicles", owner="Neighbourhood inspector")  # fmt: skip
    times = dict.fromkeys(["agreed_on", "review_on", "closed_on"], "datetime64[us]")
    return tables.conform(frame.astype(times), tables.PRIORITIES)


def made_actions() -> pd.DataFrame:
    """At a hotspot, in a ward, in a team's area, at a hotspot that is gone; one with words for the public."""
    frame = pd.DataFrame({
        "action_id": ["a1", "a2", "a3", "a4"],
        "hotspot_id": ["asb-2025-09-0001", None, None, "asb-2019-01-0001"],
        "place_code": [None, "W1", "stowbridge", None],
        "owner": ["Sergeant", "Littleham Town Council", "PCSO team", "Sergeant"],
        "action": ["Foot patrols", "Lamps mended", "Doors knocked at", "Gates put up"],
        "started_on": ["2025-09-02", "2025-08-01", "2025-07-01", "2025-02-01"],
        "ended_on": [None, "2025-08-20", None, "2025-03-01"],
        "outcome": [None, "Dark no more", None, "Quiet since"],
        "public_text": [None, "The lamps are lit again", "We visited 3 homes", None],
    }).astype(dict.fromkeys(["started_on", "ended_on"], "datetime64[us]"))  # fmt: skip
    return tables.conform(frame, tables.ACTIONS)


def made_sent() -> pd.DataFrame:
    """What was passed on with this report and long before it: answered, and not."""
    frame = pd.concat([made_referrals()] * 2, ignore_index=True).assign(
        referral_id=[f"2025-09-30-{n}" for n in range(6)], concerns=[14, 7, 5, 9, 8, 6], team_name="Littleham",
        sent_on=pd.to_datetime(["2025-09-30"] * 3 + ["2025-07-31"] * 3), department="street cleansing",
    )  # fmt: skip
    return tables.conform(frame.assign(sent_on=frame["sent_on"].astype("datetime64[us]")), tables.REFERRALS)


def made_confidence() -> pd.DataFrame:
    """Two waves of one question, by team and for the force; Stowbridge falls."""
    rows = [
        (wave, place, share, 200)
        for wave, fall in (("2025-Q1", 0.0), ("2025-Q2", 0.25))
        for place, share in {
            **{name: 0.6 - fall * (name == "Stowbridge") for name in TOWNS},
            "littleshire": 0.55,
        }.items()
    ]
    frame = pd.DataFrame(rows, columns=["wave", "place_code", "share", "respondents"])
    return tables.conform(frame.assign(question="Police do a good job"), tables.CONFIDENCE)


def made_hotspots(each: int = 30, seed: int = 3) -> gpd.GeoDataFrame:
    """Hotspots of both families, of every status."""
    return tables.conform(
        pd.concat([_hotspots("asb", each, seed), _hotspots("burglary", each, seed + 1)]), tables.HOTSPOTS
    )


def made_concerns(seed: int = 4) -> gpd.GeoDataFrame:
    """Answers at points in Littleham, answers that name a ward, and a few that name nothing."""
    rng = np.random.default_rng(seed)
    rows = 260
    precision = np.array(["point"] * 160 + ["ward"] * 80 + ["unplaced"] * 20)
    xy = np.array(TOWNS["Littleham"]) + rng.normal(0, 900, (rows, 2))
    issues = rng.choice(["rowdy_behaviour", "nuisance_vehicles", "fly_tipping", "speeding", "burglary", "unsafe"], rows)
    frame = pd.DataFrame(
        {
            "concern_id": [f"c{n:04d}" for n in range(rows)],
            "survey": "Have your say 2025",
            "channel": "online",
            "received_at": pd.Timestamp("2025-06-01"),
            "issue": issues,
            "owner": [categories.ISSUE_OWNERS[issue] for issue in issues],
            "respondent_id": [f"r{n // 2:04d}" for n in range(rows)],
            "location_precision": precision,
            "place_code": np.where(precision == "ward", "W1", None),
            "team_name": "Littleham",
        }
    )
    points = [shapely.Point(*at) if kind == "point" else None for at, kind in zip(xy, precision, strict=True)]
    return tables.conform(_placed(frame, points), tables.CONCERNS)


def made_places() -> gpd.GeoDataFrame:
    """The force, its three teams and a ward."""
    whole = shapely.box(385_000, 115_000, 430_000, 198_000).buffer(-3000).buffer(3000)
    teams = {name: shapely.Point(at).buffer(9000).intersection(whole) for name, at in TOWNS.items()}
    frame = pd.DataFrame(
        {
            "place_code": ["littleshire", *teams, "W1"],
            "kind": ["force", *["NPT"] * len(teams), "ward"],
            "name": ["Littleshire", *teams, "Littleham East"],
        }
    )
    ward = shapely.Point(417_500, 186_000).buffer(1200)
    return tables.conform(_placed(frame, [whole, *teams.values(), ward]), tables.PLACES)


def real_outline(path: Path, force: str) -> gpd.GeoDataFrame:
    """The outline of a real force as the only place."""
    areas = gpd.read_file(path)
    shape = crs.geometries_to_grid(areas.loc[areas["force"] == force, "geometry"].to_numpy())
    return tables.conform(
        _placed(pd.DataFrame({"place_code": [force], "kind": ["force"], "name": [force]}), shape), tables.PLACES
    )


def made_tally() -> pd.DataFrame:
    """One file's rows in two months, some of them set aside."""
    rows = [
        ("2025-08", 60, 60, "", 0),
        ("2025-09", 40, 37, "no_coordinates", 2),
        ("2025-09", 40, 37, "outside_force", 1),
    ]
    frame = pd.DataFrame(rows, columns=["month", "rows_in", "rows_kept", "reason", "rows_set_aside"])
    return tables.conform(frame.assign(source="police_uk", file="2025-09-littleshire-street.csv"), tables.TALLY)


def made_findings() -> pd.DataFrame:
    """A closed finding and one that waits for somebody."""
    return findings.findings_table(
        [
            findings.finding("missing_month", "No file for 2025-02.", "The month is left out, not counted as nought."),
            findings.finding(
                "low_month",
                "Burglary in 2025-05 is a third of its usual number.",
                "Kept as published.",
                "health.low_share",
                True,
            ),
        ]
    )


def _areas(family: str, rows: int, seed: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    names = list(TOWNS)
    town = rng.choice(3, rows, p=[0.6, 0.25, 0.15])
    xy = np.array(list(TOWNS.values()))[town] + rng.normal(0, 1300, (rows, 2))
    expected = np.sort(rng.gamma(2, 1.5, rows))[::-1] / (1 if family == "asb" else 4)
    streets = [STREETS[n % len(STREETS)] for n in rng.integers(0, 100, rows)]
    incidents = rng.poisson(expected * 12)
    frame = pd.DataFrame(
        {
            "patrol_area_id": [f"{family}-area-{n:03d}" for n in range(1, rows + 1)],
            "family": family,
            "rank": np.arange(1, rows + 1),
            "rank_by_method": np.arange(1, rows + 1),
            "hotspot_id": [f"{family}-2025-09-{n:04d}" if n <= 25 else None for n in range(1, rows + 1)],
            "team_name": [names[n] for n in town],
            "incidents": incidents,
            "expected": expected,
            "expected_low": np.floor(expected / 2),
            "expected_high": np.ceil(expected * 1.7 + 1),
            "top_k_chance": np.linspace(0.999, 0.004, rows),
            "score": expected,
            "score_forecast": expected,
            "radius_m": 150.0,
            "area_m2": 60_000.0,
            "walk_minutes": rng.uniform(8, 15, rows),
            "main_location": [f"On or near {street}" for street in streets],
            "flags": np.where(np.arange(rows) % 9 == 4, "single_spot", None),
            "concerns": rng.integers(0, 9, rows),
            "answers": rng.integers(9, 20, rows),
            "concern_status": rng.choice(tables.CONCERN_STATUSES, rows),
            "reason": [
                f"{n} incidents in 12 months; {'more' if n % 2 else 'fewer'} than last quarter." for n in incidents
            ],
        }
    )
    return _placed(
        frame, shapely.points(xy) if rows == 0 else [shapely.Point(*at).buffer(149, quad_segs=6) for at in xy]
    )


def _hotspots(family: str, rows: int, seed: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    town = rng.choice(3, rows, p=[0.6, 0.25, 0.15])
    xy = np.array(list(TOWNS.values()))[town] + rng.normal(0, 1300, (rows, 2))
    incidents = rng.integers(12, 160, rows)
    frame = pd.DataFrame(
        {
            "hotspot_id": [f"{family}-2025-09-{n:04d}" for n in range(1, rows + 1)],
            "family": family,
            "period_start": pd.Timestamp(WINDOW.start),
            "period_end": pd.Timestamp(WINDOW.end),
            "incidents": incidents,
            "spots": rng.integers(1, 14, rows),
            "harm_days": np.nan,
            "expected": incidents / 12,
            "expected_low": np.floor(incidents / 20),
            "expected_high": np.ceil(incidents / 8),
            "p_value": np.where(np.arange(rows) % 5 == 4, 0.6, rng.choice([0.001, 0.004, 0.03], rows)),
            "area_m2": 90_000.0,
            "status": [(*tables.STATUSES, "persistent", "persistent")[n % 9] for n in range(rows)],
            "main_location": [f"On or near {STREETS[n]}" for n in rng.integers(0, len(STREETS), rows)],
            "concerns": rng.integers(0, 9, rows),
            "concern_status": rng.choice(tables.CONCERN_STATUSES, rows),
            "months_seen": 12,
            "incidents_before": incidents - 1,
            "months_before": 12,
            "latest_months": 3,
            "latest_incidents": incidents // 3,
            "latest_expected": incidents / 4,
            "change_p_value": 0.04,
        }
    )
    sizes = rng.uniform(120, 340, rows)
    shapes = [
        shapely.Point(*at).buffer(size).union(shapely.Point(at[0] + size, at[1] + 60).buffer(size * 0.7))
        for at, size in zip(xy, sizes, strict=True)
    ]
    return _placed(frame, shapes)


def _placed(frame: pd.DataFrame, shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=crs.BNG).to_numpy(), crs=crs.BNG)


def hostile() -> Report:
    """A run in which every text of every table, and every text beside them, is hostile."""
    frames = {
        "hotspots": _spoilt(made_hotspots(110), tables.HOTSPOTS),
        "patrol_areas": _spoilt(made_areas(110), tables.PATROL_AREAS),
        "incidents": _spoilt(made_incidents(3000), tables.INCIDENTS, ("month",)),
        "concerns": _spoilt(made_concerns(), tables.CONCERNS, ("place_code",)),
        "places": _spoilt(_many(made_places()), tables.PLACES, ("place_code",)),
        "tally": _spoilt(_many(made_tally()), tables.TALLY),
        "findings": _spoilt(_many(made_findings()), tables.FINDINGS),
        "base_map": _spoilt(_many(made_base_map()), tables.BASE_MAP),
        "referrals": _spoilt(_many(made_referrals()), tables.REFERRALS),
        "past_areas": _spoilt(made_past(), tables.PATROL_AREAS).assign(as_of=made_past()["as_of"]),
        "near_repeats": _spoilt(_many(made_near_repeats()), tables.NEAR_REPEATS),
    }
    beside = {
        "force_name": HOSTILE[0],
        "slug": HOSTILE[1],
        "marking": HOSTILE[2],
        "horizon_label": HOSTILE[3],
        "settings": {HOSTILE[1]: {text: text for text in HOSTILE}},
        "inputs": [
            {"name": text, "kind": text, "rows": 1, "sha256": text, "used": n % 2 == 0, "why_not": text}
            for n, text in enumerate(HOSTILE)
        ],
        "versions": {text: text for text in HOSTILE},
        "accuracy_words": HOSTILE,
        "near_repeat_words": HOSTILE,
    }
    updates = [made_update(text) for text in HOSTILE]
    return report(**frames, **beside, residents=_hostile_residents_report(), updates=updates)


def _hostile_residents_report() -> ResidentsReport:
    """Every text that people fill in is hostile, and every name of a partner."""
    made = made_residents_report()
    waves = _spoilt(_many(made_confidence()), tables.CONFIDENCE).assign(question=HOSTILE[5])
    return ResidentsReport(
        comparison=made.comparison,
        referrals=_spoilt(_many(made.referrals), tables.REFERRALS),
        engagement=_spoilt(made_engagement(220), tables.ENGAGEMENT),
        priorities=_spoilt(_many(made.priorities), tables.PRIORITIES),
        actions=_spoilt(_many(made.actions), tables.ACTIONS),
        confidence=confidence.compare_waves(waves, pd.Series(dtype="str"), pd.Timestamp(AS_OF)),
        deciles=made.deciles,
        population_label=HOSTILE[4],
        held_back=dict.fromkeys(HOSTILE[:20], 3),
        unknown_answers=list(HOSTILE[:20]),
    )


def _many(table: pd.DataFrame, rows: int = 220) -> pd.DataFrame:
    """The rows again and again, until there is one for every hostile text."""
    repeated = table.iloc[[n % len(table) for n in range(rows)]].reset_index(drop=True)
    if "place_code" in table.columns:
        code = repeated["place_code"]
        repeated["place_code"] = code.where(code.index < len(table), code + "-" + code.index.astype(str))
    return repeated


def _spoilt(table: pd.DataFrame, declared: tables.Table, spare: tuple[str, ...] = ()) -> pd.DataFrame:
    """The table with hostile texts in every text column; in keys with a number behind, to keep them apart."""
    spoilt = table.copy()
    for column, (name, what) in enumerate(declared.columns.items()):
        if what.kind == "str" and name not in spare:
            texts = [HOSTILE[(row + column) % len(HOSTILE)] for row in range(len(table))]
            spoilt[name] = [f"{text}{row}" if name in declared.key else text for row, text in enumerate(texts)]
    if declared is tables.PATROL_AREAS:
        spoilt["peak_days"] = [HOSTILE[row % len(HOSTILE)] for row in range(len(table))]
    return tables.conform(spoilt, declared)


def shuffled(given: Report, seed: int) -> dict[str, pd.DataFrame]:
    """The tables of a run with their rows in another order."""
    names = (
        "hotspots",
        "patrol_areas",
        "incidents",
        "concerns",
        "places",
        "tally",
        "findings",
        "past_areas",
        "near_repeats",
        "referrals",
        "base_map",
        "accuracy",
        "calibration",
    )
    return {name: getattr(given, name).sample(frac=1, random_state=seed + n) for n, name in enumerate(names)}
