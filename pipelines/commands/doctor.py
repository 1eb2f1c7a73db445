"""The command `doctor`: whether this machine has everything that a run needs."""

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


def check_machine(folder: Path) -> tuple[list[str], bool]:
    """Return lines on versions, grid, map, Prefect, folders and browser, and whether a run is possible."""
    folders = (_check_folder(folder / name) for name in ("data/processed", "reports"))
    checks = [_check_python(), _check_grid(), _check_leaflet(), _check_prefect(), _check_server(), *folders]
    lines = [f"{'ok  ' if is_ok else 'BAD '} {text}" for is_ok, text in checks]
    browser = next((name for name in _BROWSERS if shutil.which(name)), None)
    lines.append(f"note browser on this machine: {browser or 'none found; any browser opens the pages'}")
    return lines, all(is_ok for is_ok, _ in checks)


def _check_python() -> tuple[bool, str]:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    return True, f"Python {platform.python_version()}; {versions}"


def _check_grid() -> tuple[bool, str]:
    """Check the conversion of a known point in Swindon."""
    easting, northing = (float(value) for value in crs.to_grid(-1.785, 51.558))
    is_ok = abs(easting - 415_001.87) < 0.02 and abs(northing - 184_368.24) < 0.02
    return is_ok, f"British National Grid: a known point is at {easting:.2f} {northing:.2f} (no grid files needed)"


def _check_leaflet() -> tuple[bool, str]:
    from hotspots.reporting.web_map import leaflet

    try:
        return len(leaflet.read_script()) > 10_000, "Leaflet's files for the map are installed"
    except HotspotsError as error:
        return False, str(error)


def _check_prefect() -> tuple[bool, str]:
    """Check that Prefect's server can be imported, which newer versions of its dependencies have prevented before."""
    from pipelines import engine

    engine.prepare_prefect()
    try:
        from prefect.server.api.server import create_app  # noqa: F401
    except Exception as error:
        return False, f"Prefect's server cannot be imported ({error}); runs with --direct still work"
    return True, f"Prefect {metadata.version('prefect')} and its server can be imported"


def _check_server() -> tuple[bool, str]:
    """Check that the configured server answers, if there is one."""
    from pipelines import prefect_server

    try:
        url = prefect_server.configured_url()
    except Exception as error:  # an invalid setting of Prefect, of any kind
        return False, f"Prefect's settings cannot be read ({type(error).__name__})"
    if not url:
        return True, "PREFECT_API_URL is not set: each run with Prefect starts a temporary server"
    fault = prefect_server.find_fault(url)
    return not fault, fault or "Prefect's server at PREFECT_API_URL answers"


def _check_folder(folder: Path) -> tuple[bool, str]:
    nearest = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    is_ok = nearest.is_dir() and os.access(nearest, os.W_OK)
    return is_ok, f"'{folder}' can{'' if is_ok else 'not'} be written to"
