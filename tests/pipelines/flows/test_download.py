"""Download: files, requests and messages, against a server that misbehaves."""

import hashlib
import json
import os
import ssl
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace

import pytest
from download_server import (
    Fault,
    MadeUpSite,
    archive_of,
    damaged,
    square,
    street_csv,
    with_size,
)

from hotspots.errors import HotspotsError, ParameterError, SourceError
from hotspots.sources.geography import boundaries
from hotspots.sources.police_uk import archive_members, neighbourhoods, street_files
from pipelines.flows import download
from pipelines.flows.download import DownloadParams
from pipelines.ingest_steps import raw_files
from pipelines.police_uk_download import http_client, remote_zip
from pipelines.police_uk_download.http_client import HttpClient, RetryPolicy
from pipelines.settings import ForceSettings, Settings

MONTHS = ["2025-10", "2025-11", "2025-12"]
FORCES = ["wiltshire", "west-mercia"]
ARCHIVE = "/data/archive/2025-12.zip"
LISTED = "/api/wiltshire/neighbourhoods"


@pytest.fixture(autouse=True)
def no_proxy_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)


@pytest.fixture(autouse=True)
def no_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture
def site() -> Iterator[MadeUpSite]:
    made_up = MadeUpSite()
    made_up.put_archive("2025-12", archive_of(MONTHS, FORCES))
    made_up.put_neighbourhoods("wiltshire", {"SW1": square(-1.80, 51.55), "SW2": square(-1.70, 51.55)})
    made_up.put_json("/api/crime-last-updated", {"date": "2025-12-01"})
    yield made_up
    made_up.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, site: MadeUpSite) -> list[float]:
    """Seconds waited between tries; no wait takes any time, but the clock of both sides goes on by as much."""
    between_tries: list[float] = []
    waited = [0.0]

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if seconds >= 1:  # the rate limit asks for less
            between_tries.append(seconds)

    site.clock = lambda: sum(waited)
    monkeypatch.setattr(http_client, "time", SimpleNamespace(monotonic=site.clock, sleep=sleep))
    return between_tries


def fetch(site: MadeUpSite, folder: Path, first: str = "2025-10", last: str = "2025-12", **more: object) -> dict:
    given = {
        "base_url": site.url,
        "first_month": first,
        "last_month": last,
        "retry": RetryPolicy(timeout_seconds=5.0),
    } | more
    return download.download("wiltshire", folder, DownloadParams(**given))


def content_of(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def read_month(folder: Path, month: str) -> bytes:
    return (folder / month / f"{month}-wiltshire-street.csv").read_bytes()


def assert_whole(folder: Path, months: list[str] = MONTHS) -> None:
    for month in months:
        assert read_month(folder, month) == street_csv(month, "wiltshire")


# Inputs


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"first_month": "2025-13"}, "--from is '2025-13', expected a month like 2024-01."),
        ({"last_month": "December"}, "--to is 'December', expected a month like 2024-01."),
        ({"first_month": "2025-12", "last_month": "2025-01"}, "--from 2025-12 is later than --to 2025-01."),
        ({"base_url": "file:///etc"}, "base_url is 'file:///etc', expected an address that begins with https://."),
    ],
)
def test_a_wrong_option_is_named_with_what_was_expected(given: dict, says: str) -> None:
    with pytest.raises(ParameterError) as raised:
        DownloadParams(**given)
    assert str(raised.value) == says


def test_the_rate_limit_of_the_site_cannot_be_exceeded() -> None:
    with pytest.raises(ParameterError, match=r"at most 15, the limit of data\.police\.uk, got 20\."):
        RetryPolicy(requests_per_second=20)


def test_the_made_up_town_cannot_be_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="Littleham is made up, so nothing can be downloaded"):
        download.download("littleham", tmp_path, DownloadParams())


def test_a_name_that_is_no_slug_is_refused_before_anything_is_asked(site: MadeUpSite, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"'\.\./x' is not a force on data\.police\.uk"):
        download.download("../x", tmp_path, DownloadParams(base_url=site.url))
    assert site.asked == []


def test_the_error_for_a_misspelt_force_names_the_nearest_one(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    with pytest.raises(SourceError, match=r"Nothing could be downloaded for wilshire\. .* did you mean 'wiltshire'\?"):
        download.download("wilshire", tmp_path, DownloadParams(base_url=site.url, last_month="2025-12"))


def test_a_certificate_file_that_cannot_be_read_is_named(
    site: MadeUpSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with pytest.raises(SourceError, match=r"invalid path: .*none\.pem\. Check .* REQUESTS_CA_BUNDLE"):
        fetch(site, tmp_path, base_url="https://127.0.0.1:9")


# Answers: months


def test_only_the_members_wanted_are_fetched_out_of_the_archive(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_archive("2025-12", archive_of(MONTHS, [*FORCES, "hampshire"], rows=20_000))
    whole = len(site.files[ARCHIVE])
    fetch(site, tmp_path, first="2025-12")
    asked = [a.range.removeprefix("bytes=").split("-") for a in site.asked_for(ARCHIVE)]
    assert len(asked) == 3  # its version, its list of members, and one member
    assert sum(int(last) - int(first) + 1 for first, last in asked) < whole / 2
    assert read_month(tmp_path, "2025-12") == street_csv("2025-12", "wiltshire", 20_000)


def test_months_and_neighbourhoods_are_what_the_pipelines_read(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    summary = fetch(site, tmp_path)
    settings = Settings(force=ForceSettings(slug="wiltshire", name="Wiltshire"))
    files = raw_files.list_inputs([tmp_path], settings, None)
    assert {f.path.name: f.kind for f in files if not f.not_used} == {
        **{f"{month}-wiltshire-street.csv": "street" for month in MONTHS},
        "neighbourhoods-wiltshire.geojson": "places",
    }
    assert len(summary["fetched"]) == 4
    raw, broken = street_files.read_street(tmp_path / "2025-10" / "2025-10-wiltshire-street.csv")
    assert (len(raw), broken) == (300, [])


def test_without_months_the_36_up_to_the_latest_are_fetched(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    months = [f"{year}-{month:02d}" for year in range(2022, 2026) for month in range(1, 13)]
    site.put_archive("2025-12", archive_of(months, ["wiltshire"], rows=2))
    summary = fetch(site, tmp_path, first="", last="")
    assert [name[:7] for name in summary["fetched"] if name.endswith(".csv")] == months[-36:]


def test_an_archive_that_is_gone_is_replaced_by_the_latest(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    del site.files[ARCHIVE]
    site.put_archive("latest", archive_of([*MONTHS, "2026-01"], FORCES))
    summary = fetch(site, tmp_path)
    assert_whole(tmp_path)
    assert summary["notes"] == []


def test_older_months_come_from_older_archives(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_archive("2025-09", archive_of(["2025-08", "2025-09"], FORCES))
    fetch(site, tmp_path, first="2025-08")
    assert_whole(tmp_path, ["2025-08", "2025-09", *MONTHS])


def test_a_month_that_is_gone_is_a_sentence_and_the_rest_is_fetched(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    summary = fetch(site, tmp_path, first="2025-08")
    assert_whole(tmp_path)
    assert summary["notes"] == ["2025-08, 2025-09: in none of the archives; data.police.uk keeps about three years."]


def test_a_month_to_come_is_reported_as_not_published_yet(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_archive("latest", site.files[ARCHIVE])
    summary = fetch(site, tmp_path, last="2026-02")
    assert_whole(tmp_path)
    assert summary["notes"] == ["2026-01, 2026-02: not published yet; the latest month is 2025-12."]


def test_a_month_that_the_force_left_out_is_no_data_rather_than_no_crime(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    other = {"2025-11/2025-11-west-mercia-street.csv": b"x"}
    site.put_archive("2025-12", archive_of(["2025-10", "2025-12"], FORCES, **other))
    summary = fetch(site, tmp_path)
    assert_whole(tmp_path, ["2025-10", "2025-12"])
    assert summary["notes"] == ["2025-11: wiltshire published no data, which does not mean no crime."]


def test_the_storage_behind_a_redirect_is_followed_with_the_part_asked_for(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    site.files["/storage/a.zip"], site.etags["/storage/a.zip"] = site.files.pop(ARCHIVE), '"one"'
    site.redirects[ARCHIVE] = f"{site.url}/storage/a.zip"
    fetch(site, tmp_path)
    assert_whole(tmp_path)
    assert all(asked.range for asked in site.asked_for("/storage/a.zip"))


def test_where_no_parts_are_given_out_the_whole_archive_is_fetched_and_removed(
    site: MadeUpSite, tmp_path: Path, waits: list, caplog: pytest.LogCaptureFixture
) -> None:
    site.gives_parts = False
    caplog.set_level("INFO", "hotspots")
    fetch(site, tmp_path)
    assert_whole(tmp_path)
    assert not list(tmp_path.glob(".*"))
    assert "the server serves no parts of files" in caplog.text
    assert f"100 % of {len(site.files[ARCHIVE]) / 1e6:,.1f} MB" in caplog.text


# Answers: neighbourhoods


def test_neighbourhoods_are_areas_of_teams_in_their_place(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_neighbourhoods("wiltshire", {"SW/1": None, "SW2": square(-1.70, 51.55)})
    site.put_json(LISTED, [{"id": "SW/1", "name": "A &amp; B"}, {"id": "SW2", "name": "Old Town"}])
    site.put_json("/api/wiltshire/SW%2F1/boundary", square(-1.80, 51.55))
    fetch(site, tmp_path)
    places = boundaries.read_places(tmp_path / "neighbourhoods-wiltshire.geojson")
    assert places[["place_code", "kind", "name", "team_name"]].to_numpy().tolist() == [
        ["SW/1", "NPT", "A & B", "A & B"],
        ["SW2", "NPT", "Old Town", "Old Town"],
    ]
    assert places.geometry.is_valid.all()
    assert places.geometry.area.between(2.9e6, 3.3e6).all()  # 0.02 degrees either way, 1.4 km by 2.2 km


def test_neighbourhoods_without_a_usable_boundary_are_counted_by_reason(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    line = [{"latitude": "51.5", "longitude": f"-1.{n}"} for n in range(5)]
    bad = [{"latitude": "x", "longitude": "-1.5"}]
    site.put_neighbourhoods(
        "wiltshire", {"A": square(-1.8, 51.5), "B": None, "C": [], "D": line, "E": bad, "F": square(51.5, -1.8)}
    )
    summary = fetch(site, tmp_path)
    assert summary["notes"] == [
        "Neighbourhoods of wiltshire left out: 2 (no boundary is published), 3 (the boundary is broken)."
    ]
    assert len(boundaries.read_places(tmp_path / "neighbourhoods-wiltshire.geojson")) == 1


def test_a_boundary_that_crosses_itself_is_mended() -> None:
    corners = [(-1.8, 51.5), (-1.7, 51.6), (-1.7, 51.5), (-1.8, 51.6)]
    bow = [{"longitude": str(x), "latitude": str(y)} for x, y in corners]
    collection, counts = neighbourhoods.tidy_neighbourhoods([{"id": "A", "name": "A"}], {"A": bow})
    assert counts == {"neighbourhoods": 1, "mended": 1, "without_boundary": 0, "broken": 0, "repeated": 0}
    assert collection["features"][0]["geometry"]["type"] == "MultiPolygon"


def test_two_rings_in_a_row_are_two_areas_of_one_neighbourhood() -> None:
    points = square(-1.8, 51.5) + square(-1.5, 51.5)
    collection, _ = neighbourhoods.tidy_neighbourhoods([{"id": "A", "name": "A"}], {"A": points})
    assert len(collection["features"][0]["geometry"]["coordinates"]) == 2


def test_a_point_given_twice_in_an_open_ring_loses_none_of_the_area() -> None:
    closed = square(-1.8, 51.5)
    one, _ = neighbourhoods.tidy_neighbourhoods([{"id": "A", "name": "A"}], {"A": closed})
    other, _ = neighbourhoods.tidy_neighbourhoods([{"id": "A", "name": "A"}], {"A": [closed[0], *closed[:-1]]})
    assert one == other


def test_a_neighbourhood_listed_twice_is_kept_once() -> None:
    listed = [{"id": "A", "name": "First"}, {"id": "A", "name": "Second"}]
    collection, counts = neighbourhoods.tidy_neighbourhoods(listed, {"A": square(-1.8, 51.5)})
    assert [feature["properties"]["name"] for feature in collection["features"]] == ["First"]
    assert counts["repeated"] == 1


def test_repaired_boundaries_are_counted_and_reported(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    crossing = [square(-1.8, 51.5)[corner] for corner in (0, 2, 1, 3, 0)]
    site.put_neighbourhoods("wiltshire", {"SW1": crossing, "SW2": square(-1.70, 51.55)})
    assert fetch(site, tmp_path)["notes"] == ["Neighbourhoods of wiltshire repaired: 1 (the boundary crosses itself)."]
    known = json.loads((tmp_path / "download.json").read_text())["files"]
    assert known["neighbourhoods-wiltshire.geojson"]["mended"] == 1


def test_a_force_without_neighbourhoods_still_gets_its_months(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    del site.files[LISTED]
    assert fetch(site, tmp_path)["notes"] == ["data.police.uk lists no neighbourhoods of 'wiltshire'."]
    assert_whole(tmp_path)


def test_a_neighbourhood_that_is_not_answered_is_asked_for_again_next_time(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    site.fail("/api/wiltshire/SW1/boundary", *[Fault(status=500)] * 5)
    notes = fetch(site, tmp_path)["notes"]
    assert notes == ["Neighbourhoods of wiltshire left out: 1 (the server did not answer; run the same command later)."]
    assert fetch(site, tmp_path)["notes"] == []
    assert len(boundaries.read_places(tmp_path / "neighbourhoods-wiltshire.geojson")) == 2


def test_a_list_in_another_shape_is_reported_and_the_months_stay(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_json(LISTED, {"error": "x"})
    assert "does not answer with ids and names, as it used to" in fetch(site, tmp_path)["notes"][0]
    assert_whole(tmp_path)


# Answers: faults on the way


@pytest.mark.parametrize("path", [ARCHIVE, LISTED])
def test_429_waits_as_long_as_the_server_asks(
    site: MadeUpSite, tmp_path: Path, waits: list, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "hotspots")
    site.fail(path, Fault(status=429, headers={"Retry-After": "7"}))
    fetch(site, tmp_path)
    assert waits == [7.0]
    assert f"{path}: the server answered 429; trying again in 7.0 seconds" in caplog.messages
    assert_whole(tmp_path)


def test_a_date_to_wait_for_is_waited_for(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.fail(LISTED, Fault(status=503, headers={"Retry-After": formatdate(time.time() + 30, usegmt=True)}))
    fetch(site, tmp_path)
    assert 28 <= waits[0] <= 30


@pytest.mark.parametrize("status", [429, 503, 500])
def test_without_a_time_to_wait_each_wait_is_twice_the_last(
    site: MadeUpSite, tmp_path: Path, waits: list, status: int
) -> None:
    site.fail(ARCHIVE, *[Fault(status=status)] * 4)
    fetch(site, tmp_path)
    assert waits == [1, 2, 4, 8]
    assert_whole(tmp_path)


def test_a_server_that_never_recovers_is_given_up_with_what_to_do(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    site.fail(ARCHIVE, *[Fault(status=503)] * 5)
    site.fail(LISTED, *[Fault(status=503)] * 5)
    with pytest.raises(SourceError) as raised:
        fetch(site, tmp_path)
    assert str(raised.value) == (
        f"Nothing could be downloaded for wiltshire. {site.url}{ARCHIVE} could not be downloaded: the server answered "
        "503 (Service Unavailable). Check the network and, where there is a proxy, HTTPS_PROXY and REQUESTS_CA_BUNDLE; "
        "the same command then goes on from what is in the folder."
    )
    assert len(site.asked_for(ARCHIVE)) == 5


def test_a_wait_beyond_patience_is_given_up_at_once(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.fail(ARCHIVE, Fault(status=429, headers={"Retry-After": "3600"}))
    notes = fetch(site, tmp_path)["notes"]
    assert notes == ["The server asks for a wait of 3,600 seconds. Run the same command later."]
    assert waits == []


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9", "http://no-such-name.invalid:80"])
def test_a_machine_without_network_is_reported_within_five_seconds(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(SourceError, match=r"could not be downloaded: .*\. Check the network and, .* HTTPS_PROXY"):
        fetch(site, tmp_path, base_url="https://127.0.0.1:9")
    assert waits == [1, 1]  # once for months, once for neighbourhoods


def test_a_proxy_that_lets_nothing_through_is_reported_within_five_seconds(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", site.url)
    with pytest.raises(SourceError, match="could not be downloaded: Tunnel connection failed: 501"):
        fetch(site, tmp_path, base_url="https://data.police.uk.invalid")
    assert sum(waits) <= 5


def test_after_a_first_response_a_lost_network_is_waited_for(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.redirects[ARCHIVE] = "http://127.0.0.1:9/storage/a.zip"
    notes = fetch(site, tmp_path, last="")["notes"]
    assert "could not be downloaded: Connection refused." in notes[0]
    assert waits == [1, 2, 4, 8]


def test_a_part_that_was_cut_is_requested_again(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    fetch(site, tmp_path / "smooth")
    smooth = site.asked_for(ARCHIVE)
    site.asked.clear()
    site.fail(ARCHIVE, Fault(), Fault(cut_after=1000), Fault(), Fault(cut_after=500))
    fetch(site, tmp_path / "cut")
    cut = site.asked_for(ARCHIVE)
    assert (cut[2].range, cut[4].range) == (cut[1].range, cut[3].range)
    assert len(cut) == len(smooth) + 2
    assert content_of(tmp_path / "cut") == content_of(tmp_path / "smooth")


def test_a_connection_that_is_cut_each_time_is_given_up(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.fail(ARCHIVE, Fault(), *[Fault(cut_after=10)] * 20)
    assert "could not be downloaded: the connection was cut." in fetch(site, tmp_path)["notes"][0]
    assert len(site.asked_for(ARCHIVE)) == 6


def test_an_answer_of_the_api_that_is_cut_is_asked_for_again(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.fail(LISTED, Fault(cut_after=10))
    assert fetch(site, tmp_path)["notes"] == []
    assert waits == [1]


def test_silence_in_the_middle_counts_as_a_cut(
    site: MadeUpSite, tmp_path: Path, waits: list, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "hotspots")
    site.fail(ARCHIVE, Fault(), Fault(cut_after=1000, silent_seconds=0.6))
    fetch(site, tmp_path, retry=RetryPolicy(timeout_seconds=0.2))
    assert_whole(tmp_path)
    assert "the server did not answer in time; trying again in 1.0 seconds" in caplog.text


def test_a_slow_body_is_waited_for_while_it_drips(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.drip = (2000, 0.01)
    fetch(site, tmp_path, retry=RetryPolicy(timeout_seconds=0.5))
    assert_whole(tmp_path)
    assert waits == []


def test_a_file_published_anew_meanwhile_is_begun_again(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    newer = archive_of(MONTHS, FORCES, rows=400)
    site.fail(ARCHIVE, Fault(), Fault(), Fault(), Fault(before=lambda: site.put_archive("2025-12", newer, '"two"')))
    fetch(site, tmp_path)
    for month in MONTHS:
        assert read_month(tmp_path, month) == street_csv(month, "wiltshire", 400)
    known = json.loads((tmp_path / "download.json").read_text())["files"]
    assert {facts.get("etag") for name, facts in known.items() if name.endswith(".csv")} == {'"two"'}


def test_same_size_but_another_tag_is_another_version(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    other = damaged(site.files[ARCHIVE], "2025-10/2025-10-west-mercia-outcomes.csv")
    change = Fault(before=lambda: site.put_archive("2025-12", other, '"two"'))
    site.fail(ARCHIVE, Fault(), Fault(), Fault(cut_after=500), change)
    fetch(site, tmp_path)
    assert_whole(tmp_path)
    assert '"\\"two\\""' in (tmp_path / "download.json").read_text()


def test_a_file_that_never_stays_the_same_is_given_up(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    def change() -> None:
        site.etags[ARCHIVE] = f'"{len(site.asked)}"'

    site.fail(ARCHIVE, *[Fault(before=change)] * 20)
    assert "changed 3 times during the download. Run the same command later." in fetch(site, tmp_path)["notes"][0]


def test_a_whole_archive_that_is_cut_is_begun_again(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.gives_parts = False
    site.fail(ARCHIVE, Fault(), Fault(cut_after=900_000), Fault(cut_after=9000))
    fetch(site, tmp_path)
    assert_whole(tmp_path)


def test_a_whole_archive_published_anew_meanwhile_is_begun_again(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    newer = archive_of(MONTHS, FORCES, rows=400)
    site.gives_parts = False
    site.fail(ARCHIVE, Fault(), Fault(before=lambda: site.put_archive("2025-12", newer, '"two"')))
    fetch(site, tmp_path)
    assert read_month(tmp_path, "2025-12") == street_csv("2025-12", "wiltshire", 400)


def test_a_server_that_stops_serving_parts_is_reported(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.fail(ARCHIVE, Fault(), Fault(before=lambda: setattr(site, "gives_parts", False)))
    assert "the server sent another part of the file than was requested" in fetch(site, tmp_path)["notes"][0]


def test_an_answer_larger_than_any_of_the_api_is_refused(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_client, "MAX_ANSWER", 50)
    assert "the server sent more than 50 bytes, the most that was expected" in fetch(site, tmp_path)["notes"][0]


def test_an_answer_that_is_not_json_is_reported(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.files[LISTED] = b"<html>Please log in to the network</html>"
    assert fetch(site, tmp_path)["notes"] == [f"{site.url}{LISTED} did not answer in JSON. Run the same command later."]


# Answers: archives that are not what they should be


def test_a_damaged_month_is_left_out_and_the_others_are_fetched(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_archive("2025-12", damaged(site.files[ARCHIVE], "2025-11/2025-11-wiltshire-street.csv"))
    [note] = fetch(site, tmp_path)["notes"]
    assert note.startswith(f"2025-11/2025-11-wiltshire-street.csv: damaged in {site.url}{ARCHIVE} (")
    assert note.endswith("). It was left out.")
    assert_whole(tmp_path, ["2025-10", "2025-12"])
    assert not (tmp_path / "2025-11" / "2025-11-wiltshire-street.csv").exists()
    assert list((tmp_path / "2025-11").iterdir()) == []


def test_a_month_damaged_in_one_archive_is_taken_from_the_next(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    name = "2025-11/2025-11-wiltshire-street.csv"
    site.put_archive("2025-11", site.files[ARCHIVE])
    site.put_archive("2025-12", damaged(site.files[ARCHIVE], name))
    assert fetch(site, tmp_path)["notes"] == []
    assert_whole(tmp_path)
    known = json.loads((tmp_path / "download.json").read_text())["files"]
    assert known[name]["url"] == f"{site.url}/data/archive/2025-11.zip"
    assert len(site.asked_for("/data/archive/2025-11.zip")) == 3  # its version, its list of members, and this month


def test_the_last_month_damaged_in_its_own_archive_is_taken_from_the_latest(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    site.put_archive("latest", site.files[ARCHIVE])
    site.put_archive("2025-12", damaged(site.files[ARCHIVE], "2025-12/2025-12-wiltshire-street.csv"))
    assert fetch(site, tmp_path)["notes"] == []
    assert_whole(tmp_path)


def test_a_month_damaged_in_every_archive_is_reported_once(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    bad = damaged(site.files[ARCHIVE], "2025-11/2025-11-wiltshire-street.csv")
    for name in ("2025-11", "2025-12", "latest"):
        site.put_archive(name, bad)
    [note] = fetch(site, tmp_path)["notes"]
    assert note.startswith(f"2025-11/2025-11-wiltshire-street.csv: damaged in {site.url}{ARCHIVE} (")
    assert_whole(tmp_path, ["2025-10", "2025-12"])


def test_a_revision_that_is_damaged_leaves_what_is_here(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    name = "2025-11/2025-11-wiltshire-street.csv"
    fetch(site, tmp_path)
    site.put_archive("2025-11", archive_of(["2025-10"], FORCES, **{name: b"older"}))
    revised = archive_of(["2025-10", "2025-12"], FORCES, **{name: b"revised" * 50})
    site.put_archive("2025-12", damaged(revised, name), '"two"')
    [note] = fetch(site, tmp_path, refresh=True)["notes"]
    assert note.startswith(f"{name}: damaged in ")
    assert_whole(tmp_path)


def test_a_month_of_another_size_than_announced_is_left_out(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    name = "2025-11/2025-11-wiltshire-street.csv"
    size = len(street_csv("2025-11", "wiltshire"))
    site.put_archive("2025-12", with_size(site.files[ARCHIVE], name, size + 5))
    assert fetch(site, tmp_path)["notes"] == [
        f"{name}: {size:,} bytes came out of {site.url}{ARCHIVE}, expected {size + 5:,}. It was left out."
    ]


@pytest.mark.parametrize("size", [3_000_000_000, 20_000_000])
def test_a_zip_bomb_is_refused_before_it_is_fetched(site: MadeUpSite, tmp_path: Path, waits: list, size: int) -> None:
    name = "2025-11/2025-11-wiltshire-street.csv"
    site.put_archive("2025-12", with_size(site.files[ARCHIVE], name, size))
    [note] = fetch(site, tmp_path)["notes"]
    assert note.startswith(f"{name}: it would unpack from ")
    assert note.endswith(
        f"to {size:,} bytes, more than any real month (limits: 268,435,456 bytes and 100 times). It was left out."
    )


def test_a_month_far_too_large_is_refused_however_little_it_is_packed() -> None:
    info = zipfile.ZipInfo("2025-11/2025-11-wiltshire-street.csv")
    info.file_size, info.compress_size = 300_000_000, 200_000_000
    with pytest.raises(SourceError, match="it would unpack from 200,000,000 to 300,000,000 bytes, more than any real"):
        archive_members.require_bounded(info)


def test_a_bomb_that_lies_about_its_size_stops_at_the_size_it_gave(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    name = "2025-11/2025-11-wiltshire-street.csv"
    bomb = archive_of(["2025-10", "2025-12"], FORCES)
    path = tmp_path / "bomb.zip"
    path.write_bytes(bomb)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * 50_000_000)
    site.put_archive("2025-12", with_size(path.read_bytes(), name, 1000))
    [note] = fetch(site, tmp_path / "raw")["notes"]
    assert note.startswith(f"{name}: damaged in ")
    assert not (tmp_path / "raw" / name).exists()


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/x.csv", "2025-12\\..\\x.csv", "C:/x.csv", "a/../../x.csv"])
def test_an_archive_with_a_name_that_points_outside_is_not_used_at_all(
    site: MadeUpSite, tmp_path: Path, waits: list, name: str
) -> None:
    site.put_archive("2025-12", archive_of(MONTHS, FORCES, **{name: b"evil"}))
    notes = fetch(site, tmp_path / "raw")["notes"]
    assert notes[0] == (
        f"{site.url}{ARCHIVE} has a member named {name!r}, which points outside its folder. "
        "Nothing was read from this archive."
    )
    assert [path.name for path in tmp_path.rglob("*.csv")] == []


@pytest.mark.parametrize("gives_parts", [True, False])
def test_an_archive_whose_list_of_members_is_broken_is_reported(
    site: MadeUpSite, tmp_path: Path, waits: list, gives_parts: bool
) -> None:
    content = site.files[ARCHIVE]
    at = content.index(b"PK\x01\x02")
    site.put_archive("2025-12", content[:at] + b"XXXX" + content[at + 4 :])
    site.gives_parts = gives_parts
    notes = fetch(site, tmp_path)["notes"]
    assert notes[0] == (
        f"{site.url}{ARCHIVE} cannot be opened as a zip archive (Bad magic number for central directory)."
    )
    assert not list(tmp_path.glob(".*"))


def test_a_page_instead_of_an_archive_is_reported(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_archive("2025-12", b"<html>Please log in to the network</html>")
    assert "cannot be opened as a zip archive (File is not a zip file)" in fetch(site, tmp_path)["notes"][0]


def test_a_list_of_members_too_long_for_any_archive_is_not_read() -> None:
    version = remote_zip.Version(etag="", last_modified="", size=10**12)
    fetcher = remote_zip.RangeFetcher("https://x/a.zip", HttpClient(RetryPolicy()), version=version)
    with pytest.raises(SourceError, match=r"https://x/a\.zip: a part of 95 MB is larger than any real archive needs"):
        fetcher.fetch((0, 99_999_999))


# Answers: proxies, certificates and the folder


def test_a_proxy_of_the_machine_is_used(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", site.url)
    fetch(site, tmp_path, base_url="http://127.0.0.1:9")
    assert site.asked[0].path.startswith("http://127.0.0.1:9/data/archive/")
    assert_whole(tmp_path)


def test_what_no_proxy_names_is_asked_directly(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    fetch(site, tmp_path)
    assert_whole(tmp_path)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(path), "-out", f"{path}.crt"]
    try:
        subprocess.run([*command.split(), *files], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not here to make a certificate")
    return path


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_certificates_of_the_machine_are_honoured_and_others_refused(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch, certificate: Path, name: str
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificate}.crt", str(certificate))
    site.encrypt(context)
    address = site.url.replace("http:", "https:")
    with pytest.raises(SourceError, match=r"certificate verify failed: self.signed certificate.*REQUESTS_CA_BUNDLE"):
        fetch(site, tmp_path / "raw", base_url=address)
    assert waits == []
    monkeypatch.setenv(name, f"{certificate}.crt")
    fetch(site, tmp_path / "raw", base_url=address)
    assert_whole(tmp_path / "raw")


def test_a_redirect_to_an_address_without_encryption_is_refused(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    plain = MadeUpSite()
    plain.files["/a"] = b"x"
    site.redirects[ARCHIVE] = f"{plain.url}/a"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificate}.crt", str(certificate))
    site.encrypt(context)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", f"{certificate}.crt")
    notes = fetch(site, tmp_path / "raw", base_url=site.url.replace("http:", "https:"))["notes"]
    plain.close()
    assert f"redirects to an address without encryption, {plain.url}/a, which is not used." in notes[0]


def test_requests_name_the_project_and_nothing_else(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    fetch(site, tmp_path)
    assert {asked.agent for asked in site.asked} == {"hotspots"}


@pytest.mark.parametrize("gives_parts", [True, False])
def test_a_folder_that_cannot_be_written_to_is_named(
    site: MadeUpSite, tmp_path: Path, waits: list, gives_parts: bool
) -> None:
    site.gives_parts = gives_parts
    (tmp_path / "raw").write_text("a file")
    with pytest.raises(SourceError, match=r"'.*raw.*' cannot be written to \("):
        fetch(site, tmp_path / "raw")


def test_too_little_disk_for_a_whole_archive_is_reported_before_it_is_downloaded(
    site: MadeUpSite, tmp_path: Path, waits: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.gives_parts = False
    monkeypatch.setattr(remote_zip.shutil, "disk_usage", lambda path: SimpleNamespace(free=10))
    assert "needs 0.0 GB of disk during the download, but" in fetch(site, tmp_path)["notes"][0]
    assert len(site.asked_for(ARCHIVE)) == 1


# Promises


def test_requests_never_come_faster_than_the_site_allows(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    site.put_neighbourhoods("wiltshire", {f"N{n}": square(-1.8 + n / 100, 51.5) for n in range(45)})
    fetch(site, tmp_path)
    times = [asked.at for asked in site.asked]
    level, last = 0.0, times[0]
    for at in times:  # the leaky bucket of data.police.uk: 15 leak out each second, 30 fit in
        level, last = max(0.0, level - (at - last) * 15) + 1, at
        assert level <= 3
    assert len(times) > 45
    assert (len(times) - 1) / (times[-1] - times[0]) <= 15


def test_a_second_run_asks_for_nothing(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    fetch(site, tmp_path)
    before = content_of(tmp_path)
    site.asked.clear()
    summary = fetch(site, tmp_path)
    assert site.asked == []
    assert (len(summary["kept"]), summary["fetched"], summary["notes"]) == (4, [], [])
    assert content_of(tmp_path) == before


def test_a_second_run_after_a_wider_request_fetches_only_the_difference(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    fetch(site, tmp_path, first="2025-11")
    assert fetch(site, tmp_path)["fetched"] == ["2025-10/2025-10-wiltshire-street.csv"]


def test_a_file_that_was_changed_here_is_fetched_again(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    fetch(site, tmp_path)
    (tmp_path / "2025-11" / "2025-11-wiltshire-street.csv").write_text("changed")
    assert fetch(site, tmp_path)["fetched"] == ["2025-11/2025-11-wiltshire-street.csv"]
    assert_whole(tmp_path)


def test_a_refresh_fetches_what_was_revised_and_nothing_else(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    fetch(site, tmp_path)
    name = "2025-11/2025-11-wiltshire-street.csv"
    revised = archive_of(["2025-10", "2025-12"], FORCES, **{name: b"revised"})
    site.put_archive("2025-12", revised, '"two"')
    summary = fetch(site, tmp_path, refresh=True)
    assert [n for n in summary["fetched"] if n.endswith(".csv")] == [name]
    assert read_month(tmp_path, "2025-11") == b"revised"


def test_the_manifest_says_where_each_file_came_from_and_no_clock_time(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    fetch(site, tmp_path / "one")
    fetch(site, tmp_path / "two")
    assert content_of(tmp_path / "one") == content_of(tmp_path / "two")
    known = json.loads((tmp_path / "one" / "download.json").read_text())["files"]
    facts = known["2025-10/2025-10-wiltshire-street.csv"]
    month = street_csv("2025-10", "wiltshire")
    assert facts == {
        "url": f"{site.url}{ARCHIVE}",
        "etag": '"one"',
        "last_modified": "Mon, 01 Dec 2025 00:00:00 GMT",
        "crc32": f"{zlib.crc32(month):08x}",
        "size": len(month),
        "sha256": hashlib.sha256(month).hexdigest(),
    }


def test_two_forces_can_share_a_folder(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    fetch(site, tmp_path)
    params = DownloadParams(base_url=site.url, first_month="2025-12", last_month="2025-12")
    download.download("west-mercia", tmp_path, params)
    site.asked.clear()
    fetch(site, tmp_path)
    assert site.asked == []


KILLED = """
import sys
from pathlib import Path
from pipelines.flows.download import DownloadParams, download
from pipelines.police_uk_download.http_client import RetryPolicy
months = {"first_month": "2025-10", "last_month": "2025-12"}
params = DownloadParams(base_url=sys.argv[1], **months, retry=RetryPolicy(timeout_seconds=9))
download("wiltshire", Path(sys.argv[2]), params)
"""


def kill_when(site: MadeUpSite, folder: Path, is_reached: Callable[[], bool]) -> None:
    """Start a run, and kill it as soon as it has come so far."""
    process = subprocess.Popen([sys.executable, "-c", KILLED, site.url, str(folder)], cwd=Path(__file__).parents[3])
    patience = time.monotonic() + 30
    while not is_reached() and time.monotonic() < patience:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert is_reached()
    site.faults.clear()
    site.asked.clear()


@pytest.mark.skipif(os.name != "posix", reason="kills a process as only POSIX can")
def test_a_run_killed_in_the_middle_of_a_month_goes_on_to_the_same_bytes(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    fetch(site, tmp_path / "smooth")
    folder = tmp_path / "killed"
    temporary = ".2025-11-wiltshire-street.csv.*"
    site.fail(ARCHIVE, Fault(), Fault(), Fault(), Fault(cut_after=2000, silent_seconds=5))
    kill_when(site, folder, lambda: any((folder / "2025-11").glob(temporary)))
    settings = Settings(force=ForceSettings(slug="wiltshire", name="Wiltshire"))
    files = raw_files.list_inputs([folder], settings, None)  # what has a name is whole, and nothing else is read
    assert [file.path.name for file in files if not file.not_used] == ["2025-10-wiltshire-street.csv"]
    assert_whole(folder, ["2025-10"])
    fetch(site, folder)
    assert content_of(folder) == content_of(tmp_path / "smooth")
    assert len(site.asked_for(ARCHIVE)) == 4  # its version, its list of members, and the two months not there yet


@pytest.mark.skipif(os.name != "posix", reason="kills a process as only POSIX can")
def test_a_run_killed_in_the_middle_of_a_whole_archive_leaves_nothing_of_it(
    site: MadeUpSite, tmp_path: Path, waits: list
) -> None:
    fetch(site, tmp_path / "smooth")
    folder = tmp_path / "killed"
    site.gives_parts = False
    site.asked.clear()
    site.fail(ARCHIVE, Fault(), Fault(cut_after=9000, silent_seconds=5))
    kill_when(site, folder, lambda: len(site.asked_for(ARCHIVE)) == 2 and folder.exists())
    assert list(folder.rglob("*")) == []
    fetch(site, folder)
    assert content_of(folder) == content_of(tmp_path / "smooth")


def test_every_error_is_of_one_to_three_sentences(site: MadeUpSite, tmp_path: Path, waits: list) -> None:
    del site.files[ARCHIVE], site.files[LISTED]
    with pytest.raises(HotspotsError) as raised:
        fetch(site, tmp_path)
    assert str(raised.value) == (
        "Nothing could be downloaded for wiltshire. 2025-10, 2025-11, 2025-12: in none of the archives; "
        "data.police.uk keeps about three years."
    )
