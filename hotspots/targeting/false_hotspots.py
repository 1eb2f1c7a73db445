"""Places that are no hotspot of the street: a police station, a hospital, a car park, one mapped point.

Records pile up there because of where they are made, kept or mapped. Each such place is told by words in the source's
place names, and the settings say what a list does about it.
"""

import re
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from hotspots import findings
from hotspots.errors import ParameterError

SINGLE_SPOT = "single_spot"
# Words in place names that tell such a place, small letters.
WORDS = {
    "police_station": ("police station", "custody suite"),
    "hospital": ("hospital", "infirmary"),
    "prison": ("prison", "hmp", "young offender institution"),
    "court": ("magistrates", "magistrates'", "crown court", "county court", "court house", "courthouse"),
    "supermarket": ("supermarket", "tesco", "sainsbury's", "asda", "morrisons", "aldi", "lidl", "waitrose"),
    "parking_area": ("parking area", "car park"),
    "station": ("(station)", "railway station", "train station"),
}  # fmt: skip
# A name that goes on like this is a street's: "Hospital Road", "Station Approach".
_STREETS = (
    "approach|avenue|bank|bridge|chase|close|court|crescent|croft|drive|end|gardens|gate|green|grove|hill|lane|link|"
    "mead|mews|parade|park|path|place|rise|road|row|square|st|street|terrace|view|villas|walk|way|yard"
)
# One or two incidents at one point are no pile.
_LEAST_INCIDENTS = 3
DOINGS = ("keep", "mark", "lower", "leave_out")
IN_WORDS = {"mark": "only marked", "lower": "ranked lower", "leave_out": "left out of the list"}


@dataclass(frozen=True, kw_only=True)
class FlagParams:
    """Which places are flagged, and what the list does about them.

    Attributes
    ----------
    words
        Flag to words beyond the usual ones: `hospital = ["a&e"]`; a flag of your own works too.
    do
        Flag to keep (not flagged at all), mark (the default), lower (its score times `lower_to`) or leave_out.
    place_share
        A place is flagged where at least this share of its incidents carries the words.
    single_spot_share
        It is flagged as single_spot where at least this share lies at one mapped point.
    lower_to
        What is left of the score of a place that is ranked lower.
    """

    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    do: dict[str, str] = field(default_factory=dict)
    place_share: float = 0.5
    single_spot_share: float = 0.8
    lower_to: float = 0.5

    def __post_init__(self) -> None:
        """Check the shares, and that each flag is one that there is."""
        for name in ("place_share", "single_spot_share", "lower_to"):
            if not 0 < getattr(self, name) <= 1:
                raise ParameterError(f"flags.{name} must be above 0 and at most 1, got {getattr(self, name):g}.")
        odd = sorted(set(self.words) - {name for name in self.words if re.fullmatch(r"[a-z][a-z_]*", name)})
        if odd:
            raise ParameterError(f"flags.words: '{odd[0]}' must be small letters and underscores only.")
        strange = sorted(set(self.do) - {*WORDS, *self.words, SINGLE_SPOT})
        if strange:
            raise ParameterError(f"flags.do: '{strange[0]}' is no flag; there are {', '.join([SINGLE_SPOT, *WORDS])}.")
        wrong = sorted(set(self.do.values()) - set(DOINGS))
        if wrong:
            raise ParameterError(f"flags.do: '{wrong[0]}' is not known, expected {', '.join(DOINGS)}.")

    def done_about(self, flag: str) -> str:
        """What the list does about a flag."""
        return self.do.get(flag, "mark")


def flag_areas(members: pd.DataFrame, records: pd.DataFrame, areas: int, params: FlagParams) -> pd.Series:
    """Cautions of each area, space-separated, missing where there are none.

    Parameters
    ----------
    members
        `area` (position) and `spot` of each incident.
    records
        The incidents, on the members' index.
    areas
        How many areas there are.
    """
    found: list[list[str]] = [[] for _ in range(areas)]
    if params.done_about(SINGLE_SPOT) != "keep":
        size = members.groupby("area").size()
        largest = members.groupby(["area", "spot"]).size().groupby("area").max()
        for area in size.index[(largest / size >= params.single_spot_share) & (size >= _LEAST_INCIDENTS)]:
            found[area].append(SINGLE_SPOT)
    at_station = records["location_precision"].astype("str") == "station"
    text = records["location_text"].astype("str").str.lower().fillna("")
    for flag in [*WORDS, *(flag for flag in params.words if flag not in WORDS)]:
        if params.done_about(flag) == "keep":
            continue
        words = (*WORDS.get(flag, ()), *(word.lower() for word in params.words.get(flag, ())))
        said = text.str.contains(_pattern(words), regex=True) | (at_station & (flag == "station"))
        share = said.groupby(members["area"]).mean()
        for area in share.index[share >= params.place_share]:
            found[area].append(flag)
    return pd.Series([" ".join(flags) or None for flags in found], dtype="str")


def weights(flags: pd.Series, params: FlagParams) -> pd.Series:
    """What each area's score is multiplied by: 1, `lower_to`, or 0 where it is left out."""
    factor = {"leave_out": 0.0, "lower": params.lower_to}
    each = [min([factor.get(params.done_about(flag), 1.0) for flag in _split(said)], default=1.0) for said in flags]
    return pd.Series(each, index=flags.index, dtype="float64")


def told(hotspots: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, label: str, params: FlagParams) -> list[dict]:
    """What a run did about such places, as a finding; none where there are none.

    Parameters
    ----------
    hotspots, areas
        The family's, areas to leave out among them. Hotspots are what the records say: they are only marked.
    label
        The family in words.
    """
    listed = []
    for flag in sorted(_flags_of(areas)):
        named = areas.loc[areas["flags"].map(lambda said, flag=flag: flag in _split(said)), "main_location"]
        example = f", such as {named.iloc[0]}" if params.done_about(flag) == "leave_out" else ""
        listed.append(f"{len(named)} {in_words(flag)} ({IN_WORDS[params.done_about(flag)]}{example})")
    marked = int(hotspots["flags"].notna().sum())
    parts = [f"of {len(areas)} areas, {'; '.join(listed)}"] if listed else []
    parts += [f"{marked} of {len(hotspots)} hotspots are at such places and marked so"] if marked else []
    if not parts:
        return []
    said = f"{label}: {'; '.join(parts)}."
    done = "Records pile up at such places because of where they are made, kept or mapped: look before you act."
    return [findings.finding("flagged_places", said, done, "flags.do")]


def in_words(flag: str) -> str:
    """A flag as a reader says it."""
    if flag == SINGLE_SPOT:
        return "nearly all at one mapped point"
    place = "railway station" if flag == "station" else flag.replace("_", " ")
    return f"mostly at a {place}"


def _flags_of(areas: gpd.GeoDataFrame) -> set[str]:
    return {flag for said in areas["flags"] for flag in _split(said)}


def _split(flags: object) -> list[str]:
    return flags.split() if isinstance(flags, str) else []


def _pattern(words: tuple[str, ...]) -> str:
    """Any of the words, whole, not followed by what makes them part of a street's name."""
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?<!\w)(?:{listed})(?!\w)(?!\s+(?:{_STREETS})(?!\w))"
