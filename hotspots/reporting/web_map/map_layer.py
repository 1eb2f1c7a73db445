"""A layer of the map that tells something: a table that stands in the page, and a shape for each of its rows.

The table is the only place where the words are: pop-ups read them from it, so whoever does not see the map is told
the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots.reporting.web_map import geometry_encoding

Told = list[tuple[str, str]]  # what a row says: heading and text


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer: a row of the table a feature, in the order in which they are drawn.

    Parameters
    ----------
    name
        Of its data and of its table in the page.
    caption
        Of the table.
    titles, ids
        What each feature is called, and the part of the address that goes to it.
    told
        What is said of each.
    styles
        Class names of each.
    shapes
        Parts of each polygon (`geometry_encoding.polygons`), or None where a point stands for it.
    points
        Where each one's mark stands, or None where it has no place on the map.
    marks
        What stands on the mark: a number or a word; empty for a circle.
    sizes
        Radius of each circle in pixels; 0 where there is none.
    """

    name: str
    caption: str
    titles: list[str]
    ids: list[str]
    told: list[Told]
    styles: list[str]
    points: list[list[int] | None]
    shapes: list[Any] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """Columns of the table, in the order in which the rows first name them."""
        return list(dict.fromkeys(heading for row in self.told for heading, _ in row))

    @property
    def rows(self) -> list[tuple[str, str, list[str]]]:
        """Id, title and a text for each heading, empty where the row has none."""
        headings = self.headings
        cells = [[dict(row).get(heading, "") for heading in headings] for row in self.told]
        return list(zip(self.ids, self.titles, cells, strict=True))

    @property
    def drawn(self) -> dict[str, Any]:
        """What the script draws."""
        kinds = sorted(set(self.styles))
        found = {"ids": self.ids, "kinds": kinds, "kind": [kinds.index(style) for style in self.styles]}
        rest = {"points": self.points, "shapes": self.shapes, "marks": self.marks, "sizes": self.sizes}
        return found | {name: values for name, values in rest.items() if values}


def of_rows(
    name: str,
    caption: str,
    held: gpd.GeoDataFrame,
    *,
    title: Callable[[pd.Series], str],
    identity: Callable[[pd.Series], str],
    told: Callable[[pd.Series], Told],
    style: Callable[[pd.Series], str],
    mark: Callable[[pd.Series], str] | None = None,
    simplify_m: float = 0,
) -> Layer:
    """A layer of a table's rows; with a mark and without a simplification it is drawn as marks alone."""
    rows = [row for _, row in pd.DataFrame(held.drop(columns=held.geometry.name)).iterrows()]
    return Layer(
        name=name,
        caption=caption,
        titles=[title(row) for row in rows],
        ids=[identity(row) for row in rows],
        told=[[(heading, text) for heading, text in told(row) if text] for row in rows],
        styles=[style(row) for row in rows],
        points=list(geometry_encoding.middles(held.geometry)),
        shapes=geometry_encoding.polygons(held.geometry, simplify_m) if simplify_m else [],
        marks=[mark(row) for row in rows] if mark else [],
    )
