"""The tables that flow through the project: declared once here, checked in `schema`.

A table is a pandas ``DataFrame``, or a ``GeoDataFrame`` in metres (EPSG:27700) where it has a geometry. Ids are
``str``, closed lists ``category``, counts ``int64``, measures ``float64`` with the unit in the name, times local
wall time (Europe/London) as ``datetime64[us]``, periods half-open, missing values NA.
"""

from collections.abc import Iterable

from hotspots import categories
from hotspots.tables.schema import Column, Table, check, conform, empty

__all__ = ["TABLES", "Column", "Table", "check", "conform", "empty"]

FAMILIES = tuple(categories.FAMILIES)
DATE_PRECISIONS = ("month", "day", "minute")
LOCATION_PRECISIONS = ("snap", "station", "street", "postcode", "address")
CONCERN_PRECISIONS = ("point", "postcode_unit", "postcode_sector", "street", "ward", "parish", "unplaced")
STATUSES = ("new", "persistent", "continuing", "emerging", "fading", "merged", "split", "gone", "rule_changed")
STAYED = ("persistent", "continuing")
DECISIONS_MADE = ("exclude", "pin", "rename", "add")
SURROUNDINGS = ("urban", "rural", "rural_drive")
CONCERN_STATUSES = ("agreement", "hidden_demand", "normalised", "unknown")
BASES = ("published", "backtest")
STATEMENTS = ("expected", "interval", "pit", "top_k_chance")
ENGAGEMENT_WAYS = ("walk_and_talk", "door_to_door", "high_street", "online")
ENGAGEMENT_REASONS = ("hidden_demand", "silent", "few_answers", "much_worry", "least_heard")
METHOD_TOPICS = ("hotspots", "forecast", "second opinions")
UNITS = ("spot", "hexagon")
PLACE_KINDS = ("force", "LPA", "LPT", "NPT", "SNT", "beat", "ward", "parish", "district", "lsoa")
BASE_KINDS = ("river", "water", "wood", "road", "railway", "place")


def _text(says: str, *, optional: bool = False, nullable: bool = False) -> Column:
    return Column(kind="str", says=says, optional=optional, nullable=nullable)


def _listed(says: str, choices: Iterable[str], *, optional: bool = False, nullable: bool = False) -> Column:
    return Column(kind="category", says=says, choices=tuple(choices), optional=optional, nullable=nullable)


def _count(says: str, *, optional: bool = False, nullable: bool = False) -> Column:
    return Column(kind="int64", says=says, optional=optional, nullable=nullable)


def _measure(says: str, *, optional: bool = False, nullable: bool = False) -> Column:
    return Column(kind="float64", says=says, optional=optional, nullable=nullable)


def _time(says: str, *, optional: bool = False, nullable: bool = False) -> Column:
    return Column(kind="time", says=says, optional=optional, nullable=nullable)


_MAYBE = {"optional": True, "nullable": True}

INCIDENTS = Table(
    name="incidents",
    says="What was reported: one row an incident, kept whole, of every type.",
    key=("incident_id",),
    geometry=("Point",),
    prefixes=("mo_",),
    columns={
        "incident_id": _text("The Crime ID or reference; for ASB without one, made from month, place and number."),
        "source": _listed("Where the row came from.", ("police_uk", "force_export")),
        "force": _text("Slug of the force that recorded it."),
        "is_own_force": Column(
            kind="bool", says="False for a neighbour's row near the border: it helps, never counts."
        ),
        "category": _listed("Type of incident.", categories.CATEGORIES),
        "subcategory": _text("Finer type, where the source gives one.", **_MAYBE),
        "month": _text("Month, YYYY-MM, in which it happened or was recorded, as the source says."),
        "committed_from": _time("Earliest time it can have begun.", **_MAYBE),
        "committed_to": _time("Latest time it can have ended.", **_MAYBE),
        "recorded_at": _time("When police wrote it down.", **_MAYBE),
        "date_precision": _listed("How exactly it is dated.", DATE_PRECISIONS),
        "location_precision": _listed("How exactly it is placed.", LOCATION_PRECISIONS),
        "location_text": _text("The place in words, as received.", nullable=True),
        "lsoa_code": _text("Lower layer super output area.", **_MAYBE),
        "beat_code": _text("Beat.", **_MAYBE),
        "team_name": _text("Neighbourhood team, or the district where no team is known.", **_MAYBE),
        "is_police_generated": Column(
            kind="bool", says="Whether police made the record themselves; it feeds no score.", optional=True
        ),
        "harm_days": _measure("Crime harm index in days; ASB has none.", **_MAYBE),
        "outcome": _text("Latest outcome, where the source gives one.", **_MAYBE),
    },
)

CONCERNS = Table(
    name="concerns",
    says="What residents said worries them: one row an issue in an answer. No free text, no names.",
    key=("concern_id",),
    geometry=("Point",),
    columns={
        "concern_id": _text("Survey file, answer and issue."),
        "survey": _text("Name of the survey."),
        "channel": _text("How it was answered: online, doorstep, event.", nullable=True),
        "received_at": _time("When it was answered."),
        "issue": _listed("Issue code.", categories.ISSUES),
        "own_issue": _text("The force's own code for it, where its settings have one.", **_MAYBE),
        "owner": _text("Whose job it is: police, or the partner's name."),
        "department": _text("Which department of the owner's, as far as it is known.", **_MAYBE),
        "tier": _text("Council tier it belongs to: district, county, unitary, ...; force or national.", **_MAYBE),
        "words": _text("Words of our own lists that decided, where free text was told; missing for ticks.", **_MAYBE),
        "priority": _count("1 the first worry, 2 the second, ...", optional=True),
        "frequency": _text("How often: daily, weekly, monthly, less, once.", **_MAYBE),
        "reported_to_police": _text("yes, no, or missing.", **_MAYBE),
        "time_band": _text("When: morning, afternoon, evening, night, weekend, any.", **_MAYBE),
        "respondent_id": _text("Keyed hash that joins answers of one respondent.", **_MAYBE),
        "location_precision": _listed("How exactly the answer is placed.", CONCERN_PRECISIONS),
        "place_code": _text("Postcode unit or sector, street, or code of the ward or parish named.", **_MAYBE),
        "district_code": _text("Local authority district; one of E07 has a county council too.", **_MAYBE),
        "lsoa_code": _text(
            "Lower layer super output area: by its outline where given, else that of the nearest record within 500 m.",
            **_MAYBE,
        ),
        "beat_code": _text("Beat.", **_MAYBE),
        "team_name": _text("Neighbourhood team.", **_MAYBE),
    },
)

VISITS = Table(
    name="visits",
    says="Patrol visits made.",
    key=("visit_id",),
    columns={
        "visit_id": _text("Reference of the visit."),
        "officer_team": _text("Team that made it."),
        "patrol_area_id": _text("Patrol area visited, where the log says.", **_MAYBE),
        "started_at": _time("Start."),
        "ended_at": _time("End."),
        "outcome": _text("What came of it, as coded in the log.", **_MAYBE),
    },
)

PLACES = Table(
    name="places",
    says="Named areas with their dates: the force, teams, beats, wards, parishes, districts.",
    key=("place_code", "kind"),
    geometry=("Polygon", "MultiPolygon"),
    columns={
        "place_code": _text("Code, or the name where there is none."),
        "kind": _listed("What sort of area.", PLACE_KINDS),
        "name": _text("Name."),
        "team_name": _text("Team that looks after it, where the file says.", **_MAYBE),
        "district": _text("Name of the district it lies in, where the file says.", **_MAYBE),
        "valid_from": _time("First day on which it holds.", **_MAYBE),
        "valid_to": _time("First day on which it no longer holds.", **_MAYBE),
    },
)

PLACE_NAMES = Table(
    name="place_names",
    says="Names and dates of areas whose polygons have codes, as a list has them (the CSV `places`).",
    key=("place_code", "kind", "valid_from"),
    columns={
        "place_code": _text("Code, as the polygon has it."),
        "kind": _listed("What sort of area.", PLACE_KINDS),
        "name": _text("Name."),
        "team_name": _text("Team that looks after it, where the list says.", **_MAYBE),
        "valid_from": _time("First day on which it holds.", **_MAYBE),
        "valid_to": _time("First day on which it no longer holds.", **_MAYBE),
    },
)

BASE_MAP = Table(
    name="base_map",
    says="What the map's background shows where the force hands it in: rivers, roads, names of places.",
    key=("feature_id",),
    geometry=("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    columns={
        "feature_id": _text("File and number."),
        "kind": _listed("What it is.", BASE_KINDS),
        "name": _text("Its name, where it is to be shown.", nullable=True),
    },
)

MEMBERS = Table(
    name="members",
    says="Which incidents lie inside which hotspot's final outline.",
    key=("hotspot_id", "incident_id"),
    columns={"hotspot_id": _text("Hotspot."), "incident_id": _text("Incident.")},
)

_TRENDS = {
    "months_seen": _count("Months of the window with data of the family.", optional=True),
    "months_significant": _count(
        "Of them, those in which it had more incidents than its share of what is at risk explains.", optional=True
    ),
    "rate_ratio": _measure("Recent rate over the earlier one, as a share of the rest of the force's rates.", **_MAYBE),
    "change_p_value": _measure("How often chance alone would change its rate so much.", **_MAYBE),
}

HOTSPOTS = Table(
    name="hotspots",
    says="Places where incidents of one family crowd together in the evidence window.",
    key=("hotspot_id",),
    geometry=("Polygon", "MultiPolygon"),
    prefixes=("peak_",),
    columns={
        "hotspot_id": _text("Given when first seen (burglary-2026-03-0007), kept while it lives."),
        "family": _listed("asb or burglary; the two are never added.", FAMILIES),
        "period_start": _time("First day of the evidence window."),
        "period_end": _time("First day after it."),
        "incidents": _count("Incidents of the family inside the outline in the window."),
        "spots": _count("Distinct locations that these incidents share."),
        "expected": _measure("Incidents expected inside over the horizon."),
        "expected_low": _measure("Lower end of the 80 % prediction interval."),
        "expected_high": _measure("Upper end of it."),
        "harm_days": _measure("Harm of the incidents in the window; missing for ASB.", **_MAYBE),
        "p_value": _measure("Chance of so strong a hotspot where only what is at risk decides.", nullable=True),
        "area_m2": _measure("Area of the outline."),
        "status": _listed(
            "Against the previous run, missing on a first run. A place that stayed is emerging or fading where its "
            "rate against the rest of the force changed, else persistent where it stood out in most months, else "
            "continuing. rule_changed: the settings or the data changed, so it says nothing of the street.",
            STATUSES,
            nullable=True,
        ),
        "previous_hotspot_id": _text("Its id in the previous run.", **_MAYBE),
        **_TRENDS,
        "main_location": _text("Commonest place among its incidents, in the source's words."),
        "flags": _text("Cautions, space-separated: single_spot, ...", **_MAYBE),
        "concerns": _count("Answers of residents about this family within concern_radius_m."),
        "concern_status": _listed("Concerns against the record.", CONCERN_STATUSES),
    },
)

PATROL_AREAS = Table(
    name="patrol_areas",
    says="Places an officer can walk, ranked.",
    key=("patrol_area_id",),
    geometry=("Polygon", "MultiPolygon"),
    prefixes=("score_", "peak_"),
    columns={
        "patrol_area_id": _text("Given when first seen, kept while it lives."),
        "family": _listed("asb or burglary.", FAMILIES),
        "rank": _count("1 is the first place to go."),
        "rank_by_method": _count("Rank before local decisions; 0 for a place that people added."),
        "hotspot_id": _text("Hotspot it lies in or touches most.", **_MAYBE),
        "team_name": _text("Team that looks after it."),
        "beat_code": _text("Beat.", **_MAYBE),
        "incidents": _count("Incidents of the family inside in the evidence window."),
        "expected": _measure("Incidents expected inside over the horizon."),
        "expected_low": _measure("Lower end of the 80 % prediction interval."),
        "expected_high": _measure("Upper end of it."),
        "top_k_chance": _measure("Chance, 0 to 1, that it belongs among the first k."),
        "score": _measure("What ranks it: expected incidents (ASB) or expected harm in days (burglary)."),
        "radius_m": _measure("Radius of the smallest circle around it."),
        "area_m2": _measure("Area."),
        "walk_minutes": _measure("Time to walk around it."),
        "surroundings": _listed(
            "Town or country, by how much is recorded around; rural_drive is a village or a stretch of road with "
            "several circles to drive between.",
            SURROUNDINGS,
            **_MAYBE,
        ),
        "drive_minutes": _measure("Time to drive between its circles; 0 where it is one.", **_MAYBE),
        "main_location": _text("Commonest place among its incidents, in the source's words."),
        "flags": _text("Cautions, space-separated: single_spot, ...", **_MAYBE),
        "concerns": _count("Answers of residents about this family within concern_radius_m."),
        "answers": _count("All answers of residents within concern_radius_m."),
        "concern_status": _listed("Concerns against the record.", CONCERN_STATUSES),
        "reason": _text("Why it is on the list, in one sentence."),
        "decision": _text("Local decisions applied to it, space-separated: pin, exclude, rename, add.", **_MAYBE),
        "status": _listed("As for hotspots.", STATUSES, **_MAYBE),
        "previous_patrol_area_id": _text("Its id in the previous run.", **_MAYBE),
        **_TRENDS,
    },
)

DECISIONS = Table(
    name="decisions",
    says="What people who know the place decided about the list: applied after ranking, told beside it.",
    key=("decision_id",),
    columns={
        "decision_id": _text("Reference of the decision."),
        "patrol_area_id": _text("Area it is about.", **_MAYBE),
        "place": _text("Or the area's place as the list names it; of one to add, its street.", **_MAYBE),
        "family": _listed("asb or burglary; empty for both.", FAMILIES, **_MAYBE),
        "decision": _listed("exclude, pin (put first), rename, or add.", DECISIONS_MADE),
        "new_name": _text("What to call it; 'place' where an area is given by its id.", **_MAYBE),
        "reason": _text("Why. No names of people: it stands on the pages."),
        "decided_by": _text("Role, never a person's name: only words for roles and teams are kept.", **_MAYBE),
        "until": _time("Last day on which it holds; empty: until it is deleted.", **_MAYBE),
        "easting": _measure("Of a place to add, metres.", **_MAYBE),
        "northing": _measure("Of a place to add, metres.", **_MAYBE),
    },
)

ACCURACY = Table(
    name="accuracy",
    says="What the first k areas of a list caught of what came after it, beside plain ways to choose.",
    key=("basis", "as_of", "family", "method", "k"),
    columns={
        "basis": _listed("Whether the list was published then, or is the method run again as of that day.", BASES),
        "as_of": _time("Day of the list."),
        "family": _listed("asb or burglary.", FAMILIES),
        "method": _text("How the areas were chosen: this method, a named baseline, or the best possible."),
        "k": _count("How many areas of the list, from its top."),
        "period_start": _time("First day on which incidents are counted."),
        "period_end": _time("First day after it."),
        "hits": _count("Incidents of the family inside these areas in that period."),
        "total": _count("Incidents of the family in the whole force in that period."),
        "area_m2": _measure("Area of these areas together."),
        "hit_rate": _measure("Share of the incidents that these areas caught: hits of total."),
        "pai": _measure("Prediction accuracy index: hit rate for each share of the force's area.", nullable=True),
        "pei": _measure("Prediction efficiency index: hits of the best possible hits.", **_MAYBE),
        "expected": _measure("Incidents that the list expected there in that period.", **_MAYBE),
        "rri": _measure("Predicted incidents for each one observed in these areas.", **_MAYBE),
        "recapture_rate_index": _measure(
            "These areas' share of incidents, as a ratio to their share before.", **_MAYBE
        ),
    },
)

CALIBRATION = Table(
    name="calibration",
    says="Whether what lists said of their own certainty came true.",
    key=("basis", "as_of", "family", "statement", "band"),
    columns={
        "basis": _listed("As in accuracy.", BASES),
        "as_of": _time("Day of the list."),
        "family": _listed("asb or burglary.", FAMILIES),
        "statement": _listed(
            "expected: by rank; interval: the 80 % interval held the count; pit: where in its predicted spread the "
            "count fell; top_k_chance: areas with a chance above 0.8 were among the busiest.",
            STATEMENTS,
        ),
        "band": _text("Which areas, or which part of the spread."),
        "areas": _count("How many areas that is."),
        "expected": _measure("Incidents expected in them."),
        "observed": _count("Incidents that came."),
        "share": _measure("Share of the areas for which the statement held, or that fell in the band.", nullable=True),
        "promised": _measure("Share that ought to.", **_MAYBE),
    },
)

PARAMETER_CHOICES = Table(
    name="parameter_choices",
    says="What each pair of DBSCAN's parameters would have caught at past dates, on equal ground, and which was taken.",
    key=("family", "radius_m", "min_incidents"),
    columns={
        "family": _listed("asb or burglary.", FAMILIES),
        "radius_m": _measure("Incidents at most so far apart are neighbours."),
        "min_incidents": _count("Least number within the radius in twelve months with data."),
        "origins": _count("Past dates at which it was tried."),
        "hotspots": _measure("Hotspots used, on average."),
        "area_m2": _measure("Area used, on average; the same for all pairs that find as much."),
        "ground_m2": _measure("Area of all hotspots found, on average."),
        "caught": _measure("Incidents of the three months after that the area used caught, over all dates."),
        "total": _count("Incidents of these months in all."),
        "capture": _measure("Caught of total."),
        "is_chosen": Column(kind="bool", says="Whether this pair was taken."),
        "chosen_on": _time("Day of the run that tried them."),
    },
)
METHOD_NOTES = Table(
    name="method_notes",
    says="How the day's hotspots and forecasts came about, in words.",
    key=("family", "topic"),
    columns={
        "family": _listed("asb or burglary.", FAMILIES),
        "topic": _listed("What the words are about.", METHOD_TOPICS),
        "says": _text("A few plain sentences."),
    },
)
CONCENTRATION = Table(
    name="concentration",
    says="How few places hold how much of what was recorded in the window.",
    key=("family", "unit", "share_of_incidents"),
    columns={
        "family": _listed("asb or burglary.", FAMILIES),
        "unit": _listed("What places are: spots with any record, or hexagons of 0.04 square kilometres.", UNITS),
        "share_of_incidents": _measure("Share of the incidents, 0 to 1."),
        "places": _count("Places, the fullest first, that hold it."),
        "of_places": _count("Places in all."),
        "share_of_places": _measure("Places of all places."),
    },
)
HEXAGONS = Table(
    name="hexagons",
    says="The fullest hexagons of 0.04 square kilometres, in rank order: a second opinion on the hotspots.",
    key=("family", "rank"),
    geometry=("Polygon",),
    columns={
        "family": _listed("asb or burglary.", FAMILIES),
        "rank": _count("1 has most incidents."),
        "incidents": _count("Incidents of the family in the window."),
        "gi_star": _measure("Gi* over the hexagon and the six around it, a z score."),
        "is_significant": Column(kind="bool", says="More than chance allows, all hexagons of the force looked at."),
        "hotspot_id": _text("The hotspot that it meets, the largest of several.", nullable=True),
    },
)
NEAR_REPEATS = Table(
    name="near_repeats",
    says="Zones in which a burglary of the last days makes another likelier for a while; none where the force's own "
    "past shows no near repeats, or its records have no days.",
    key=("zone_id",),
    geometry=("Polygon", "MultiPolygon"),
    columns={
        "zone_id": _text("Day of the report and number: near-repeat-2026-03-29-001."),
        "burglaries": _count("Burglaries of the last days inside."),
        "first_day": _time("Day of the first of them."),
        "last_day": _time("Day of the last of them."),
        "until": _time("Last day on which any of it holds."),
        "main_location": _text("Commonest street among its burglaries, without house numbers."),
        "team_name": _text("Team that looks after it."),
        "beat_code": _text("Beat.", **_MAYBE),
        "area_m2": _measure("Area."),
        "ratio": _measure("Pairs of burglaries so close in place and time for each one by chance, in the whole force."),
        "ratio_low": _measure("Lower end of its 80 % interval."),
        "ratio_high": _measure("Upper end of it."),
    },
)
LISTENING = Table(
    name="listening",
    says="What residents say beside the record, for each family and area: shares of answers and rates of incidents.",
    key=("family", "kind", "place_code"),
    columns={
        "family": _listed("asb or burglary.", FAMILIES),
        "kind": _text("force, team, beat, lsoa, ward, parish, district, or place: around one spot."),
        "place_code": _text("Code, or the name where there is none; of a place its easting and northing."),
        "name": _text("Name of the area, or the streets about the spot."),
        "team_name": _text("Team that looks after it.", **_MAYBE),
        "easting": _measure("Middle of a place, metres.", **_MAYBE),
        "northing": _measure("Middle of a place, metres.", **_MAYBE),
        "radius_m": _measure("How far around it.", **_MAYBE),
        "people": _measure("Residents, or postcodes or street points where the look-ups are missing."),
        "imd_decile": _measure("Decile of deprivation, 1 the most deprived, where the look-up is given.", **_MAYBE),
        "answers": _count("Residents who answered from here; each counts once."),
        "worried": _count("Of them, those who named the family."),
        "concern_share": _measure("Share of worried ones, drawn towards the force's where answers are few."),
        "concern_low": _measure("Lower end of its 80 % interval."),
        "concern_high": _measure("Upper end of it."),
        "incidents": _count("Incidents of the family in the evidence window; never added to answers."),
        "incident_ratio": _measure("Incidents for each one expected at the force's rate, drawn towards 1."),
        "incident_low": _measure("Lower end of its 80 % interval."),
        "incident_high": _measure("Upper end of it."),
        "answers_expected": _measure("Answers that so many people would usually give."),
        "heard_ratio": _measure(
            "Answers for each one expected from so many people; missing without a survey.", nullable=True
        ),
        "heard_high": _measure("Upper end of its 95 % interval.", nullable=True),
        "is_seldom_heard": Column(kind="bool", says="Whether far fewer answered than live here."),
        "is_silent": Column(kind="bool", says="Seldom heard, though incidents are recorded here."),
        "concern_status": _listed("Concerns against the record.", CONCERN_STATUSES),
    },
)

REFERRALS = Table(
    name="referrals",
    says="Concerns passed on to partners: so many residents, about one issue, at one place.",
    key=("referral_id",),
    columns={
        "referral_id": _text("Made from its content: partner, issue, place and answers."),
        "partner": _text("Who it goes to."),
        "department": _text("Which department, as far as it is known.", **_MAYBE),
        "tier": _text("Council tier: district, county, unitary; or national.", **_MAYBE),
        "issue": _listed("Issue code.", categories.ISSUES),
        "concerns": _count("Residents who named it; each counts once."),
        "place": _text("Where, as coarse as the number of answers asks."),
        "easting": _measure("Middle of a place about a street, metres.", **_MAYBE),
        "northing": _measure("Middle of a place about a street, metres.", **_MAYBE),
        "team_name": _text("Team whose residents said it, where it is one team's.", **_MAYBE),
        "period_start": _time("First day of the answers."),
        "period_end": _time("First day after the last of them."),
        "sent_on": _time("Day of the report that it went out with."),
        "answer": _text("What the partner answered.", **_MAYBE),
        "answered_on": _time("When.", **_MAYBE),
        "public_text": _text("What of it residents may be told, in the partner's own words.", **_MAYBE),
    },
)

REFERRAL_ANSWERS = Table(
    name="referral_answers",
    says="What partners answered to referrals: a file of referrals with its last two columns filled in.",
    key=("referral_id",),
    columns={
        "referral_id": _text("As in the referral."),
        "answer": _text("What the partner did, or why not. No personal data."),
        "answered_on": _time("When.", **_MAYBE),
        "public_text": _text("What residents may be told, without figures and names; empty: nothing of it.", **_MAYBE),
    },
)

ACTIONS = Table(
    name="actions",
    says="What was done about a hotspot or an area, and what came of it.",
    key=("action_id",),
    columns={
        "action_id": _text("Reference of the action."),
        "hotspot_id": _text("Hotspot it is about.", **_MAYBE),
        "place_code": _text("Team, ward, parish or beat it is about.", **_MAYBE),
        "owner": _text("Who does it: a role or a partner, never a person's name."),
        "action": _text("What is done."),
        "started_on": _time("When it began."),
        "ended_on": _time("When it ended.", **_MAYBE),
        "outcome": _text("What came of it.", **_MAYBE),
        "public_text": _text("What residents may be told, without figures and names; empty: nothing of it.", **_MAYBE),
    },
)

PRIORITIES = Table(
    name="priorities",
    says="Local priorities that a team agreed with its residents.",
    key=("priority_id",),
    columns={
        "priority_id": _text("Reference of the priority."),
        "team_name": _text("Team whose priority it is."),
        "issue": _listed("Issue code.", categories.ISSUES),
        "agreed_on": _time("When it was agreed."),
        "owner": _text("Who answers for it: a role, never a person's name."),
        "review_on": _time("When it is to be reviewed."),
        "closed_on": _time("When it was closed.", **_MAYBE),
    },
)

CONFIDENCE = Table(
    name="confidence",
    says="Results of surveys on confidence in the police, of parish and town councils too.",
    key=("wave", "place_code", "question"),
    columns={
        "wave": _text("Which wave: 2026-Q1, 2025-09, ..."),
        "place_code": _text("Team or area it is about, by name or code; the force's slug for all."),
        "question": _text("What was asked."),
        "share": _measure("Share, 0 to 1, that agreed."),
        "respondents": _count("How many were asked."),
    },
)

ENGAGEMENT = Table(
    name="engagement",
    says="Where to listen next, how, and when where the data knows it.",
    key=("suggestion",),
    columns={
        "suggestion": _count("1 is the first."),
        "team_name": _text("Team to go.", **_MAYBE),
        "place": _text("Where."),
        "way": _listed("How: walk and talk, door to door, stand on a high street, or online.", ENGAGEMENT_WAYS),
        "why": _listed("What is missing there.", ENGAGEMENT_REASONS),
        "day_and_time": _text("When, where the data knows it; else what is missing."),
        "answers": _count("Residents who answered from there."),
        "incidents": _count("Incidents of the family recorded there in the window."),
        "family": _listed("asb or burglary.", FAMILIES),
        "easting": _measure("Middle of the place, metres.", **_MAYBE),
        "northing": _measure("Middle of the place, metres.", **_MAYBE),
        "reason": _text("Why, in a sentence."),
    },
)

POSTCODES = Table(
    name="postcodes",
    says="Postcodes inside the force, where Code-Point Open is given: where people live.",
    key=("postcode",),
    columns={
        "postcode": _text("Postcode unit."),
        "easting": _measure("Metres."),
        "northing": _measure("Metres."),
        "district_code": _text("Local authority district.", **_MAYBE),
    },
)

LSOAS = Table(
    name="lsoas",
    says="Residents and deprivation of lower layer super output areas, where look-ups are given; codes of 2021.",
    key=("lsoa_code",),
    columns={
        "lsoa_code": _text("Lower layer super output area."),
        "population": _measure("Residents.", **_MAYBE),
        "imd_decile": _measure("Decile of deprivation, 1 the most deprived.", **_MAYBE),
    },
)

TALLY = Table(
    name="tally",
    says="Rows in = rows kept + rows set aside, by file, month and reason (quality.csv).",
    key=("source", "file", "month", "reason"),
    columns={
        "source": _text("Kind of input."),
        "file": _text("File name."),
        "month": _text("Month of the rows, YYYY-MM, or empty."),
        "rows_in": _count("Rows of this file and month."),
        "rows_kept": _count("Rows kept, of all of them."),
        "reason": _text("Why rows were set aside; empty where none were."),
        "rows_set_aside": _count("Rows set aside for this reason."),
    },
)

QUALITY = Table(
    name="quality",
    says="Every row that was set aside: where it stands and why, never what it says; stored as rows_set_aside.csv too.",
    key=("source", "file", "row"),
    columns={
        "source": _text("Kind of input."),
        "file": _text("File name."),
        "row": _count("Number of the row in the file; the first row of data is 1."),
        "column": _text("Which of its columns is at fault."),
        "reason": _text("Why it was set aside."),
    },
)

FINDINGS = Table(
    name="findings",
    says="What the run noticed about its inputs, and what it did.",
    key=("finding",),
    columns={
        "kind": _text("What sort of finding: missing_month, derived_outline, ..."),
        "finding": _text("What was found, in a sentence."),
        "action": _text("What the run did about it."),
        "setting": _text("The setting that decides; empty where none does."),
        "is_open": Column(kind="bool", says="True where somebody has to decide: the run then ends with status 4."),
    },
)

TABLES = {
    table.name: table
    for table in (
        INCIDENTS,
        CONCERNS,
        VISITS,
        PLACES,
        PLACE_NAMES,
        BASE_MAP,
        MEMBERS,
        HOTSPOTS,
        PATROL_AREAS,
        DECISIONS,
        ACCURACY,
        CALIBRATION,
        PARAMETER_CHOICES,
        METHOD_NOTES,
        CONCENTRATION,
        HEXAGONS,
        NEAR_REPEATS,
        LISTENING,
        REFERRALS,
        REFERRAL_ANSWERS,
        ACTIONS,
        PRIORITIES,
        CONFIDENCE,
        ENGAGEMENT,
        POSTCODES,
        LSOAS,
        TALLY,
        QUALITY,
        FINDINGS,
    )
}
