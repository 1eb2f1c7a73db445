"""Whether this machine has what a run needs."""

import os
import platform
import shutil
from importlib import metadata
from pathlib import Path

from hotspots import crs
from hotspots.errors import HotspotsError

LIBRARIES = (
    "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "pyarrow", "scikit-learn", "folium", "prefect", "fastapi",
    "sqlalchemy",
)  # fmt: skip
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox")


def examine(folder: Path) -> tuple[list[str], bool]:
    """Lines on versions, grid, map, Prefect, browser and folders, and whether a run can be made."""
    folders = (_writable(folder / name) for name in ("data/processed", "reports"))
    checks = [_python(), _grid(), _leaflet(), _prefect(), *folders]
    lines = [f"{'ok  ' if is_well else 'BAD '} {text}" for is_well, text in checks]
    browser = next((name for name in _BROWSERS if shutil.which(name)), None)
    lines.append(f"note browser for looking at pages here: {browser or 'none found; any browser opens the files'}")
    return lines, all(is_well for is_well, _ in checks)


def _python() -> tuple[bool, str]:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    return True, f"Python {platform.python_version()}; {versions}"


def _grid() -> tuple[bool, str]:
    """Whether a point in Swindon comes out where it always has."""
    easting, northing = (float(value) for value in crs.to_grid(-1.785, 51.558))
    is_well = abs(easting - 415_001.87) < 0.02 and abs(northing - 184_368.24) < 0.02
    return is_well, f"British National Grid: a known point lies at {easting:.2f} {northing:.2f} (no grid files needed)"


def _leaflet() -> tuple[bool, str]:
    from hotspots.reporting.web_map import leaflet

    try:
        return len(leaflet.read_script()) > 10_000, "Leaflet's files for the map are installed"
    except HotspotsError as error:
        return False, str(error)


def _prefect() -> tuple[bool, str]:
    """Prefect's server imports: the parts that newer libraries have broken before."""
    from pipelines import engine

    engine.prepare_prefect()
    try:
        from prefect.server.api.server import create_app  # noqa: F401
    except Exception as error:
        return False, f"Prefect's server does not import ({error}); runs with --direct still work"
    return True, f"Prefect {metadata.version('prefect')} imports, its server too"


def _writable(folder: Path) -> tuple[bool, str]:
    nearest = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    is_well = nearest.is_dir() and os.access(nearest, os.W_OK)
    return is_well, f"'{folder}' can{'' if is_well else 'not'} be written to"
