"""Tables that are read from files: incidents, concerns, visits, areas, look-ups and lists that staff keep."""

from hotspots import categories
from hotspots.tables.schema import OPTIONAL, Table, choice, count, flag, measure, text, time

FAMILIES = tuple(categories.FAMILIES)
DATE_PRECISIONS = ("month", "day", "minute")
LOCATION_PRECISIONS = ("snap", "station", "street", "postcode", "address")
CONCERN_PRECISIONS = ("point", "postcode_unit", "postcode_sector", "street", "ward", "parish", "unplaced")
DECISIONS_MADE = ("exclude", "pin", "rename", "add")
PLACE_KINDS = ("force", "LPA", "LPT", "NPT", "SNT", "beat", "ward", "parish", "district", "lsoa")
TEAM_KINDS = ("NPT", "LPT", "LPA", "SNT")
BEAT_KINDS = ("beat", "SNT")
ROAD_KINDS = ("motorway", "a_road", "b_road", "minor_road", "local_road", "access_road", "path", "road")
PLACE_NAME_KINDS = ("city", "town", "suburb", "village", "hamlet", "place")
BASE_KINDS = ("river", "water", "stream", "wood", "park", "railway", *ROAD_KINDS, *PLACE_NAME_KINDS)
BASE_SOURCES = ("OS Open Roads", "OS Open Zoomstack", "OpenStreetMap")

INCIDENTS = Table(
    name="incidents",
    description="Recorded incidents of every type, one row per incident.",
    key=("incident_id",),
    geometry=("Point",),
    prefixes=("mo_",),
    columns={
        "incident_id": text("Crime ID or reference; ASB without one gets one made from month, place and number."),
        "source": choice("Source of the row.", ("police_uk", "force_export")),
        "force": text("Slug of the force that recorded the incident."),
        "is_own_force": flag(
            "False for a neighbouring force's incident near the border, which is not counted as the force's own."
        ),
        "category": choice("Category of the incident.", categories.CATEGORIES),
        "subcategory": text("Subcategory, where the source gives one.", **OPTIONAL),
        "month": text("Month, YYYY-MM, in which the incident happened or was recorded, as given by the source."),
        "committed_from": time("Earliest time at which the incident may have started.", **OPTIONAL),
        "committed_to": time("Latest time at which the incident may have ended.", **OPTIONAL),
        "recorded_at": time("Time at which the police recorded the incident.", **OPTIONAL),
        "date_precision": choice("Precision of the date.", DATE_PRECISIONS),
        "location_precision": choice("Precision of the location.", LOCATION_PRECISIONS),
        "location_text": text("Street or public place; missing if the source gives only a home.", nullable=True),
        "lsoa_code": text("Lower layer super output area.", **OPTIONAL),
        "beat_code": text("Beat.", **OPTIONAL),
        "team_name": text("Neighbourhood team, or the district if no team is known.", **OPTIONAL),
        "district": text("District, as the source names it: in the name of the LSOA, or in a column.", **OPTIONAL),
        "is_police_generated": flag(
            "Whether the record results from police activity; it is not used in any score.", optional=True
        ),
        "harm_days": measure("Crime harm index in days; missing for ASB.", **OPTIONAL),
        "outcome": text("Latest outcome, where the source gives one.", **OPTIONAL),
    },
)

CONCERNS = Table(
    name="concerns",
    description="Residents' concerns from surveys, one row per issue in an answer, without free text and names.",
    key=("concern_id",),
    geometry=("Point",),
    columns={
        "concern_id": text("Survey file, answer and issue."),
        "survey": text("Name of the survey."),
        "channel": text("Survey channel: online, doorstep, event.", nullable=True),
        "received_at": time("Time of the answer."),
        "issue": choice("Issue code.", categories.ISSUES),
        "own_issue": text("The force's own issue code, where its settings give one.", **OPTIONAL),
        "owner": text("Who is responsible: police, or the partner's name; nobody where the issue is not known."),
        "department": text("Department of the owner, if known.", **OPTIONAL),
        "tier": text("Tier responsible: district, county, unitary, ...; force or national.", **OPTIONAL),
        "words": text(
            "Words of the reference lists by which free text was classified; missing for ticked answers.", **OPTIONAL
        ),
        "priority": count("1 for the first concern, 2 for the second, ...", optional=True),
        "frequency": text("Frequency: daily, weekly, monthly, less, once.", **OPTIONAL),
        "reported_to_police": text("Whether it was reported to the police: yes, no, or missing.", **OPTIONAL),
        "time_band": text("Time of day: morning, afternoon, evening, night, weekend, any.", **OPTIONAL),
        "respondent_id": text("Keyed hash that links the answers of one respondent.", **OPTIONAL),
        "location_precision": choice("Precision of the location of the answer.", CONCERN_PRECISIONS),
        "place_code": text("Postcode unit or sector, street, or code of the ward or parish.", **OPTIONAL),
        "district_code": text(
            "Local authority district of today; one whose code starts with E07 also has a county council.", **OPTIONAL
        ),
        "lsoa_code": text(
            "Lower layer super output area: by its outline if given, else that of the nearest incident within 500 m.",
            **OPTIONAL,
        ),
        "beat_code": text("Beat.", **OPTIONAL),
        "team_name": text("Neighbourhood team.", **OPTIONAL),
    },
)

VISITS = Table(
    name="visits",
    description="Patrol visits.",
    key=("visit_id",),
    columns={
        "visit_id": text("Reference of the visit."),
        "officer_team": text("Team that made the visit."),
        "patrol_area_id": text("Patrol area visited, where the log gives it.", **OPTIONAL),
        "started_at": time("Start of the visit."),
        "ended_at": time("End of the visit."),
        "outcome": text("Outcome code in the log.", **OPTIONAL),
    },
)

PLACES = Table(
    name="places",
    description="Named areas with their dates: the force, teams, beats, wards, parishes, districts.",
    key=("place_code", "kind"),
    geometry=("Polygon", "MultiPolygon"),
    columns={
        "place_code": text("Code, or the name if there is none."),
        "kind": choice("Kind of area.", PLACE_KINDS),
        "name": text("Name."),
        "team_name": text("Team responsible for the area, where the file gives it.", **OPTIONAL),
        "district": text("Name of the district, where the file gives it.", **OPTIONAL),
        "valid_from": time("First day on which the area is valid.", **OPTIONAL),
        "valid_to": time("First day on which the area is no longer valid.", **OPTIONAL),
    },
)

PLACE_NAMES = Table(
    name="place_names",
    description="Names and dates of areas by their codes, from a local list (the CSV `places`).",
    key=("place_code", "kind", "valid_from"),
    columns={
        "place_code": text("Code of the area, as in its polygon."),
        "kind": choice("Kind of area.", PLACE_KINDS),
        "name": text("Name."),
        "team_name": text("Team responsible for the area, where the list gives it.", **OPTIONAL),
        "valid_from": time("First day on which the area is valid.", **OPTIONAL),
        "valid_to": time("First day on which the area is no longer valid.", **OPTIONAL),
    },
)

BASE_MAP = Table(
    name="base_map",
    description="Base map, if there is one: streets, as lines that meet at their ends, water, woods, names.",
    key=("feature_id",),
    geometry=("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    columns={
        "feature_id": text("File name and number."),
        "kind": choice("Kind of feature; local and access roads are streets.", BASE_KINDS),
        "name": text("Name to show on the map.", nullable=True),
        "number": text("Number of a road: A361.", **OPTIONAL),
        "source": choice("Product it is from; missing for a file of the force.", BASE_SOURCES, **OPTIONAL),
    },
)

DECISIONS = Table(
    name="decisions",
    description="Local decisions about the patrol list, applied after ranking and shown with it.",
    key=("decision_id",),
    columns={
        "decision_id": text("Reference of the decision."),
        "patrol_area_id": text("Patrol area concerned.", **OPTIONAL),
        "place": text("Location of the area as named in the list; for an area to add, its street.", **OPTIONAL),
        "family": choice("asb or burglary; empty for both.", FAMILIES, **OPTIONAL),
        "decision": choice("exclude, pin (put first), rename, or add.", DECISIONS_MADE),
        "new_name": text("New name; 'place' where the area is given by its id.", **OPTIONAL),
        "reason": text("Reason, without names of people: it is shown on the pages."),
        "decided_by": text("Role of the person who decided; only words for roles and teams are kept.", **OPTIONAL),
        "until": time("Last day on which it applies; empty for no limit.", **OPTIONAL),
        "easting": measure("Of a place to add, metres.", **OPTIONAL),
        "northing": measure("Of a place to add, metres.", **OPTIONAL),
    },
)

REFERRAL_ANSWERS = Table(
    name="referral_answers",
    description="Partners' answers to referrals: the file of referrals with its last two columns completed.",
    key=("referral_id",),
    columns={
        "referral_id": text("Referral that is answered."),
        "answer": text("What the partner did, or why nothing was done; no personal data."),
        "answered_on": time("Day of the answer.", **OPTIONAL),
        "public_text": text(
            "Text for publication, without figures and names; empty if nothing may be published.", **OPTIONAL
        ),
    },
)

ACTIONS = Table(
    name="actions",
    description="Actions at hotspots or in areas, and their outcomes.",
    key=("action_id",),
    columns={
        "action_id": text("Reference of the action."),
        "hotspot_id": text("Hotspot concerned.", **OPTIONAL),
        "place_code": text("Team, ward, parish or beat concerned.", **OPTIONAL),
        "owner": text("Role or partner responsible; no name of a person."),
        "action": text("Description of the action."),
        "started_on": time("Start date."),
        "ended_on": time("End date.", **OPTIONAL),
        "outcome": text("Outcome.", **OPTIONAL),
        "public_text": text(
            "Text for publication, without figures and names; empty if nothing may be published.", **OPTIONAL
        ),
    },
)

PRIORITIES = Table(
    name="priorities",
    description="Local priorities agreed by teams with their residents.",
    key=("priority_id",),
    columns={
        "priority_id": text("Reference of the priority."),
        "team_name": text("Team that set the priority."),
        "issue": choice("Issue code.", categories.ISSUES),
        "agreed_on": time("Date of agreement."),
        "owner": text("Role responsible; no name of a person."),
        "review_on": time("Review date."),
        "closed_on": time("Date of closure.", **OPTIONAL),
    },
)

CONFIDENCE = Table(
    name="confidence",
    description="Published survey results on confidence in the police, including those of parish and town councils.",
    key=("wave", "place_code", "question"),
    columns={
        "wave": text("Survey wave: 2026-Q1, 2025-09, ..."),
        "place_code": text("Team or area by name or code; the force's slug for the whole force."),
        "question": text("Question."),
        "share": measure("Share that agreed, 0 to 1."),
        "respondents": count("Number of respondents."),
    },
)

POSTCODES = Table(
    name="postcodes",
    description="Postcode units of the force, where Code-Point Open is given.",
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
    description="Population and deprivation of lower layer super output areas (2021 codes), where look-ups are given.",
    key=("lsoa_code",),
    columns={
        "lsoa_code": text("Lower layer super output area."),
        "population": measure("Number of residents.", **OPTIONAL),
        "imd_decile": measure("Decile of the Index of Multiple Deprivation, 1 the most deprived.", **OPTIONAL),
    },
)
