"""Littleham's streets: districts of different kinds, and the street points at which incidents are recorded.

Littleham lies in the English Channel, so that none of its points can be a real address. A street point stands for about
eight to fifteen addresses, like the snap points of data.police.uk.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

ORIGIN = (515_000, 80_000)  # south-west corner of the force, metres on the British National Grid
CENTRE = "Town Centre"


@dataclass(frozen=True, kw_only=True)
class District:
    """An oval of streets, with its centre in metres from the origin, its size, its density and its team."""

    name: str
    kind: str  # centre, terraces, houses, estate, industry, retail, park or village
    centre: tuple[int, int]
    half_axes_m: tuple[int, int]
    block_m: int
    spacing_m: int
    addresses: int  # at a street point, on average
    team_name: str = ""  # empty if it has no beat of its own


TOWN, EAST, WEST = "Littleham Town", "Littleham East", "Littleham West"
DISTRICTS = (
    District(name=CENTRE, kind="centre", centre=(4800, 4100), half_axes_m=(460, 380), block_m=75, spacing_m=34,
             addresses=9, team_name=TOWN),
    District(name="Northgate", kind="terraces", centre=(4650, 5350), half_axes_m=(760, 480), block_m=90, spacing_m=45,
             addresses=13, team_name=TOWN),
    District(name="Ropewalk", kind="terraces", centre=(6050, 4200), half_axes_m=(520, 680), block_m=90, spacing_m=45,
             addresses=13, team_name=TOWN),
    District(name="Southmead", kind="houses", centre=(4900, 2650), half_axes_m=(640, 560), block_m=110, spacing_m=52,
             addresses=10, team_name=TOWN),
    District(name="Fairmead", kind="houses", centre=(6400, 5900), half_axes_m=(600, 520), block_m=110, spacing_m=52,
             addresses=10, team_name=EAST),
    District(name="Birchwood", kind="estate", centre=(6500, 2500), half_axes_m=(580, 480), block_m=100, spacing_m=50,
             addresses=14, team_name=EAST),
    District(name="Lock Quay", kind="industry", centre=(7750, 4450), half_axes_m=(480, 380), block_m=160, spacing_m=80,
             addresses=4, team_name=EAST),
    District(name="Saltholme", kind="village", centre=(8750, 6500), half_axes_m=(300, 260), block_m=85, spacing_m=42,
             addresses=7, team_name=EAST),
    District(name="Oakfield", kind="houses", centre=(3150, 4750), half_axes_m=(560, 600), block_m=110, spacing_m=52,
             addresses=10, team_name=WEST),
    District(name="Hillside", kind="estate", centre=(3200, 3050), half_axes_m=(560, 480), block_m=100, spacing_m=50,
             addresses=14, team_name=WEST),
    District(name="Upper Wick", kind="village", centre=(1350, 6450), half_axes_m=(300, 250), block_m=85, spacing_m=42,
             addresses=7, team_name=WEST),
    District(name="Marshford", kind="village", centre=(1500, 1450), half_axes_m=(310, 250), block_m=85, spacing_m=42,
             addresses=7, team_name=WEST),
    District(name="Victoria Park", kind="park", centre=(4050, 3720), half_axes_m=(190, 150), block_m=120, spacing_m=60,
             addresses=1),
    District(name="Weir Retail Park", kind="retail", centre=(7350, 3500), half_axes_m=(230, 180), block_m=110,
             spacing_m=60, addresses=3),
)  # fmt: skip

_FIRST = (
    "Mill", "Station", "Church", "School", "Chapel", "Manor", "Orchard", "Meadow", "Bridge", "Castle", "Abbey",
    "Farm", "Forge", "Harbour", "Heron", "Swan", "Kestrel", "Lark", "Elm", "Ash", "Hazel", "Willow", "Cedar",
    "Rowan", "Maple", "Holly", "Juniper", "Bramble", "Clover", "Poppy", "Quarry", "Kiln", "Tannery", "Weaver",
    "Cooper", "Saddler", "Market", "Granary", "Spring", "Well", "Brook", "Ferry", "Lantern", "Beacon", "Compass",
    "Anchor", "Windmill", "Priory", "Thistle", "Foxglove",
)  # fmt: skip
_LAST = ("Street", "Road", "Lane", "Avenue", "Close", "Way", "Gardens", "Rise", "Row", "Drive")


def draw_streets(rng: np.random.Generator) -> pd.DataFrame:
    """Return Littleham's street points, one row each, numbered from 0.

    Returns
    -------
    DataFrame
        `easting`, `northing` (whole metres, BNG), `street`, `district`, `kind`, `addresses`, `edge` (0 at the centre
        of its district, 1 at the edge) and `activity` (how busy the point is, 1 on average).
    """
    names = iter(_street_names(rng))
    points = pd.concat([_district_points(district, names, rng) for district in DISTRICTS], ignore_index=True)
    points = points.drop_duplicates(["easting", "northing"], ignore_index=True)
    return points.assign(activity=_activity(points, rng))


def distance_m(points: pd.DataFrame, easting: float, northing: float) -> np.ndarray:
    """Return the metres from each row's `easting` and `northing` to one place."""
    return np.asarray(np.hypot(points["easting"].to_numpy() - easting, points["northing"].to_numpy() - northing))


def centre_of(name: str) -> tuple[int, int]:
    """Return the easting and northing of a district's centre."""
    (east, north) = next(district.centre for district in DISTRICTS if district.name == name)
    return ORIGIN[0] + east, ORIGIN[1] + north


def _street_names(rng: np.random.Generator) -> list[str]:
    """Return all possible street names, High Street first and the rest in random order."""
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    return ["High Street", *(names[number] for number in rng.permutation(len(names)))]


def _district_points(district: District, names: Iterator[str], rng: np.random.Generator) -> pd.DataFrame:
    """Return points along two sets of slightly curved streets inside the district's irregular oval."""
    along, across = district.half_axes_m
    xs, ys, streets = [], [], []
    for turned, (length, width) in enumerate(((along, across), (across, along))):
        offsets = np.arange(-width + district.block_m / 2, width, district.block_m)
        for offset in offsets + rng.uniform(-0.2, 0.2, len(offsets)) * district.block_m:
            steps = np.arange(-length, length, district.spacing_m) + rng.uniform(0, district.spacing_m)
            side = offset + 12 * np.sin(steps / 170 + offset) + rng.normal(0, 2, len(steps))
            xs.append(steps if turned == 0 else side)
            ys.append(side if turned == 0 else steps)
            streets += [next(names)] * len(steps)
    points = pd.DataFrame({"x": np.concatenate(xs), "y": np.concatenate(ys), "street": streets})
    rim = 1 + 0.12 * np.sin(3 * np.arctan2(points["y"], points["x"]) + rng.uniform(0, 6))
    points["edge"] = np.hypot(points["x"] / along, points["y"] / across) / rim
    points = points[points["edge"] <= 1]
    turn = rng.uniform(-0.35, 0.35)
    east, north = centre_of(district.name)
    return pd.DataFrame({
        "easting": np.rint(east + points["x"] * np.cos(turn) - points["y"] * np.sin(turn)).astype("int64"),
        "northing": np.rint(north + points["x"] * np.sin(turn) + points["y"] * np.cos(turn)).astype("int64"),
        "street": points["street"],
        "district": district.name,
        "kind": district.kind,
        "addresses": rng.poisson(district.addresses, len(points)) + 1,
        "edge": points["edge"],
    })  # fmt: skip


def _activity(points: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return how busy each point is: a smooth trend over the town, and a random factor of each point."""
    bearing = rng.uniform(0, np.pi, 6)
    wave_m = rng.uniform(800, 2000, 6)
    phase = rng.uniform(0, 2 * np.pi, 6)
    ahead = np.outer(points["easting"], np.cos(bearing)) + np.outer(points["northing"], np.sin(bearing))
    trend = np.cos(2 * np.pi * ahead / wave_m + phase).sum(axis=1) / np.sqrt(3)
    activity = np.exp(0.2 * trend) * rng.gamma(0.9, 1 / 0.9, len(points))
    return np.asarray(activity / activity.mean())
