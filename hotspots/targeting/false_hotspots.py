"""False hotspots: a police station, a hospital, a car park, a single mapped point.

Incidents are recorded or mapped there although they may have happened elsewhere. Such places are recognised by words in
the location text, and the settings say what a list does with them.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots import findings, wording
from hotspots.errors import ParameterError

SINGLE_SPOT = "single_spot"
# Words in the location text, lower case, by flag.
WORDS = {
    "police_station": ("police station", "custody suite"),
    "hospital": ("hospital", "infirmary"),
    "prison": ("prison", "hmp", "young offender institution"),
    "court": ("magistrates", "magistrates'", "crown court", "county court", "court house", "courthouse"),
    "supermarket": ("supermarket", "tesco", "sainsbury's", "asda", "morrisons", "aldi", "lidl", "waitrose"),
    "parking_area": ("parking area", "car park"),
    "station": ("(station)", "railway station", "train station"),
}  # fmt: skip
# A location text that continues with one of these names a street: "Hospital Road", "Station Approach".
_STREETS = (
    "approach|avenue|bank|bridge|chase|close|court|crescent|croft|drive|end|gardens|gate|green|grove|hill|lane|link|"
    "mead|mews|parade|park|path|place|rise|road|row|square|st|street|terrace|view|villas|walk|way|yard"
)
# One or two incidents at one point are not flagged.
_MIN_INCIDENTS = 3
FLAG_ACTIONS = ("keep", "mark", "lower", "leave_out")
ACTION_LABELS = {"mark": "marked only", "lower": "ranked lower", "leave_out": "not listed"}


@dataclass(frozen=True, kw_only=True)
class FlagParams:
    """Which places are flagged, and the action on each flag.

    Attributes
    ----------
    words
        Additional words by flag: `hospital = ["a&e"]`. New flags can be added.
    actions
        Action by flag: keep (no flag), mark (the default), lower (score times `lower_to`) or leave_out.
    place_share
        An area is flagged where at least this share of its incidents has the words.
    single_spot_share
        An area is flagged as single_spot where at least this share is at one mapped point.
    lower_to
        Factor on the score of an area that is ranked lower.
    """

    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)
    place_share: float = 0.5
    single_spot_share: float = 0.8
    lower_to: float = 0.5

    def __post_init__(self) -> None:
        """Check the shares, flags and actions."""
        for name in ("place_share", "single_spot_share", "lower_to"):
            if not 0 < getattr(self, name) <= 1:
                raise ParameterError(f"flags.{name} must be above 0 and at most 1, got {getattr(self, name):g}.")
        invalid = sorted(set(self.words) - {name for name in self.words if re.fullmatch(r"[a-z][a-z_]*", name)})
        if invalid:
            raise ParameterError(f"flags.words: '{invalid[0]}' must be lower-case letters and underscores only.")
        unknown = sorted(set(self.actions) - {*WORDS, *self.words, SINGLE_SPOT})
        if unknown:
            raise ParameterError(
                f"flags.actions: '{unknown[0]}' is not a flag, expected one of {', '.join([SINGLE_SPOT, *WORDS])}."
            )
        wrong = sorted(set(self.actions.values()) - set(FLAG_ACTIONS))
        if wrong:
            raise ParameterError(
                f"flags.actions: '{wrong[0]}' is not an action, expected one of {', '.join(FLAG_ACTIONS)}."
            )

    def action_for(self, flag: str) -> str:
        """Return the action on a flag."""
        return self.actions.get(flag, "mark")


def flag_areas(members: pd.DataFrame, records: pd.DataFrame, areas: int, params: FlagParams) -> pd.Series:
    """Return the flags of each area, space-separated, missing where there are none.

    Parameters
    ----------
    members
        `area` (position) and `spot` of each incident.
    records
        The incidents, on the members' index.
    areas
        Number of areas.
    """
    found: list[list[str]] = [[] for _ in range(areas)]
    if params.action_for(SINGLE_SPOT) != "keep":
        size = members.groupby("area").size()
        largest = members.groupby(["area", "spot"]).size().groupby("area").max()
        for area in size.index[(largest / size >= params.single_spot_share) & (size >= _MIN_INCIDENTS)]:
            found[area].append(SINGLE_SPOT)
    at_station = records["location_precision"].astype("str") == "station"
    text = records["location_text"].astype("str").str.lower().fillna("")
    for flag in [*WORDS, *(flag for flag in params.words if flag not in WORDS)]:
        if params.action_for(flag) == "keep":
            continue
        words = (*WORDS.get(flag, ()), *(word.lower() for word in params.words.get(flag, ())))
        is_match = text.str.contains(_pattern(words), regex=True) | (at_station & (flag == "station"))
        share = is_match.groupby(members["area"]).mean()
        for area in share.index[share >= params.place_share]:
            found[area].append(flag)
    return pd.Series([" ".join(flags) or None for flags in found], dtype="str")


def weights(flags: pd.Series, params: FlagParams) -> pd.Series:
    """Return the factor on each area's score: 1, `lower_to`, or 0 where it is left out."""
    factor = {"leave_out": 0.0, "lower": params.lower_to}
    factors = [min([factor.get(params.action_for(flag), 1.0) for flag in _split(text)], default=1.0) for text in flags]
    return pd.Series(factors, index=flags.index, dtype="float64")


def flag_findings(
    hotspots: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, label: str, params: FlagParams
) -> list[dict[str, Any]]:
    """Return a finding on the flagged areas and the actions taken; empty where there are none.

    Parameters
    ----------
    hotspots, areas
        Of one family, including areas to leave out. Hotspots are marked only.
    """
    listed = []
    for flag in sorted({flag for text in areas["flags"] for flag in _split(text)}):
        named = areas.loc[areas["flags"].map(lambda text, flag=flag: flag in _split(text)), "main_location"]
        action = params.action_for(flag)
        example = f", such as {named.iloc[0]}" if action == "leave_out" else ""
        listed.append(f"{len(named)} {flag_label(flag)} ({ACTION_LABELS[action]}{example})")
    marked = int(hotspots["flags"].notna().sum())
    parts = [f"of {wording.counted(len(areas), 'area')}, {'; '.join(listed)}"] if listed else []
    parts += [f"{marked} of {wording.counted(len(hotspots), 'hotspot')} marked"] if marked else []
    if not parts:
        return []
    text = f"{label}: places that may be false hotspots: {'; '.join(parts)}."
    return [findings.finding("flagged_places", text, _ADVICE, "flags.actions")]


_ADVICE = "Incidents may be recorded or mapped at such a place although they happened elsewhere. Check before acting."


def flag_label(flag: str) -> str:
    """Return the label of a flag, as in the reason of an area."""
    if flag == SINGLE_SPOT:
        return "nearly all at one mapped point"
    place = "railway station" if flag == "station" else flag.replace("_", " ")
    return f"mostly at a {place}"


def _split(flags: object) -> list[str]:
    return flags.split() if isinstance(flags, str) else []


def _pattern(words: tuple[str, ...]) -> str:
    """Return a pattern of any of the words, whole, not followed by the rest of a street name."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?<!\w)(?:{listed})(?!\w)(?!\s+(?:{_STREETS})(?!\w))"
