"""Names of places in a report: names that repeat are distinguished by town."""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots import containing_areas

# Kinds of areas that give the town, the most specific name that people use first.
_TOWN_KINDS = ("parish", "ward", "district")


def distinguish_names(places_named: gpd.GeoDataFrame, others: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Return the names of places, with the town where the same name stands for places in several towns.

    Parameters
    ----------
    places_named
        Hotspots or patrol areas: `main_location` and outline, BNG metres.
    others
        The other places of the report, which are compared too.
    areas
        Parishes, wards and districts, as `tables.PLACES`; without any, names stay as they are.
    """
    names, towns = places_named["main_location"], towns_of(places_named, areas)
    known = pd.DataFrame(
        {
            "name": pd.concat([names, others["main_location"]]).to_numpy(),
            "town": np.concatenate([towns, towns_of(others, areas)]),
        }
    )
    repeated = known[known["town"] != ""].groupby("name")["town"].nunique()
    is_repeated = names.map(repeated).fillna(0).to_numpy() > 1
    has_no_town = [bool(town) and not name.endswith(town) for name, town in zip(names, towns, strict=True)]
    with_town = names.astype("str") + ", " + towns.astype("str")
    return names.mask(is_repeated & np.array(has_no_town, dtype=bool), with_town)


def towns_of(places_named: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return the parish, else the ward ("Central ward"), else the district around each place; empty if not known."""
    towns = np.full(len(places_named), "", dtype=object)
    points = places_named.geometry.representative_point().to_numpy()
    for kind in _TOWN_KINDS:
        of_kind = areas[areas["kind"] == kind].sort_values("place_code")
        if len(of_kind) and len(points):
            inside = containing_areas.first_containing_area(points, of_kind)
            ending = " ward" if kind == "ward" else ""
            names = np.append((of_kind["name"].astype("str") + ending).to_numpy(), "")
            towns = np.where(towns == "", names[inside], towns)
    return towns
