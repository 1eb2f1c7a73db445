"""What to know in five lines: what is new, worse and better, where residents worry, and whether the data is sound."""

from collections.abc import Sequence

import pandas as pd

from hotspots import categories, quality, tables
from hotspots.reporting import formatting
from hotspots.reporting.charts import monthly_counts
from hotspots.reporting.report import Report
from hotspots.reporting.web_map import resident_layers

# What stands at the head of a line, and the statuses of hotspots that it tells of.
_MOVES = (("New", ("new",)), ("Worse", ("emerging",)), ("Better", ("fading", "gone")))
_NAMED = 2  # places named in a line, for each family


def to_know(report: Report) -> list[tuple[str, str]]:
    """Five lines for somebody who reads nothing else: a word at the head, and a sentence."""
    if report.is_first_run:
        lines = [
            ("Changes", "This is the first run: there is nothing to compare with yet."),
            ("Recorded", _recorded(report)),
        ]
    else:
        lines = [(head, _moved(report.hotspots, statuses)) for head, statuses in _MOVES]
    overdue = " ".join(report.answering.overdue(report.as_of))
    if overdue:
        first, *rest = lines
        lines = [first, *_together(rest), ("Overdue", overdue)]
    return [*lines, ("Residents", _hidden(report)), ("Data", _data(report))]


def _together(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is worse and what is better on one line, so that there is room for another; a single line as it is."""
    if len(lines) < 2:
        return lines
    return [("Changed", " ".join(f"{head}: {text[0].lower() if text.startswith('No') else text[0]}{text[1:]}"
                                 for head, text in lines))]  # fmt: skip


def first_areas(report: Report, shown: int = 3) -> list[dict]:
    """The first few areas of each family, in short."""
    found = []
    for family in tables.FAMILIES:
        areas = report.patrol_areas[report.patrol_areas["family"] == family]
        areas = areas.sort_values(["rank", "patrol_area_id"]).head(shown)
        rows = [
            {
                "rank": int(row["rank"]),
                "id": formatting.clean(row["patrol_area_id"]),
                "place": formatting.street(row["main_location"]),
                "team": formatting.place(row["team_name"], 40),
                "when": next((text for _, text in formatting.peaks(row)), ""),
            }
            for _, row in areas.iterrows()
        ]
        found.append({"code": family, "label": formatting.FAMILY_SHORT[family], "areas": rows})
    return found


def _recorded(report: Report) -> str:
    """Incidents of each family in the window."""
    own = report.incidents[report.incidents["is_own_force"]]
    told = [
        f"{formatting.FAMILY_SHORT[family]}: {formatting.counted(number, 'incident', 'incidents')}"
        for family, number in ((family, len(categories.of_family(own, family))) for family in tables.FAMILIES)
    ]
    without = int(monthly_counts.monthly_counts(report.incidents, report.window).isna().all(axis=1).sum())
    length = formatting.counted(report.window.length_months, "month", "months")
    return f"{'; '.join(told)} in {length}{f', {without} of them without data' if without else ''}."


def _moved(hotspots: pd.DataFrame, statuses: Sequence[str]) -> str:
    """Hotspots of some statuses by family, the largest named."""
    held = hotspots[hotspots["status"].isin(statuses)]
    held = held.sort_values(["incidents", "hotspot_id"], ascending=[False, True])
    return f"{_by_family(held, 'hotspot')}." if len(held) else "None."


def _hidden(report: Report) -> str:
    """Areas where residents worry and few incidents are reported."""
    if report.concerns.empty:
        return "No survey answers came in, so nothing can be said about where residents worry."
    areas = report.patrol_areas.sort_values(["rank", "patrol_area_id"])
    areas = areas[areas["concern_status"] == "hidden_demand"]
    areas = pd.concat([resident_layers.hidden_places(report).rename(columns={"name": "main_location"}), areas])
    if areas.empty:
        return "No place stands out as one where many worry and few report."
    return f"Many worry where few incidents are reported. {_by_family(areas, 'place')}. Ask there."


def _by_family(held: pd.DataFrame, noun: str) -> str:
    """How many rows of each family there are, the first of them named; families without any are passed over."""
    told = []
    for family in tables.FAMILIES:
        places = held.loc[held["family"] == family, "main_location"].tolist()
        if places:
            number = formatting.counted(len(places), noun, f"{noun}s")
            told.append(f"{formatting.FAMILY_SHORT[family]}: {number}{_named(places)}")
    return "; ".join(told)


def _named(places: list) -> str:
    """The first places of a list, and how many more there are."""
    if not places:
        return ""
    names = [formatting.street(place) for place in places[:_NAMED]]
    more = len(places) - len(names)
    return f" ({', '.join(names)}{f' and {more} more' if more else ''})"


def _data(report: Report) -> str:
    """Rows set aside, months without data or left out, and findings that wait."""
    if report.tally.empty:
        return "No rows were read."
    share = quality.set_aside_share(report.tally)
    told = [f"{share * 100:.1f} % of the rows received were set aside"]
    out = sorted({month for months in report.left_out.values() for month in months if month in report.window.months})
    if out:
        told.append(f"{formatting.counted(len(out), 'month is', 'months are')} left out of the evidence")
    waiting = int(report.findings["is_open"].sum())
    number = formatting.counted(waiting, "finding waits", "findings wait") if waiting else "nothing waits"
    told.append(f"{number} for a decision")
    return "; ".join(told) + "."
