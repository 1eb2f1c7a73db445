import re
import subprocess
import sys
from importlib import metadata

import pytest

from hotspots.errors import HotspotsError
from hotspots.reporting.web_map import leaflet


@pytest.fixture
def _fresh() -> None:
    leaflet.read_script.cache_clear()
    leaflet.read_styles.cache_clear()


def test_a_missing_package_is_said_in_a_sentence(_fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)
    with pytest.raises(HotspotsError, match=r"needs Leaflet's file 'leaflet.js'.*python -m pip install django-leaflet"):
        leaflet.read_script()


def test_the_script_keeps_its_licence_and_names_no_other_file(_fresh: None) -> None:
    script = leaflet.read_script()
    assert "Vladimir Agafonkin" in script[:300] and "L=" in script
    assert "sourceMappingURL" not in script and "</script" not in script
    assert not re.search(r"""(?:src|href)=["']https?:""", script)


def test_the_styles_hold_their_images(_fresh: None) -> None:
    styles = leaflet.read_styles()
    references = re.findall(r"url\(([^)]*)\)", styles)
    assert references and all(reference.startswith("data:image/png;base64,") for reference in references)
    assert "http" not in styles


def test_neither_django_nor_its_leaflet_package_is_imported() -> None:
    code = (
        "import sys; from hotspots.reporting.web_map import leaflet; leaflet.read_script(); leaflet.read_styles();"
        "sys.exit(bool({'django', 'leaflet'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
