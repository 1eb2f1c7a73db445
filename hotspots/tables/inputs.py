"""Tables that are read from files: incidents, concerns, visits, areas, look-ups and lists that staff keep."""

from hotspots import categories
from hotspots.tables.schema import OPTIONAL, Table, choice, count, flag, measure, text, time

FAMILIES = tuple(categories.FAMILIES)
DATE_PRECISIONS = ("month", "day", "minute")
LOCATION_PRECISIONS = ("snap", "station", "street", "postcode", "address")
CONCERN_PRECISIONS = ("point", "postcode_unit", "postcode_sector", "street", "ward", "parish", "unplaced")
DECISIONS_MADE = ("exclude", "pin", "rename", "add")
PLACE_KINDS = ("force", "LPA", "LPT", "NPT", "SNT", "beat", "ward", "parish", "district", "lsoa")
BASE_KINDS = ("river", "water", "wood", "road", "railway", "place")

INCIDENTS = Table(
    name="incidents",
    description="What was reported: one row an incident, kept whole, of every type.",
    key=("incident_id",),
    geometry=("Point",),
    prefixes=("mo_",),
    columns={
        "incident_id": text("The Crime ID or reference; for ASB without one, made from month, place and number."),
        "source": choice("Where the row came from.", ("police_uk", "force_export")),
        "force": text("Slug of the force that recorded it."),
        "is_own_force": flag("False for a neighbour's row near the border: it helps, never counts."),
        "category": choice("Type of incident.", categories.CATEGORIES),
        "subcategory": text("Finer type, where the source gives one.", **OPTIONAL),
        "month": text("Month, YYYY-MM, in which it happened or was recorded, as the source says."),
        "committed_from": time("Earliest time it can have begun.", **OPTIONAL),
        "committed_to": time("Latest time it can have ended.", **OPTIONAL),
        "recorded_at": time("When police wrote it down.", **OPTIONAL),
        "date_precision": choice("How exactly it is dated.", DATE_PRECISIONS),
        "location_precision": choice("How exactly it is placed.", LOCATION_PRECISIONS),
        "location_text": text("The place in words, as received.", nullable=True),
        "lsoa_code": text("Lower layer super output area.", **OPTIONAL),
        "beat_code": text("Beat.", **OPTIONAL),
        "team_name": text("Neighbourhood team, or the district where no team is known.", **OPTIONAL),
        "is_police_generated": flag("Whether police made the record themselves; it feeds no score.", optional=True),
        "harm_days": measure("Crime harm index in days; ASB has none.", **OPTIONAL),
        "outcome": text("Latest outcome, where the source gives one.", **OPTIONAL),
    },
)

CONCERNS = Table(
    name="concerns",
    description="What residents said worries them: one row an issue in an answer. No free text, no names.",
    key=("concern_id",),
    geometry=("Point",),
    columns={
        "concern_id": text("Survey file, answer and issue."),
        "survey": text("Name of the survey."),
        "channel": text("How it was answered: online, doorstep, event.", nullable=True),
        "received_at": time("When it was answered."),
        "issue": choice("Issue code.", categories.ISSUES),
        "own_issue": text("The force's own code for it, where its settings have one.", **OPTIONAL),
        "owner": text("Whose job it is: police, or the partner's name."),
        "department": text("Which department of the owner's, as far as it is known.", **OPTIONAL),
        "tier": text("Council tier it belongs to: district, county, unitary, ...; force or national.", **OPTIONAL),
        "words": text("Words of our own lists that decided, where free text was told; missing for ticks.", **OPTIONAL),
        "priority": count("1 the first worry, 2 the second, ...", optional=True),
        "frequency": text("How often: daily, weekly, monthly, less, once.", **OPTIONAL),
        "reported_to_police": text("yes, no, or missing.", **OPTIONAL),
        "time_band": text("When: morning, afternoon, evening, night, weekend, any.", **OPTIONAL),
        "respondent_id": text("Keyed hash that joins answers of one respondent.", **OPTIONAL),
        "location_precision": choice("How exactly the answer is placed.", CONCERN_PRECISIONS),
        "place_code": text("Postcode unit or sector, street, or code of the ward or parish named.", **OPTIONAL),
        "district_code": text("Local authority district; one of E07 has a county council too.", **OPTIONAL),
        "lsoa_code": text(
            "Lower layer super output area: by its outline where given, else that of the nearest record within 500 m.",
            **OPTIONAL,
        ),
        "beat_code": text("Beat.", **OPTIONAL),
        "team_name": text("Neighbourhood team.", **OPTIONAL),
    },
)

VISITS = Table(
    name="visits",
    description="Patrol visits made.",
    key=("visit_id",),
    columns={
        "visit_id": text("Reference of the visit."),
        "officer_team": text("Team that made it."),
        "patrol_area_id": text("Patrol area visited, where the log says.", **OPTIONAL),
        "started_at": time("Start."),
        "ended_at": time("End."),
        "outcome": text("What came of it, as coded in the log.", **OPTIONAL),
    },
)

PLACES = Table(
    name="places",
    description="Named areas with their dates: the force, teams, beats, wards, parishes, districts.",
    key=("place_code", "kind"),
    geometry=("Polygon", "MultiPolygon"),
    columns={
        "place_code": text("Code, or the name where there is none."),
        "kind": choice("What sort of area.", PLACE_KINDS),
        "name": text("Name."),
        "team_name": text("Team that looks after it, where the file says.", **OPTIONAL),
        "district": text("Name of the district it lies in, where the file says.", **OPTIONAL),
        "valid_from": time("First day on which it holds.", **OPTIONAL),
        "valid_to": time("First day on which it no longer holds.", **OPTIONAL),
    },
)

PLACE_NAMES = Table(
    name="place_names",
    description="Names and dates of areas whose polygons have codes, as a list has them (the CSV `places`).",
    key=("place_code", "kind", "valid_from"),
    columns={
        "place_code": text("Code, as the polygon has it."),
        "kind": choice("What sort of area.", PLACE_KINDS),
        "name": text("Name."),
        "team_name": text("Team that looks after it, where the list says.", **OPTIONAL),
        "valid_from": time("First day on which it holds.", **OPTIONAL),
        "valid_to": time("First day on which it no longer holds.", **OPTIONAL),
    },
)

BASE_MAP = Table(
    name="base_map",
    description="What the map's background shows where the force hands it in: rivers, roads, names of places.",
    key=("feature_id",),
    geometry=("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    columns={
        "feature_id": text("File and number."),
        "kind": choice("What it is.", BASE_KINDS),
        "name": text("Its name, where it is to be shown.", nullable=True),
    },
)

DECISIONS = Table(
    name="decisions",
    description="What people who know the place decided about the list: applied after ranking, told beside it.",
    key=("decision_id",),
    columns={
        "decision_id": text("Reference of the decision."),
        "patrol_area_id": text("Area it is about.", **OPTIONAL),
        "place": text("Or the area's place as the list names it; of one to add, its street.", **OPTIONAL),
        "family": choice("asb or burglary; empty for both.", FAMILIES, **OPTIONAL),
        "decision": choice("exclude, pin (put first), rename, or add.", DECISIONS_MADE),
        "new_name": text("What to call it; 'place' where an area is given by its id.", **OPTIONAL),
        "reason": text("Why. No names of people: it stands on the pages."),
        "decided_by": text("Role, never a person's name: only words for roles and teams are kept.", **OPTIONAL),
        "until": time("Last day on which it holds; empty: until it is deleted.", **OPTIONAL),
        "easting": measure("Of a place to add, metres.", **OPTIONAL),
        "northing": measure("Of a place to add, metres.", **OPTIONAL),
    },
)

REFERRAL_ANSWERS = Table(
    name="referral_answers",
    description="What partners answered to referrals: a file of referrals with its last two columns filled in.",
    key=("referral_id",),
    columns={
        "referral_id": text("As in the referral."),
        "answer": text("What the partner did, or why not. No personal data."),
        "answered_on": time("When.", **OPTIONAL),
        "public_text": text("What residents may be told, without figures and names; empty: nothing of it.", **OPTIONAL),
    },
)

ACTIONS = Table(
    name="actions",
    description="What was done about a hotspot or an area, and what came of it.",
    key=("action_id",),
    columns={
        "action_id": text("Reference of the action."),
        "hotspot_id": text("Hotspot it is about.", **OPTIONAL),
        "place_code": text("Team, ward, parish or beat it is about.", **OPTIONAL),
        "owner": text("Who does it: a role or a partner, never a person's name."),
        "action": text("What is done."),
        "started_on": time("When it began."),
        "ended_on": time("When it ended.", **OPTIONAL),
        "outcome": text("What came of it.", **OPTIONAL),
        "public_text": text("What residents may be told, without figures and names; empty: nothing of it.", **OPTIONAL),
    },
)

PRIORITIES = Table(
    name="priorities",
    description="Local priorities that a team agreed with its residents.",
    key=("priority_id",),
    columns={
        "priority_id": text("Reference of the priority."),
        "team_name": text("Team whose priority it is."),
        "issue": choice("Issue code.", categories.ISSUES),
        "agreed_on": time("When it was agreed."),
        "owner": text("Who answers for it: a role, never a person's name."),
        "review_on": time("When it is to be reviewed."),
        "closed_on": time("When it was closed.", **OPTIONAL),
    },
)

CONFIDENCE = Table(
    name="confidence",
    description="Results of surveys on confidence in the police, of parish and town councils too.",
    key=("wave", "place_code", "question"),
    columns={
        "wave": text("Which wave: 2026-Q1, 2025-09, ..."),
        "place_code": text("Team or area it is about, by name or code; the force's slug for all."),
        "question": text("What was asked."),
        "share": measure("Share, 0 to 1, that agreed."),
        "respondents": count("How many were asked."),
    },
)

POSTCODES = Table(
    name="postcodes",
    description="Postcodes inside the force, where Code-Point Open is given: where people live.",
    key=("postcode",),
    columns={
        "postcode": text("Postcode unit."),
        "easting": measure("Metres."),
        "northing": measure("Metres."),
        "district_code": text("Local authority district.", **OPTIONAL),
    },
)

LSOAS = Table(
    name="lsoas",
    description="Residents and deprivation of lower layer super output areas, where look-ups are given; codes of 2021.",
    key=("lsoa_code",),
    columns={
        "lsoa_code": text("Lower layer super output area."),
        "population": measure("Residents.", **OPTIONAL),
        "imd_decile": measure("Decile of deprivation, 1 the most deprived.", **OPTIONAL),
    },
)
