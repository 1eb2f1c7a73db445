"""Find files that an installed package ships, without importing the package."""

from importlib import metadata
from pathlib import Path

from hotspots.errors import HotspotsError


def installed_file(package: str, name: str, why: str) -> Path:
    """Return the path of a file of an installed package.

    Parameters
    ----------
    package, name
        Name of the package, and path of the file in it.
    why
        What needs the file: the beginning of the error message.

    Raises
    ------
    HotspotsError
        The package, or its file, is not installed.
    """
    try:
        listed = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        listed = []
    for entry in listed:
        if entry.as_posix() == name and (path := Path(str(entry.locate()))).is_file():
            return path
    raise HotspotsError(
        f"{why} from the package '{package}', which is not installed. "
        f"Install the project again, or run: python -m pip install {package}"
    )
