"""Tables that the analysis makes: hotspots, patrol areas, scores, referrals and the record of data quality."""

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
ENGAGEMENT_REASONS = ("hidden_demand", "silent", "few_answers", "much_worry", "least_heard")
METHOD_TOPICS = ("hotspots", "forecast", "second opinions")
UNITS = ("spot", "hexagon")

MEMBERS = Table(
    name="members",
    description="Which incidents lie inside which hotspot's final outline.",
    key=("hotspot_id", "incident_id"),
    columns={"hotspot_id": text("Hotspot."), "incident_id": text("Incident.")},
)

_TRENDS = {
    "months_seen": count("Months of the window with data of the family.", optional=True),
    "months_significant": count(
        "Of them, those in which it had more incidents than its share of what is at risk explains.", optional=True
    ),
    "rate_ratio": measure("Recent rate over the earlier one, as a share of the rest of the force's rates.", **OPTIONAL),
    "change_p_value": measure("How often chance alone would change its rate so much.", **OPTIONAL),
}

HOTSPOTS = Table(
    name="hotspots",
    description="Places where incidents of one family crowd together in the evidence window.",
    key=("hotspot_id",),
    geometry=("Polygon", "MultiPolygon"),
    prefixes=("peak_",),
    columns={
        "hotspot_id": text("Given when first seen (burglary-2026-03-0007), kept while it lives."),
        "family": choice("asb or burglary; the two are never added.", FAMILIES),
        "period_start": time("First day of the evidence window."),
        "period_end": time("First day after it."),
        "incidents": count("Incidents of the family inside the outline in the window."),
        "spots": count("Distinct locations that these incidents share."),
        "expected": measure("Incidents expected inside over the horizon."),
        "expected_low": measure("Lower end of the 80 % prediction interval."),
        "expected_high": measure("Upper end of it."),
        "harm_days": measure("Harm of the incidents in the window; missing for ASB.", **OPTIONAL),
        "p_value": measure("Chance of so strong a hotspot where only what is at risk decides.", nullable=True),
        "area_m2": measure("Area of the outline."),
        "status": choice(
            "Against the previous run, missing on a first run. A place that stayed is emerging or fading where its "
            "rate against the rest of the force changed, else persistent where it stood out in most months, else "
            "continuing. rule_changed: the settings or the data changed, so it says nothing of the street.",
            STATUSES,
            nullable=True,
        ),
        "previous_hotspot_id": text("Its id in the previous run.", **OPTIONAL),
        **_TRENDS,
        "main_location": text("Commonest place among its incidents, in the source's words."),
        "flags": text("Cautions, space-separated: single_spot, ...", **OPTIONAL),
        "concerns": count("Answers of residents about this family within concern_radius_m."),
        "concern_status": choice("Concerns against the record.", CONCERN_STATUSES),
    },
)

PATROL_AREAS = Table(
    name="patrol_areas",
    description="Places an officer can walk, ranked.",
    key=("patrol_area_id",),
    geometry=("Polygon", "MultiPolygon"),
    prefixes=("score_", "peak_"),
    columns={
        "patrol_area_id": text("Given when first seen, kept while it lives."),
        "family": choice("asb or burglary.", FAMILIES),
        "rank": count("1 is the first place to go."),
        "rank_by_method": count("Rank before local decisions; 0 for a place that people added."),
        "hotspot_id": text("Hotspot it lies in or touches most.", **OPTIONAL),
        "team_name": text("Team that looks after it."),
        "beat_code": text("Beat.", **OPTIONAL),
        "incidents": count("Incidents of the family inside in the evidence window."),
        "expected": measure("Incidents expected inside over the horizon."),
        "expected_low": measure("Lower end of the 80 % prediction interval."),
        "expected_high": measure("Upper end of it."),
        "top_k_chance": measure("Chance, 0 to 1, that it belongs among the first k."),
        "score": measure("What ranks it: expected incidents (ASB) or expected harm in days (burglary)."),
        "radius_m": measure("Radius of the smallest circle around it."),
        "area_m2": measure("Area."),
        "walk_minutes": measure("Time to walk around it."),
        "surroundings": choice(
            "Town or country, by how much is recorded around; rural_drive is a village or a stretch of road with "
            "several circles to drive between.",
            SURROUNDINGS,
            **OPTIONAL,
        ),
        "drive_minutes": measure("Time to drive between its circles; 0 where it is one.", **OPTIONAL),
        "main_location": text("Commonest place among its incidents, in the source's words."),
        "flags": text("Cautions, space-separated: single_spot, ...", **OPTIONAL),
        "concerns": count("Answers of residents about this family within concern_radius_m."),
        "answers": count("All answers of residents within concern_radius_m."),
        "concern_status": choice("Concerns against the record.", CONCERN_STATUSES),
        "reason": text("Why it is on the list, in one sentence."),
        "decision": text("Local decisions applied to it, space-separated: pin, exclude, rename, add.", **OPTIONAL),
        "status": choice("As for hotspots.", STATUSES, **OPTIONAL),
        "previous_patrol_area_id": text("Its id in the previous run.", **OPTIONAL),
        **_TRENDS,
    },
)

ACCURACY = Table(
    name="accuracy",
    description="What the first k areas of a list caught of what came after it, beside plain ways to choose.",
    key=("basis", "as_of", "family", "method", "k"),
    columns={
        "basis": choice("Whether the list was published then, or is the method run again as of that day.", BASES),
        "as_of": time("Day of the list."),
        "family": choice("asb or burglary.", FAMILIES),
        "method": text("How the areas were chosen: this method, a named baseline, or the best possible."),
        "k": count("How many areas of the list, from its top."),
        "period_start": time("First day on which incidents are counted."),
        "period_end": time("First day after it."),
        "hits": count("Incidents of the family inside these areas in that period."),
        "total": count("Incidents of the family in the whole force in that period."),
        "area_m2": measure("Area of these areas together."),
        "hit_rate": measure("Share of the incidents that these areas caught: hits of total."),
        "pai": measure("Prediction accuracy index: hit rate for each share of the force's area.", nullable=True),
        "pei": measure("Prediction efficiency index: hits of the best possible hits.", **OPTIONAL),
        "expected": measure("Incidents that the list expected there in that period.", **OPTIONAL),
        "rri": measure("Predicted incidents for each one observed in these areas.", **OPTIONAL),
        "recapture_rate_index": measure(
            "These areas' share of incidents, as a ratio to their share before.", **OPTIONAL
        ),
    },
)

CALIBRATION = Table(
    name="calibration",
    description="Whether what lists said of their own certainty came true.",
    key=("basis", "as_of", "family", "statement", "band"),
    columns={
        "basis": choice("As in accuracy.", BASES),
        "as_of": time("Day of the list."),
        "family": choice("asb or burglary.", FAMILIES),
        "statement": choice(
            "expected: by rank; interval: the 80 % interval held the count; pit: where in its predicted spread the "
            "count fell; top_k_chance: areas with a chance above 0.8 were among the busiest.",
            STATEMENTS,
        ),
        "band": text("Which areas, or which part of the spread."),
        "areas": count("How many areas that is."),
        "expected": measure("Incidents expected in them."),
        "observed": count("Incidents that came."),
        "share": measure("Share of the areas for which the statement held, or that fell in the band.", nullable=True),
        "promised": measure("Share that ought to.", **OPTIONAL),
    },
)

PARAMETER_CHOICES = Table(
    name="parameter_choices",
    description="What each pair of DBSCAN parameters would have captured at past dates, and which pair was chosen.",
    key=("family", "radius_m", "min_incidents"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "radius_m": measure("Incidents at most so far apart are neighbours."),
        "min_incidents": count("Least number within the radius in twelve months with data."),
        "origins": count("Past dates at which it was tried."),
        "hotspots": measure("Hotspots used, on average."),
        "area_m2": measure("Area used, on average; the same for all pairs that find as much."),
        "ground_m2": measure("Area of all hotspots found, on average."),
        "caught": measure("Incidents of the three months after that the area used caught, over all dates."),
        "total": count("Incidents of these months in all."),
        "capture": measure("Caught of total."),
        "is_chosen": flag("Whether this pair was taken."),
        "chosen_on": time("Day of the run that tried them."),
    },
)

METHOD_NOTES = Table(
    name="method_notes",
    description="How the day's hotspots and forecasts came about, in words.",
    key=("family", "topic"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "topic": choice("What the words are about.", METHOD_TOPICS),
        "says": text("A few plain sentences."),
    },
)

CONCENTRATION = Table(
    name="concentration",
    description="How few places hold how much of what was recorded in the window.",
    key=("family", "unit", "share_of_incidents"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "unit": choice("What places are: spots with any record, or hexagons of 0.04 square kilometres.", UNITS),
        "share_of_incidents": measure("Share of the incidents, 0 to 1."),
        "places": count("Places, the fullest first, that hold it."),
        "of_places": count("Places in all."),
        "share_of_places": measure("Places of all places."),
    },
)

HEXAGONS = Table(
    name="hexagons",
    description="The fullest hexagons of 0.04 square kilometres, in rank order: a second opinion on the hotspots.",
    key=("family", "rank"),
    geometry=("Polygon",),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "rank": count("1 has most incidents."),
        "incidents": count("Incidents of the family in the window."),
        "gi_star": measure("Gi* over the hexagon and the six around it, a z score."),
        "is_significant": flag("More than chance allows, all hexagons of the force looked at."),
        "hotspot_id": text("The hotspot that it meets, the largest of several.", nullable=True),
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
        "burglaries": count("Burglaries of the last days inside."),
        "first_day": time("Day of the first of them."),
        "last_day": time("Day of the last of them."),
        "until": time("Last day on which any of it holds."),
        "main_location": text("Commonest street among its burglaries, without house numbers."),
        "team_name": text("Team that looks after it."),
        "beat_code": text("Beat.", **OPTIONAL),
        "area_m2": measure("Area."),
        "ratio": measure("Pairs of burglaries so close in place and time for each one by chance, in the whole force."),
        "ratio_low": measure("Lower end of its 80 % interval."),
        "ratio_high": measure("Upper end of it."),
    },
)

LISTENING = Table(
    name="listening",
    description="Residents' concerns compared with recorded incidents, by family and area.",
    key=("family", "kind", "place_code"),
    columns={
        "family": choice("asb or burglary.", FAMILIES),
        "kind": text("force, team, beat, lsoa, ward, parish, district, or place: around one spot."),
        "place_code": text("Code, or the name where there is none; of a place its easting and northing."),
        "name": text("Name of the area, or the streets about the spot."),
        "team_name": text("Team that looks after it.", **OPTIONAL),
        "easting": measure("Middle of a place, metres.", **OPTIONAL),
        "northing": measure("Middle of a place, metres.", **OPTIONAL),
        "radius_m": measure("How far around it.", **OPTIONAL),
        "people": measure("Residents, or postcodes or street points where the look-ups are missing."),
        "imd_decile": measure("Decile of deprivation, 1 the most deprived, where the look-up is given.", **OPTIONAL),
        "answers": count("Residents who answered from here; each counts once."),
        "worried": count("Of them, those who named the family."),
        "concern_share": measure("Share of worried ones, drawn towards the force's where answers are few."),
        "concern_low": measure("Lower end of its 80 % interval."),
        "concern_high": measure("Upper end of it."),
        "incidents": count("Incidents of the family in the evidence window; never added to answers."),
        "incident_ratio": measure("Incidents for each one expected at the force's rate, drawn towards 1."),
        "incident_low": measure("Lower end of its 80 % interval."),
        "incident_high": measure("Upper end of it."),
        "answers_expected": measure("Answers that so many people would usually give."),
        "heard_ratio": measure(
            "Answers for each one expected from so many people; missing without a survey.", nullable=True
        ),
        "heard_high": measure("Upper end of its 95 % interval.", nullable=True),
        "is_seldom_heard": flag("Whether far fewer answered than live here."),
        "is_silent": flag("Seldom heard, though incidents are recorded here."),
        "concern_status": choice("Concerns against the record.", CONCERN_STATUSES),
    },
)

REFERRALS = Table(
    name="referrals",
    description="Concerns passed on to partners: so many residents, about one issue, at one place.",
    key=("referral_id",),
    columns={
        "referral_id": text("Made from its content: partner, issue, place and answers."),
        "partner": text("Who it goes to."),
        "department": text("Which department, as far as it is known.", **OPTIONAL),
        "tier": text("Council tier: district, county, unitary; or national.", **OPTIONAL),
        "issue": choice("Issue code.", categories.ISSUES),
        "concerns": count("Residents who named it; each counts once."),
        "place": text("Where, as coarse as the number of answers asks."),
        "easting": measure("Middle of a place about a street, metres.", **OPTIONAL),
        "northing": measure("Middle of a place about a street, metres.", **OPTIONAL),
        "team_name": text("Team whose residents said it, where it is one team's.", **OPTIONAL),
        "period_start": time("First day of the answers."),
        "period_end": time("First day after the last of them."),
        "sent_on": time("Day of the report that it went out with."),
        "answer": text("What the partner answered.", **OPTIONAL),
        "answered_on": time("When.", **OPTIONAL),
        "public_text": text("What of it residents may be told, in the partner's own words.", **OPTIONAL),
    },
)

ENGAGEMENT = Table(
    name="engagement",
    description="Where to listen next, how, and when where the data knows it.",
    key=("suggestion",),
    columns={
        "suggestion": count("1 is the first."),
        "team_name": text("Team to go.", **OPTIONAL),
        "place": text("Where."),
        "way": choice("How: walk and talk, door to door, street stall (high_street) or online.", ENGAGEMENT_WAYS),
        "why": choice("What is missing there.", ENGAGEMENT_REASONS),
        "day_and_time": text("When, where the data knows it; else what is missing."),
        "answers": count("Residents who answered from there."),
        "incidents": count("Incidents of the family recorded there in the window."),
        "family": choice("asb or burglary.", FAMILIES),
        "easting": measure("Middle of the place, metres.", **OPTIONAL),
        "northing": measure("Middle of the place, metres.", **OPTIONAL),
        "reason": text("Why, in a sentence."),
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
        "rows_kept": count("Rows kept, of all of them."),
        "reason": text("Why rows were set aside; empty where none were."),
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
        "column": text("Which of its columns is at fault."),
        "reason": text("Why it was set aside."),
    },
)

FINDINGS = Table(
    name="findings",
    description="What the run noticed about its inputs, and what it did.",
    key=("finding",),
    columns={
        "kind": text("What sort of finding: missing_month, derived_outline, ..."),
        "finding": text("What was found, in a sentence."),
        "action": text("What the run did about it."),
        "setting": text("The setting that decides; empty where none does."),
        "is_open": flag("True where somebody has to decide: the run then ends with status 4."),
    },
)
