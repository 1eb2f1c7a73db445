"""OS Open Roads from a made-up Ordnance Survey on loopback: a list, a redirect, and an archive in parts."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from download_server import Fault, MadeUpSite

from hotspots.errors import ParameterError, SourceError
from pipelines.commands import base_map
from pipelines.flows import download_roads
from pipelines.flows.download_roads import RoadsParams
from pipelines.police_uk_download.http_client import RetryPolicy

LIST = "/downloads/v1/products/OpenRoads/downloads?area=GB&format=GeoPackage"
ARCHIVE = "/files/oproad_gpkg_gb.zip"
PART = 20_000


@pytest.fixture(autouse=True)
def no_proxy_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeUpSite]:
    made_up = MadeUpSite()
    made_up.put_roads(tmp_path_factory.mktemp("os"), LIST)
    yield made_up
    made_up.close()


def run(site: MadeUpSite, folder: Path) -> download_roads.RoadsSummary:
    retry = RetryPolicy(requests_per_second=15, tries=2, max_wait_seconds=1.5, timeout_seconds=5)
    return download_roads.download_roads(
        folder, RoadsParams(list_url=f"{site.url}{LIST}", part_bytes=PART, retry=retry)
    )


# inputs


@pytest.mark.parametrize(
    ("answer", "message"),
    [([], "does not list one download"), ({"error": 1}, "does not list one download"),
     ([{"url": "ftp://x", "fileName": "a.zip", "size": 5, "md5": "0" * 32}], "without a valid address")],
)  # fmt: skip
def test_another_answer_of_the_list_is_refused(site: MadeUpSite, tmp_path: Path, answer: object, message: str) -> None:
    site.put_json(LIST, answer)
    with pytest.raises(SourceError, match=message):
        run(site, tmp_path)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ParameterError, match="expected an address that begins with https://"):
        RoadsParams(list_url="api.os.uk")


# answers


def test_the_archive_is_downloaded_in_parts_unpacked_and_makes_a_base_map(site: MadeUpSite, tmp_path: Path) -> None:
    found = run(site, tmp_path / "roads")
    assert found == {"folder": str(tmp_path / "roads"), "files": ["oproad_gb.gpkg"], "is_new": True}
    ranges = [asked.range for asked in site.asked_for(ARCHIVE)]
    assert ranges[0] == f"bytes=0-{PART - 1}" and len(ranges) == -(-len(site.files[ARCHIVE]) // PART)
    assert sorted(path.name for path in (tmp_path / "roads").iterdir()) == ["download.json", "oproad_gb.gpkg"]
    assert "Contains OS data" in json.loads((tmp_path / "roads/download.json").read_text())["licence"]
    summary = base_map.build_base_map("wiltshire", [tmp_path / "roads"], tmp_path / "processed")
    assert summary["features"] == {"local_road": 1}


def test_a_second_run_keeps_the_same_version_and_downloads_another(site: MadeUpSite, tmp_path: Path) -> None:
    run(site, tmp_path)
    asked = len(site.asked_for(ARCHIVE))
    assert run(site, tmp_path)["is_new"] is False and len(site.asked_for(ARCHIVE)) == asked
    (tmp_path / "oproad_gb.gpkg").write_bytes(b"changed")
    assert run(site, tmp_path)["is_new"] is True


def test_after_an_interruption_the_next_run_goes_on_where_the_last_one_ended(site: MadeUpSite, tmp_path: Path) -> None:
    site.fail(ARCHIVE, Fault(), Fault(), Fault(status=404))
    with pytest.raises(SourceError, match="was not found"):
        run(site, tmp_path)
    (part,) = tmp_path.glob(".*.part")
    assert part.stat().st_size == 2 * PART
    before = len(site.asked_for(ARCHIVE))
    assert run(site, tmp_path)["is_new"] is True
    assert site.asked_for(ARCHIVE)[before].range.startswith(f"bytes={2 * PART}-")


def test_a_response_that_is_cut_is_requested_again(site: MadeUpSite, tmp_path: Path) -> None:
    site.fail(ARCHIVE, Fault(cut_after=5_000))
    assert run(site, tmp_path)["files"] == ["oproad_gb.gpkg"]


def test_a_server_without_parts_sends_the_whole_archive(site: MadeUpSite, tmp_path: Path) -> None:
    site.gives_parts = False
    assert run(site, tmp_path)["files"] == ["oproad_gb.gpkg"] and len(site.asked_for(ARCHIVE)) == 1


@pytest.mark.parametrize(("change", "message"), [("sum", "damaged on its way"), ("size", "expected")])
def test_other_bytes_than_listed_are_not_kept(site: MadeUpSite, tmp_path: Path, change: str, message: str) -> None:
    content = site.files[ARCHIVE]
    if change == "sum":
        site.files[ARCHIVE] = content[:-1] + bytes([content[-1] ^ 1])
    else:
        site.list_roads(LIST, md5=hashlib.md5(content).hexdigest(), size=len(content) - 10)
        site.gives_parts = False
    with pytest.raises(SourceError, match=message):
        run(site, tmp_path)
    assert not list(tmp_path.glob("*.gpkg"))


def test_an_archive_without_a_geopackage_is_refused(site: MadeUpSite, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    site.files[ARCHIVE] = packed.getvalue()
    site.list_roads(LIST, md5=hashlib.md5(packed.getvalue()).hexdigest(), size=len(packed.getvalue()))
    with pytest.raises(SourceError, match="holds no GeoPackage"):
        run(site, tmp_path)
