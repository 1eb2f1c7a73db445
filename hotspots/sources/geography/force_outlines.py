"""Outlines of the 43 territorial forces of England and Wales, for runs to which no outline is given.

They are made of council districts and simplified, so they may be some 60 m off. They contain OS data, Crown copyright,
and data of the Office for National Statistics, under the Open Government Licence v3.0.
"""

from importlib import resources

import shapely

from hotspots.sources.file_formats import geojson

# Records this far outside count as inside. Of 273,000 records inside the exact outlines of three forces, 117 are
# outside the simplified ones, 4 of them by more than 50 m and none by more than 100 m.
EDGE_M = 100.0


def outline_of(force: str) -> shapely.Geometry | None:
    """Return the outline of a force with its margin, BNG metres; None for a force that is not among the 43."""
    with resources.as_file(resources.files("hotspots.reference") / "force_outlines.geojson") as path:
        outlines = geojson.read_features(path)
    shapes = outlines.geometry[outlines["force"] == force].to_numpy()
    return shapely.buffer(shapes[0], EDGE_M) if len(shapes) else None
