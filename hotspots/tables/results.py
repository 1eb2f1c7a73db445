"""Tables that the analysis creates: hotspots, patrol areas, scores, referrals and data quality."""

from hotspots import categories
from hotspots.tables.inputs import FAMILIES
from hotspots.tables.schema import OPTIONAL, Table, choice, count, flag, measure, text, time

STATUSES = ("new", "persistent", "continuing", "emerging", "fading", "merged", "split", "gone", "rule_changed")
STAYED = ("persistent", "continuing")
SURROUNDINGS = ("urban", "rural", "rural_drive")
CONCERN_STATUSES = ("agreement", "hidden_demand", "normalised", "unknown")
BASES = ("published", "backtest")
STATEMENTS = ("expected", "interval", "pit", "top_k_chance")
ENGAGEMENT_WAYS = ("walk_and_talk", "door_to_door", "high_street", "online")
ENGAGEMENT_REASONS = ("hidden_demand", "silent", "few_answers", "high_concern", "lowest_response")
METHOD_TOPICS = ("hotspots", "forecast", "hexagons")
UNITS = ("spot", "hexagon")

MEMBERS = Table(
    name="members",
    description="Incidents inside the final outline of each hotspot.",
    key=("hotspot_id", "incident_id"),
    columns={"hotspot_id": text("Hotspot."), "incident_id": text("Incident.")},
)

_TRENDS = {
    "months_seen": count("Months of the window with data for the family.", optional=True),
    "incidents_before": count(
        "Incidents of the family inside the same outline in the previous window, which ended one reporting step "
        "earlier (a month, or a week for dated records).",
        optional=True,
    ),
    "months_before": count("Months of the previous window with data for the family.", optional=True),
    "months_significant": count(
        "Months with more incidents than expected from its share of what is at risk.", optional=True
    ),
    "latest_months": count("Months with data in the latest part of the window (change.recent_share).", optional=True),
    "latest_incidents": count("Incidents in these months.", optional=True),
    "latest_expected": measure(
        "Incidents expected in these months from those before, continued at the change in the rest of the force.",
        **OPTIONAL,
    ),
    "rate_ratio": measure("Incidents of the latest months divided by those expected.", **OPTIONAL),
    "peak_times": text(
        "Days and hours in which its incidents are most concentrated; missing on month-only data.", **OPTIONAL
    ),
    "change_p_value": measure("Probability of a difference from the expected number this large by chance.", **OPTIONAL),
}

HOTSPOTS = Table(
    name="hotspots",
    description="Places where incidents of a family are concentrated in the evidence window.",
    key=("hotspot_id",),
    geometry=("Polygon", "MultiPolygon"),
    prefixes=("peak_",),
    columns={
        "hotspot_id": text(
            "ID given when the hotspot is first found (burglary-2026-03-0007) and kept from run to run."
        ),
        "family": choice("asb or burglary; the two are never added together.", FAMILIES),
        "period_start": time("First day of the evidence window."),
        "period_end": time("First day after the period."),
        "incidents": count("Incidents of the family inside the outline in the window."),
        "spots": count("Distinct locations of these incidents."),
        "expected": measure("Incidents expected inside over the horizon."),
        "expected_low": measure("Lower end of the 80 % prediction interval."),
        "expected_high": measure("Upper end of the interval."),
        "harm_days": measure("Harm of the incidents in the window; missing for ASB.", **OPTIONAL),
        "p_value": measure(
            "Probability of a hotspot this strong if incidents followed only what is at risk.", nullable=True
        ),
        "area_m2": measure("Area of the outline."),
        "status": choice(
            "Change since the previous period, whose hotspots are found again in today's data: new, merged, split, "
            "gone; for others emerging or fading if the latest months differ from what was expected, else persistent "
            "if most months are significant, else continuing. rule_changed: its outline differs from the previous run "
            "only because settings were changed. Empty where the previous period has no data.",
            STATUSES,
            nullable=True,
        ),
        "previous_hotspot_id": text("ID in the previous run.", **OPTIONAL),
        **_TRENDS,
        "main_location": text("Most common location of its incidents, as named by the source."),
        "flags": text("Cautions, separated by spaces: single_spot, ...", **OPTIONAL),
        "concerns": count("Residents (or answers) within concern_radius_m who named this family."),
        "concern_status": choice("Concerns compared with recorded incidents.", CONCERN_STATUSES),
    },
)

PATROL_AREAS = Table(
    name="patrol_areas",
    description="Places an officer can patrol on foot, ranked.",
    key=("patrol_area_id",),
    geometry=("Polygon", "MultiPolygon"),
    prefixes=("score_", "peak_"),
    columns={
        "patrol_area_id": text("ID given when the area is first listed and kept from run to run."),
        "family": choice("asb or burglary.", FAMILIES),
        "rank": count("1 for the area with the highest priority."),
        "rank_by_method": count("Rank before local decisions; 0 for an area added by a local decision."),
        "hotspot_id": text("Hotspot with which it overlaps most.", **OPTIONAL),
        "team_name": text("Team responsible for it."),
        "beat_code": text("Beat.", **OPTIONAL),
        "incidents": count("Incidents of the family inside in the evidence window."),
        "expected": measure("Incidents expected inside over the horizon."),
        "expected_low": measure("Lower end of the 80 % prediction interval."),
        "expected_high": measure("Upper end of the interval."),
        "top_k_chance": measure("Probability, 0 to 1, that the area is among the top k."),
        "score": measure(
            "Score by which areas are ranked: expected incidents (ASB) or expected harm in days (burglary)."
        ),
        "radius_m": measure("Radius of the smallest enclosing circle."),
        "area_m2": measure("Area."),
        "walk_minutes": measure("Time to walk around the area."),
        "surroundings": choice(
            "Urban or rural, by the number of incidents recorded around; rural_drive is a village or a stretch of road "
            "with several circles to drive between.",
            SURROUNDINGS,
            **OPTIONAL,
        ),
        "drive_minutes": measure("Time to drive between its circles; 0 if there is only one.", **OPTIONAL),
        "main_location": text("Most common location of its incidents, as named by the source."),
        "flags": text("Cautions, separated by spaces: single_spot, ...", **OPTIONAL),
        "concerns": count("Residents (or answers) within concern_radius_m who named this family."),
        "answers": count("Residents within concern_radius_m who answered."),
        "concern_status": choice("Concerns compared with recorded incidents.", CONCERN_STATUSES),
        "reason": text("Reason why the area is listed, in one sentence."),
        "decision": text("Local decisions applied, separated by spaces: pin, exclude, rename, add.", **OPTIONAL),
        "status": choice(
            "Change in its counts: emerging, fading, persistent, continuing; or rule_changed, as for hotspots.",
            STATUSES,
            **OPTIONAL,
        ),
        "previous_patrol_area_id": text("ID in the previous run.", **OPTIONAL),
        **_TRENDS,
    },
)

ACCURACY = Table(
    name="accuracy",
    description="Incidents captured by the top k areas of a list in the following period, compared with baselines.",
    key=("basis", "as_of", "family", "method", "k"),
    columns={
        "basis": choice(
            "Whether the list was published on that day, or made later by a backtest as of that day.", BASES
        ),
        "as_of": time("Day of the list."),
        "family": choice("asb or burglary.", FAMILIES),
        "method": text("Method of choosing the areas: this method, a named baseline, or the best possible choice."),
        "k": count("Number of areas from the top of the list."),
        "period_start": time("First day on which incidents are counted."),
        "period_end": time("First day after the period."),
        "hits": count("Incidents of the family inside these areas in that period."),
        "total": count("Incidents of the family in the whole force in that period."),
        "area_m2": measure("Total area of these areas."),
        "hit_rate": measure("Share of incidents captured: hits divided by total."),
        "pai": measure("Prediction accuracy index: hit rate divided by the share of the force's area.", nullable=True),
        "pei": measure("Prediction efficiency index: hits divided by the best possible hits.", **OPTIONAL),
        "expected": measure("Incidents that the list expected there in that period.", **OPTIONAL),
        "rri": measure("Recovery rate index: predicted incidents divided by observed ones.", **OPTIONAL),
        "recapture_rate_index": measure(
            "Share of incidents in these areas, divided by their share in the earlier period.", **OPTIONAL
        ),
    },
)

CALIBRATION = Table(
    name="calibration",
    description="Reliability of the uncertainty that lists stated, compared with the observed counts.",
    key=("basis", "as_of", "family", "statement", "band"),
    columns={
        "basis": choice("As in accuracy.", BASES),
        "as_of": time("Day of the list."),
        "family": choice("asb or burglary.", FAMILIES),
        "statement": choice(
            "expected: by rank; interval: the count was in the 80 % interval; pit: position of the count in its "
            "predictive distribution; top_k_chance: areas with a probability above 0.8 were among the top k.",
            STATEMENTS,
        ),
        "band": text("Group of areas, or part of the predictive distribution."),
        "areas": count("Number of areas."),
        "expected": measure("Incidents expected in them."),
        "observed": count("Incidents observed in them."),
        "share": measure("Share of areas for which the statement was true, or that were in the band.", nullable=True),
        "promised": measure("Share expected from a reliable forecast.", **OPTIONAL),
    },
)

PARAMETER_CHOICES = Table(
    name="parameter_choices",
    description="What each pair of DBSCAN parameters would have captured at past dates, and which pair was chosen.",
    key=("family", "radius_m", "min_incidents"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "radius_m": measure("Incidents within this distance are neighbours."),
        "min_incidents": count("Minimum number of incidents within the radius in twelve months with data."),
        "origins": count("Number of past dates tested."),
        "hotspots": measure("Mean number of hotspots used."),
        "area_m2": measure("Mean area used; equal for all pairs that find enough."),
        "total_area_m2": measure("Mean total area of all hotspots found."),
        "captured": measure("Incidents of the following three months captured by the area used, over all dates."),
        "total": count("All incidents of these months."),
        "capture": measure("Captured share of the total."),
        "is_chosen": flag("Whether this pair was chosen."),
        "chosen_on": time("Last day of the data on which the choice was made."),
    },
)

METHOD_NOTES = Table(
    name="method_notes",
    description="Description of how the day's hotspots and forecasts were made.",
    key=("family", "topic"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "topic": choice("Topic of the description.", METHOD_TOPICS),
        "description": text("Description, in a few sentences."),
    },
)

CONCENTRATION = Table(
    name="concentration",
    description="Concentration of the incidents of the window in few places.",
    key=("family", "unit", "share_of_incidents"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "unit": choice("Unit of place: spots with any incident, or hexagons of 0.04 square kilometres.", UNITS),
        "share_of_incidents": measure("Share of the incidents, 0 to 1."),
        "places": count("Number of places, those with most incidents first, with this share."),
        "of_places": count("Number of all places."),
        "share_of_places": measure("Share of all places."),
    },
)

HEXAGONS = Table(
    name="hexagons",
    description="Hexagons of 0.04 square kilometres with most incidents, as a check on the hotspots.",
    key=("family", "rank"),
    geometry=("Polygon",),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "rank": count("1 for the hexagon with most incidents."),
        "incidents": count("Incidents of the family in the window."),
        "gi_star": measure("Gi* of the hexagon and the six around it (z score)."),
        "is_significant": flag("Whether Gi* is significant after correction for all hexagons of the force."),
        "hotspot_id": text("Hotspot that it overlaps, the largest if there are several.", nullable=True),
    },
)

NEAR_REPEATS = Table(
    name="near_repeats",
    description="Zones in which a recent burglary makes another more likely for a while; none where the force's own "
    "past shows no near repeats or its records have no days.",
    key=("zone_id",),
    geometry=("Polygon", "MultiPolygon"),
    columns={
        "zone_id": text("Day of the report and number: near-repeat-2026-03-29-001."),
        "burglaries": count("Recent burglaries inside."),
        "first_day": time("Day of the first of these burglaries."),
        "last_day": time("Day of the last of these burglaries."),
        "until": time("Last day on which any part of the zone applies."),
        "main_location": text("Most common street of its burglaries, without house numbers."),
        "team_name": text("Team responsible for it."),
        "beat_code": text("Beat.", **OPTIONAL),
        "area_m2": measure("Area."),
        "ratio": measure(
            "Knox ratio of the whole force: observed pairs this close in space and time, divided by expected pairs."
        ),
        "ratio_low": measure("Lower end of the 80 % interval."),
        "ratio_high": measure("Upper end of the interval."),
    },
)

AREA_COMPARISON = Table(
    name="area_comparison",
    description="Residents' concerns compared with recorded incidents, by family and area.",
    key=("family", "kind", "place_code"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "kind": text("force, team, beat, lsoa, ward, parish, district, or place: around one spot."),
        "place_code": text("Code, or the name if there is none; easting and northing of a place."),
        "name": text("Name of the area, or the streets around the spot."),
        "team_name": text("Team responsible for it.", **OPTIONAL),
        "easting": measure("Centre of a place, metres.", **OPTIONAL),
        "northing": measure("Centre of a place, metres.", **OPTIONAL),
        "radius_m": measure("Radius around the spot.", **OPTIONAL),
        "people": measure("Residents, or postcodes or street points if look-ups are missing."),
        "imd_decile": measure(
            "Decile of the Index of Multiple Deprivation, 1 the most deprived, if a look-up is given.", **OPTIONAL
        ),
        "answers": count("Residents of the area who answered; each counts once."),
        "worried": count("Of these, residents who named the family."),
        "concern_share": measure("Share who named the family, shrunken towards the force's share if answers are few."),
        "concern_low": measure("Lower end of the 80 % interval."),
        "concern_high": measure("Upper end of the interval."),
        "incidents": count("Incidents of the family in the evidence window; never added to answers."),
        "incident_ratio": measure("Incidents divided by those expected at the force's rate, shrunken towards 1."),
        "incident_low": measure("Lower end of the 80 % interval."),
        "incident_high": measure("Upper end of the interval."),
        "answers_expected": measure("Answers expected from this population."),
        "response_ratio": measure(
            "Response rate: answers divided by expected answers; missing without a survey.", nullable=True
        ),
        "response_high": measure("Upper end of the 95 % interval.", nullable=True),
        "is_low_response": flag("Whether the response rate is low."),
        "is_silent": flag(
            "Whether the response rate is low although the survey was held there and incidents are recorded."
        ),
        "concern_status": choice("Concerns compared with recorded incidents.", CONCERN_STATUSES),
    },
)

REFERRALS = Table(
    name="referrals",
    description="Referrals to partners: the number of residents concerned about one issue at one place.",
    key=("referral_id",),
    columns={
        "referral_id": text("Hash of the content: partner, issue, place and answers."),
        "partner": text("Partner to whom it is sent."),
        "department": text("Department, if known.", **OPTIONAL),
        "tier": text("Council tier: district, county, unitary; or national.", **OPTIONAL),
        "issue": choice("Issue code.", categories.ISSUES),
        "concerns": count("Residents who named the issue, each once; answers if there are no respondent ids."),
        "place": text("Place, as precise as the number of answers allows."),
        "easting": measure("Centre of a place around a street, metres.", **OPTIONAL),
        "northing": measure("Centre of a place around a street, metres.", **OPTIONAL),
        "team_name": text("Team of the residents, if all have the same.", **OPTIONAL),
        "period_start": time("First day of the answers."),
        "period_end": time("First day after the last answer."),
        "sent_on": time("Day of the report that sent it."),
        "answer": text("Answer of the partner.", **OPTIONAL),
        "answered_on": time("When.", **OPTIONAL),
        "public_text": text("Text for publication, in the partner's words.", **OPTIONAL),
    },
)

ENGAGEMENT = Table(
    name="engagement",
    description="Suggestions where, how and when to engage with residents.",
    key=("suggestion",),
    columns={
        "suggestion": count("1 for the first suggestion."),
        "team_name": text("Team to go.", **OPTIONAL),
        "place": text("Where."),
        "way": choice("How: walk and talk, door to door, street stall (high_street) or online.", ENGAGEMENT_WAYS),
        "why": choice("Reason for the suggestion, as a code.", ENGAGEMENT_REASONS),
        "day_and_time": text("Suggested day and time, or what is missing to suggest one."),
        "answers": count("Residents of the place who answered."),
        "incidents": count("Incidents of the family recorded there in the window."),
        "family": choice("asb or burglary.", FAMILIES),
        "easting": measure("Centre of the place, metres.", **OPTIONAL),
        "northing": measure("Centre of the place, metres.", **OPTIONAL),
        "reason": text("Reason, in a sentence."),
    },
)

TALLY = Table(
    name="tally",
    description="Rows in = rows kept + rows set aside, by file, month and reason (quality.csv).",
    key=("source", "file", "month", "reason"),
    columns={
        "source": text("Kind of input."),
        "file": text("File name."),
        "month": text("Month of the rows, YYYY-MM, or empty."),
        "rows_in": count("Rows of this file and month."),
        "rows_kept": count("Of these, rows kept."),
        "reason": text("Reason why rows were set aside; empty if none were."),
        "rows_set_aside": count("Rows set aside for this reason."),
    },
)

QUALITY = Table(
    name="quality",
    description="Rows set aside: position and reason, never the content; rows_set_aside.csv holds the same.",
    key=("source", "file", "row"),
    columns={
        "source": text("Kind of input."),
        "file": text("File name."),
        "row": count("Number of the row in the file; the first row of data is 1."),
        "column": text("Column at fault."),
        "reason": text("Reason why the row was set aside."),
    },
)

FINDINGS = Table(
    name="findings",
    description="Findings of the run about its inputs, and what it did about them.",
    key=("finding",),
    columns={
        "kind": text("Kind of finding: missing_month, derived_outline, ..."),
        "finding": text("Finding, in a sentence."),
        "action": text("What the run did about it."),
        "setting": text("Setting that decides; empty if there is none."),
        "is_open": flag("Whether a decision is needed: the run then ends with status 4."),
        "to_close": text("What to type, and where, to close an open finding; empty if there is nothing to type."),
        "is_seen": flag("Whether it was checked, as a setting says, or is unchanged since the last report."),
    },
)
