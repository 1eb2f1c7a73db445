"""Littleham's survey answers, with planted hidden demand.

The rows look like a survey export: most have a postcode, some a point, some only a ward, and a few no location. Names,
e-mail addresses and comments are made up, so that tests can check that they are never read.
"""

import numpy as np
import pandas as pd

from hotspots import crs
from hotspots.categories import ISSUE_GROUPS, ISSUE_LABELS, ISSUES, NOT_CLASSIFIED
from hotspots.period import Window
from hotspots.town import streets, times

COLUMNS = [
    "Response ID", "Submitted", "Channel", "Postcode", "Ward", "Longitude", "Latitude", "What worries you most?",
    "Second worry", "How often?", "When?", "Reported to police?", "Name", "Email", "Comments",
]  # fmt: skip
ANSWERS = 900
RADIUS_M = 300
SCRIPT = "<script>alert(1)</script>"
_WEIGHTS = {
    "speeding": 13, "drugs": 9, "parking_obstruction": 8, "rowdy_behaviour": 8, "visibility": 8, "burglary": 7,
    "fly_tipping": 6, "nuisance_vehicles": 6, "dog_fouling": 5, "litter": 5, "vehicle_crime": 5, "road_defect": 4,
    "noise": 3, "violence": 3, "theft": 3, "unsafe": 3, "parking": 3, "street_lighting": 3, "neighbours": 2,
    "street_drinking": 2, "pavement_defect": 2, "vegetation": 2,
}  # fmt: skip
_WAKING_HOURS = times.TimePattern(hours=((7, 22, 1), (17, 21, 1)))
_HOUSEHOLD_ASB = ["rowdy_behaviour", "nuisance_vehicles", "noise", "street_drinking", "neighbours"]
_FIRST_NAMES = (
    "Ada", "Basil", "Cora", "Desmond", "Edith", "Farah", "Gareth", "Hana", "Idris", "Jun", "Kofi", "Leela", "Marek",
    "Nadia", "Omar", "Petra", "Rhys",
)  # fmt: skip
_LAST_NAMES = (
    "Ashdown", "Barrowby", "Coldwell", "Dunmere", "Eastlake", "Fernley", "Garside", "Hollin", "Ivemey", "Kershope",
    "Lowther", "Marden",
)  # fmt: skip
_REMARKS = (
    "It has been going on since the summer.", "Happens near {street} most weeks.", "Nobody came when we rang.",
    "The young people here have nowhere to go.", "Please call me on {phone} after six.", "Worse at weekends.",
    "My neighbour in {street} says the same.", "Thank you for asking.", "You can write to {email}.",
    "I no longer walk down {street} after dark.",
)  # fmt: skip


def plan_concerns(points: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the planted concerns: two places with hidden demand, a silent estate and a street with fly-tipping.

    The street is in a district with a county council: the fly-tipping is for the district council, and the street
    lights, which half of its respondents name second, are for the county council.
    """
    homes = rng.permutation(["Southmead", "Fairmead", "Oakfield"])[:2]
    issues = ("nuisance_vehicles", "rowdy_behaviour")
    rows = []
    for name, issue, answers in zip(homes, issues, rng.integers((24, 16), (32, 22)), strict=True):
        rim = np.flatnonzero((points["district"] == name) & points["edge"].between(0.5, 0.75))
        place = points.loc[rng.choice(rim)]
        rows.append(
            ("hidden_demand", issue, place["easting"], place["northing"], RADIUS_M, place["beat_name"], answers, "")
        )
    silent = str(rng.choice(["Birchwood", "Hillside"]))
    rows.append(("silent_estate", "", *streets.centre_of(silent), 600, silent, 0, ""))
    rows.append(_fly_tipping_street(points, rng))
    names = ["kind", "issue", "easting", "northing", "radius_m", "ward", "planted_answers", "street"]
    return pd.DataFrame(rows, columns=names).assign(concern_number=np.arange(1, len(rows) + 1))


def _fly_tipping_street(
    points: pd.DataFrame, rng: np.random.Generator
) -> tuple[str, str, int, int, int, str, int, str]:
    """Return the row of a street of terraces with fly-tipping."""
    terraces = points[points["kind"] == "terraces"]
    long = terraces["street"].value_counts(sort=False)
    fit = long[long.between(5, 9)] if long.between(5, 9).any() else long[(long - 7).abs() == (long - 7).abs().min()]
    name = str(rng.choice(sorted(fit.index)))
    along = terraces[terraces["street"] == name]
    middle = along[["easting", "northing"]].mean().round().astype("int64").tolist()
    radius_m = int(streets.distance_m(along, *middle).max()) + 1
    return (
        "fly_tipping",
        "fly_tipping",
        *middle,
        radius_m,
        along["beat_name"].iloc[0],
        int(rng.integers(14, 20)),
        name,
    )


def asb_reporting_shares(points: pd.DataFrame, concerns: pd.DataFrame) -> np.ndarray:
    """Return the share of ASB that is reported at each street point: lower where demand is hidden."""
    share = np.ones(len(points))
    for place in concerns[concerns["kind"] == "hidden_demand"].to_dict("records"):
        share[streets.distance_m(points, place["easting"], place["northing"]) <= RADIUS_M + 50] = 0.2
    return share


def draw_answers(
    points: pd.DataFrame, concerns: pd.DataFrame, hotspots: pd.DataFrame, window: Window, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the survey export: one row of text for each answer, in order of submission."""
    answers = pd.concat(
        [
            _general_answers(points, concerns, hotspots, rng),
            _hidden_demand_answers(points, concerns, rng),
            _fly_tipping_answers(points, concerns, rng),
        ],
        ignore_index=True,
    )
    days = times.draw_days(times.day_weights(window, _WAKING_HOURS), len(answers), rng)
    answers["moment"] = times.draw_datetimes(days, _WAKING_HOURS, rng)
    answers = answers.sort_values("moment", kind="stable", ignore_index=True)
    here = points.loc[answers["point"]].reset_index(drop=True)
    answers["Response ID"] = [f"LT-{number:05d}" for number in range(1, len(answers) + 1)]
    answers["Submitted"] = times.format_datetimes(answers["moment"])
    answers["Channel"] = rng.choice(["Online", "Doorstep", "Event", "Paper"], len(answers), p=[0.62, 0.24, 0.1, 0.04])
    answers = answers.assign(**_location_columns(answers, here, rng), **_contact_columns(here, rng))
    return _add_markup(answers)[COLUMNS]


def _general_answers(
    points: pd.DataFrame, concerns: pd.DataFrame, hotspots: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return answers from everywhere; near every other hotspot most are about what is recorded there."""
    weights = points["addresses"].to_numpy(dtype=float)
    silent = concerns.loc[concerns["kind"] == "silent_estate", "ward"]
    weights = weights * np.where(points["district"].isin(silent), 0.05, 1.0)
    number = ANSWERS - int(concerns["planted_answers"].sum())
    where = rng.choice(len(points), number, p=weights / weights.sum())
    first, second = _draw_issues(number, rng), _draw_issues(number, rng)
    homes = points.loc[where, ["easting", "northing"]]
    for place in hotspots[hotspots["hotspot_number"] % 2 == 1].to_dict("records"):
        near = (streets.distance_m(homes, place["easting"], place["northing"]) <= RADIUS_M) & (
            rng.random(number) < 0.55
        )
        about = rng.choice(_HOUSEHOLD_ASB, number) if place["family"] == "asb" else np.repeat("burglary", number)
        first = np.where(near, about, first)
    second = np.where((rng.random(number) < 0.4) | (second == first), "", second)
    reported = rng.choice(["Yes", "No", ""], number, p=[0.35, 0.45, 0.2])
    return _answer_rows(where, first, second, reported, rng)


def _hidden_demand_answers(points: pd.DataFrame, concerns: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return answers from places with hidden demand: one issue, rarely reported, always with a location."""
    parts = []
    for place in concerns[concerns["kind"] == "hidden_demand"].to_dict("records"):
        near = np.flatnonzero(streets.distance_m(points, place["easting"], place["northing"]) <= RADIUS_M - 60)
        where = rng.choice(near, place["planted_answers"])
        first = np.repeat(place["issue"], len(where))
        reported = rng.choice(["Yes", "No", ""], len(where), p=[0.04, 0.86, 0.1])
        second = rng.choice(["", "speeding", "unsafe", "visibility"], len(where))
        parts.append(_answer_rows(where, first, second, reported, rng).assign(is_planted=True))
    return pd.concat(parts, ignore_index=True)


def _fly_tipping_answers(points: pd.DataFrame, concerns: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return answers from the street with fly-tipping, always with a location; every other one names street lights."""
    place = concerns[concerns["kind"] == "fly_tipping"].iloc[0]
    along = np.flatnonzero(points["street"] == place["street"])
    where = rng.choice(along, place["planted_answers"])
    first = np.repeat("fly_tipping", len(where))
    second = np.where(np.arange(len(where)) % 2 == 0, "street_lighting", "")
    return _answer_rows(where, first, second, np.repeat("", len(where)), rng).assign(is_planted=True)


def _answer_rows(
    where: np.ndarray, first: np.ndarray, second: np.ndarray, reported: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Return answers in the export's words; only crime and ASB have a time and say whether they were reported."""
    number = len(where)
    timed = np.array([ISSUE_GROUPS[issue] in ("asb", "crime") for issue in first])
    when = rng.choice(["Morning", "Afternoon", "Evening", "Night", "Weekends", "Any time"], number,
                      p=[0.06, 0.17, 0.38, 0.18, 0.11, 0.1])  # fmt: skip
    labels = ISSUE_LABELS | {"": ""}
    return pd.DataFrame({
        "point": where,
        "is_planted": False,
        "What worries you most?": [labels[issue] for issue in first],
        "Second worry": [labels[issue] for issue in second],
        "How often?": rng.choice(["Every day", "Every week", "Every month", "Less often", ""], number),
        "When?": np.where(timed, when, ""),
        "Reported to police?": np.where(timed, reported, ""),
    })  # fmt: skip


def _draw_issues(number: int, rng: np.random.Generator) -> np.ndarray:
    """Return random issue codes, the common issues more often."""
    issues = [issue for issue in ISSUES if issue != NOT_CLASSIFIED]
    weights = np.array([_WEIGHTS.get(issue, 0.6) for issue in issues])
    return rng.choice(issues, number, p=weights / weights.sum())


def _location_columns(answers: pd.DataFrame, here: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return a postcode, a point, only a ward, or nothing; postcodes as people type them, some incomplete."""
    number = len(here)
    way = rng.choice(["postcode", "point", "ward", "nothing"], number, p=[0.72, 0.12, 0.13, 0.03])
    way = np.where(answers["is_planted"] & np.isin(way, ["ward", "nothing"]), "postcode", way)
    postcode = here["postcode"].to_numpy(dtype=object)
    typed = np.where(rng.random(number) < 0.1, here["postcode"].str.lower(), postcode)
    typed = np.where(rng.random(number) < 0.1, here["postcode"].str.replace(" ", ""), typed)
    typed = np.where((rng.random(number) < 0.03) & ~answers["is_planted"], here["postcode"].str[:-2], typed)
    is_ward = (way == "ward") | ((way != "nothing") & (rng.random(number) < 0.5))
    longitude, latitude = crs.to_degrees(here["easting"] + rng.normal(0, 8, number), here["northing"])
    return {
        "Postcode": np.where(way == "postcode", typed, ""),
        "Ward": np.where(is_ward, here["beat_name"], ""),
        "Longitude": np.where(way == "point", [f"{degrees:.6f}" for degrees in longitude], ""),
        "Latitude": np.where(way == "point", [f"{degrees:.6f}" for degrees in latitude], ""),
    }


def _contact_columns(here: pd.DataFrame, rng: np.random.Generator) -> dict[str, list[str]]:
    """Return made-up names, e-mail addresses and comments, some with a telephone number reserved for drama."""
    names, emails, remarks = [], [], []
    chosen = zip(*(rng.integers(0, top, len(here)) for top in (17, 12, 10, 1000, 4)), here["street"], strict=True)
    for first, last, remark, line, answered, street in chosen:
        name = (_FIRST_NAMES[first], _LAST_NAMES[last])
        email = f"{name[0]}.{name[1]}{line}@example.org".lower()
        text = _REMARKS[remark].format(street=street, phone=f"01632 960{line:03d}", email=email)
        names.append(" ".join(name) if answered else "")
        emails.append(email if answered else "")
        remarks.append(text if answered < 3 else "")
    return {"Name": names, "Email": emails, "Comments": remarks}


def _add_markup(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers with HTML in one comment and in one issue, which a page must escape."""
    plain = answers.index[~answers["is_planted"]]
    comments, worries = answers["Comments"].copy(), answers["What worries you most?"].copy()
    comments.loc[plain[len(plain) // 2]] = f"Please read this {SCRIPT}"
    worries.loc[plain[len(plain) // 3]] = '<b onclick="alert(1)">Fly-tipping</b> & rubbish'
    return answers.assign(**{"Comments": comments, "What worries you most?": worries})
