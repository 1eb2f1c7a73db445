"""Profile of an area: incidents, spots, expected incidents, flags, main location and team."""

import geopandas as gpd
import pandas as pd

from hotspots import categories, harm, location_names, predictive_distribution
from hotspots.predictive_distribution import Dispersion
from hotspots.targeting import false_hotspots, outlines
from hotspots.targeting.evidence import Evidence
from hotspots.targeting.false_hotspots import FlagParams
from hotspots.targeting.forecasting.expected_incidents import Expected

# Areas with fewer expected incidents than this over the horizon are dropped.
MIN_EXPECTED = 0.001


def describe_areas(
    shapes: gpd.GeoDataFrame, expected: Expected, evidence: Evidence, family: str, flags: FlagParams
) -> gpd.GeoDataFrame:
    """Return outlines of a family with the columns of `profile_areas` and `name_areas`.

    Areas with next to no expected incidents are dropped, unless they were added locally (`decision_id`).
    """
    own = evidence.own_incidents(family)
    profiled = profile_areas(
        shapes.assign(family=family), expected.spots, evidence.spot, own, expected.dispersion, flags
    )
    is_added = profiled["decision_id"].notna() if "decision_id" in profiled else False
    profiled = profiled[(profiled["expected"] >= MIN_EXPECTED) | is_added].reset_index(drop=True)
    records = evidence.incidents[evidence.incidents["is_own_force"]]
    return name_areas(profiled, expected.spots, evidence.spot, records, family)


def profile_areas(
    areas: gpd.GeoDataFrame, spots: pd.DataFrame, spot: pd.Series, incidents: gpd.GeoDataFrame,
    dispersion: Dispersion, flags: FlagParams,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Return the areas with counts and expected incidents of what is inside them.

    Parameters
    ----------
    areas
        Outlines, BNG metres.
    spots
        `easting`, `northing`, and `expected`, `recent`, `earlier`, `nearby` over the horizon.
    spot
        Spot of each incident.
    incidents
        One family's incidents of the force in the evidence window, with `is_recent`.
    dispersion
        Error of earlier forecasts of whole areas, from which the variance follows.
    flags
        Which areas are flagged.

    Returns
    -------
    GeoDataFrame
        The areas with `incidents`, `recent_incidents`, `spots`, `expected`, `expected_low`, `expected_high`,
        `variance`, `recent`, `earlier`, `nearby`, `harm_days`, `flags` and `area_m2`.
    """
    inside = outlines.spots_inside(areas, spots)
    found = spots.loc[inside["spot"], ["expected", "recent", "earlier", "nearby"]]
    rates = found.groupby(inside["area"].to_numpy()).sum().reindex(range(len(areas)), fill_value=0.0)
    variance = dispersion.variance(rates["expected"])
    low, high = predictive_distribution.prediction_interval(rates["expected"], variance)
    members = members_of(inside, spot, incidents)
    group = members["area"]
    records = incidents.loc[members["incident"]].set_axis(members.index)
    positions = pd.RangeIndex(len(areas))
    return areas.assign(
        **{name: rates[name].to_numpy() for name in rates},
        variance=variance,
        expected_low=low,
        expected_high=high,
        incidents=group.value_counts().reindex(positions, fill_value=0).to_numpy(),
        recent_incidents=group[records["is_recent"]].value_counts().reindex(positions, fill_value=0).to_numpy(),
        spots=members.drop_duplicates(["area", "spot"])["area"]
        .value_counts()
        .reindex(positions, fill_value=0)
        .to_numpy(),
        harm_days=harm.harm_days(records).groupby(group).sum(min_count=1).reindex(positions).to_numpy(),
        flags=false_hotspots.flag_areas(members, records, len(areas), flags).set_axis(areas.index),
        area_m2=areas.area.round(1).to_numpy(),
    )


def name_areas(
    areas: gpd.GeoDataFrame, spots: pd.DataFrame, spot: pd.Series, incidents: gpd.GeoDataFrame, family: str
) -> gpd.GeoDataFrame:
    """Return the areas with `main_location`, `team_name` and `beat_code`: the most frequent ones inside.

    The main location is that of most incidents of the family, or of most incidents where the family has none; without
    any it is an unnamed street in the beat or team.

    Parameters
    ----------
    areas, spots, spot
        As in `profile_areas`.
    incidents
        The force's incidents of every type.
    family
        `asb` or `burglary`.
    """
    members = members_of(outlines.spots_inside(areas, spots), spot, incidents)
    records = incidents.loc[members["incident"]].set_axis(members.index)
    is_family = records.index.isin(categories.of_family(records, family).index)
    positions = pd.RangeIndex(len(areas))
    location = _most_frequent(members["area"][is_family], records["location_text"][is_family], positions)
    location = location.fillna(_most_frequent(members["area"], records["location_text"], positions))
    team = _most_frequent(members["area"], records["team_name"], positions)
    beat = _most_frequent(members["area"], records["beat_code"], positions)
    return areas.assign(
        main_location=location.fillna(location_names.unnamed_street(beat.fillna(team))).to_numpy(),
        team_name=team.fillna("no team known").to_numpy(),
        beat_code=beat.to_numpy(),
    )


def members_of(inside: pd.DataFrame, spot: pd.Series, incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents inside each area: `area` (position), `spot`, `incident` (index of `incidents`)."""
    at = pd.DataFrame({"spot": spot.loc[incidents.index].to_numpy(), "incident": incidents.index})
    return inside.merge(at, on="spot", how="inner", validate="m:m").sort_values(
        ["area", "spot", "incident"], ignore_index=True
    )


def _most_frequent(group: pd.Series, text: pd.Series, positions: pd.RangeIndex) -> pd.Series:
    """Return the most frequent text of each area, missing where there is none."""
    is_known = text.notna() & (text != "")
    return location_names.main_location(group[is_known], text[is_known]).reindex(positions)
