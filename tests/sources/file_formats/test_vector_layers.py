"""Vector files are opened by the driver of their suffix only; nothing they refer to is read or fetched."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspots.errors import SourceError
from hotspots.sources.file_formats import limits, vector_files, vector_layers
from hotspots.sources.geography import base_map, boundaries
from pipelines.commands import check
from pipelines.settings import Settings, read_settings

SECRET = "Top secret text of another file"
SQUARE = shapely.box(410_000, 180_000, 420_000, 190_000)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a local server, and the paths that were asked of it."""
    paths: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


def planted(folder: Path, address: str) -> dict[str, str]:
    """Contents that would read the planted file or the address, by what they are."""
    secret = folder / "secret.csv"
    secret.write_text(f'name,kind,force,WKT\n{SECRET},beat,barset,"POLYGON((-2 51,-1 51,-1 52,-2 52,-2 51))"\n')
    link = {"type": "link", "properties": {"href": f"{address}/crs"}}
    named = {"type": "name", "properties": {"name": f"{address}/crs-name"}}
    shape = {"type": "Polygon", "coordinates": [[[-2, 51], [-1, 51], [-1, 52], [-2, 51]]]}
    feature = {"type": "Feature", "properties": {"force": "barset"}, "geometry": shape}
    placemark = "<kml><Placemark><name>&a;</name></Placemark></kml>"
    virtual = (
        "<OGRVRTDataSource><OGRVRTLayer name='{0}'><SrcDataSource>{1}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    return {
        "virtual file of a file": virtual.format("secret", secret),
        "virtual file of an address": virtual.format("a", f"/vsicurl/{address}/a.csv"),
        "virtual file after a comment": f"<!-- kml -->{virtual.format('secret', secret)}",
        "virtual file in a kml": f"<kml><Document>{virtual.format('secret', secret)}</Document></kml>",
        "pipeline": json.dumps(
            {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret} ! edit"}
        ),
        "web service": f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
        "link to a coordinate system": json.dumps({"type": "FeatureCollection", "crs": link, "features": [feature]}),
        "address as a coordinate system": json.dumps(
            {"type": "FeatureCollection", "crs": named, "features": [feature]}
        ),
        "network link": f"<kml><NetworkLink><Link><href>{address}/n.kml</href></Link></NetworkLink></kml>",
        "entity of a file": f"<!DOCTYPE kml [<!ENTITY a SYSTEM 'file://{secret}'>]>{placemark}",
        "entities of entities": "<!DOCTYPE kml [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 or str()};' * 10}'>" for n in range(1, 10))
        + "]><kml><Placemark><name>&a9;</name></Placemark></kml>",
        "schema of an address": f"<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml' "
        f"xmlns:xsi='x' xsi:schemaLocation='a {address}/a.xsd'/>",
        "interchange file with a virtual one": f"Version 300\n{virtual.format('secret', secret)}",
        "table that opens another": f'!table\n!version 300\nOpen Table "{secret}"\n',
    }


KINDS = list(planted(Path("/tmp"), ""))


@pytest.mark.parametrize("kind", KINDS)
def test_no_reader_follows_what_a_file_refers_to(tmp_path: Path, asked: tuple[str, list[str]], kind: str) -> None:
    address, paths = asked
    content = planted(tmp_path, address)[kind]
    for path in (tmp_path / f"{name}{suffix}" for name in ("areas", "base_map") for suffix in boundaries.POLYGON_FILES):
        path.write_text(content, encoding="utf-8")
        for read in (boundaries.read_areas, lambda path: base_map.read_base_map(path, SQUARE), read_all_points):
            assert SECRET not in text_of(read, path)
    (tmp_path / "secret.csv").unlink()
    lines, _ = check.check_files([tmp_path], settings())
    assert SECRET not in "\n".join(lines)
    assert paths == []


def text_of(read: Callable[[Path], pd.DataFrame], path: Path) -> str:
    """What a reader returns or says of a file."""
    try:
        return read(path).to_string()
    except SourceError as error:
        return str(error)


def settings() -> Settings:
    return read_settings("barset")[0]


def read_all_points(path: Path) -> pd.DataFrame:
    if path.suffix not in vector_files.SUFFIXES:
        return pd.DataFrame()
    return vector_files.first_cells(path)[1]


def test_a_geopackage_with_a_table_that_reads_other_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "beats.gpkg"
    gpd.GeoDataFrame({"kind": ["beat"], "name": ["a"]}, geometry=[SQUARE], crs=27700).to_file(path)
    assert len(boundaries.read_places(path)) == 1
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("pragma writable_schema = 1")
        database.execute(
            "insert into sqlite_master values ('table', 'v', 'v', 0, "
            "'create virtual table v using VirtualOGR(''/etc/passwd'')')"
        )
    with pytest.raises(SourceError, match=r"beats\.gpkg: .* a table or view that reads other files"):
        boundaries.read_places(path)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.tab", "a.mif"])
def test_a_file_whose_content_is_of_another_kind_is_refused_in_a_sentence(
    write: Callable[..., Path], name: str
) -> None:
    with pytest.raises(SourceError, match=rf"{name}: the file cannot be opened as areas: it is no .* but "):
        boundaries.read_places(write(name, '{"type": "FeatureCollection", "features": []}'))


def test_the_drivers_that_follow_references_are_off() -> None:
    code = (
        "from hotspots.sources.file_formats import vector_layers as v; p = v._pyogrio(); "
        "print(sorted(set(v.DRIVERS_OFF) & set(p.list_drivers())), 'GPKG' in p.list_drivers())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[] True", "")


# limits


def test_a_file_of_too_many_bytes_or_vertices_is_refused_in_a_sentence(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = [[-2 + n / 1000, 51] for n in range(50)] + [[-2, 52]]
    feature = {
        "type": "Feature", "properties": {"force": "b"}, "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    path = write("areas.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    monkeypatch.setattr(limits, "MAX_VERTICES", 40)
    with pytest.raises(SourceError, match=r"areas\.geojson: the file has 52 vertices; at most 40 are read"):
        boundaries.read_places(path)
    monkeypatch.setattr(limits, "MAX_MARKUP_BYTES", 100)
    with pytest.raises(SourceError, match=r"areas\.geojson: the file has 0 MB; at most 0 MB of GeoJSON or KML are"):
        boundaries.read_places(path)


def test_an_export_of_too_many_columns_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "export.gpkg"
    columns = {f"c{n}": ["x"] for n in range(9)}
    gpd.GeoDataFrame(columns, geometry=[shapely.Point(415_000, 184_000)], crs=27700).to_file(path)
    monkeypatch.setattr(limits, "MAX_COLUMNS", 8)
    with pytest.raises(SourceError, match=r"export\.gpkg: the file has 9 columns; at most 8 are read"):
        vector_layers.read_fields(path, "export", "as points")


def test_nesting_without_end_is_refused(write: Callable[..., Path]) -> None:
    deep = '{"type": "FeatureCollection", "features": ' + "[" * 100_000 + "]" * 100_000 + "}"
    with pytest.raises(SourceError, match=r"areas\.geojson: the file cannot be opened as areas: it is not GeoJSON"):
        boundaries.read_places(write("areas.geojson", deep))
