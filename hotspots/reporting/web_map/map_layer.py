"""A layer of the map: a table in the page, and a shape or point for each of its rows.

Pop-ups read their text from the table, so that readers who cannot see the map get the same information.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspots.reporting.web_map import geometry_encoding

Fields = list[tuple[str, str]]  # heading and text


@dataclass(frozen=True, kw_only=True)
class MapLayer:
    """One layer, with one feature per row of its table, in drawing order.

    Parameters
    ----------
    name
        Identifier of its data and of its table in the page.
    caption
        Caption of the table.
    titles, ids
        Title of each feature, and the fragment of the address that opens it.
    fields
        Text of each feature, by heading.
    styles
        CSS classes of each feature.
    shapes
        Parts of each polygon (`geometry_encoding.polygons`), or None where the feature is a point.
    points
        Position of each label, or None where the feature has no place on the map.
    marks
        Text of each label: a number or a word; empty for a circle.
    sizes
        Radius of each circle in pixels.
    """

    name: str
    caption: str
    titles: list[str]
    ids: list[str]
    fields: list[Fields]
    styles: list[str]
    points: list[list[int] | None]
    shapes: list[Any] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """Columns of the table, in order of first use."""
        return list(dict.fromkeys(heading for row in self.fields for heading, _ in row))

    @property
    def rows(self) -> list[tuple[str, str, list[str]]]:
        """Id, title and cells of each row; cells without text are empty."""
        headings = self.headings
        cells = [[dict(row).get(heading, "") for heading in headings] for row in self.fields]
        return list(zip(self.ids, self.titles, cells, strict=True))

    @property
    def drawn(self) -> dict[str, Any]:
        """Data for the script that draws the layer."""
        kinds = sorted(set(self.styles))
        always = {"ids": self.ids, "kinds": kinds, "kind": [kinds.index(style) for style in self.styles]}
        optional = {"points": self.points, "shapes": self.shapes, "marks": self.marks, "sizes": self.sizes}
        return always | {name: values for name, values in optional.items() if values}


def from_rows(
    name: str,
    caption: str,
    table: gpd.GeoDataFrame,
    *,
    title: Callable[[pd.Series], str],
    identity: Callable[[pd.Series], str],
    fields: Callable[[pd.Series], Fields],
    style: Callable[[pd.Series], str],
    mark: Callable[[pd.Series], str] | None = None,
    simplify_m: float = 0,
) -> MapLayer:
    """Return the layer of a table; without `simplify_m` it is drawn as labels only."""
    rows = [row for _, row in pd.DataFrame(table.drop(columns=table.geometry.name)).iterrows()]
    return MapLayer(
        name=name,
        caption=caption,
        titles=[title(row) for row in rows],
        ids=[identity(row) for row in rows],
        fields=[[(heading, text) for heading, text in fields(row) if text] for row in rows],
        styles=[style(row) for row in rows],
        points=list(geometry_encoding.centres(table.geometry)),
        shapes=geometry_encoding.polygons(table.geometry, simplify_m) if simplify_m else [],
        marks=[mark(row) for row in rows] if mark else [],
    )
