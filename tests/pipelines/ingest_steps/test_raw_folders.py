"""Every file is used or named: behind links, in archives inside archives, pipes, and what cannot be opened."""

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import made_up_files as barset
import openpyxl
import pytest

from hotspots.errors import SourceError
from pipelines.commands import check, init
from pipelines.ingest_steps import raw_files, raw_folders
from pipelines.settings import Settings, read_settings

NAME = "2025-09-barset-street.csv"
EXPORT = "Ref,Type,Recorded,Lon,Lat,Place\n1,Nuisance,03/09/2025 10:00,-1.785,51.558,Mill Lane\n"


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def kinds(settings: Settings, *raw: Path) -> dict[str, str]:
    return {file.name: file.not_used or file.kind for file in raw_files.list_inputs(raw, settings, None)}


def test_links_to_folders_are_followed_and_circles_end(settings: Settings, tmp_path: Path) -> None:
    barset.write_month(tmp_path / "share", "2025-09")
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "link").symlink_to(tmp_path / "share")
    (raw / "again").symlink_to(tmp_path / "share" / "2025-09")
    (tmp_path / "share" / "circle").symlink_to(raw)
    assert kinds(settings, raw) == {NAME: "street"}


def test_pipes_devices_and_dead_links_are_named_and_not_opened(settings: Settings, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "export.csv")
    (tmp_path / "null.csv").symlink_to("/dev/zero")
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    assert kinds(settings, tmp_path) == {
        "export.csv": "a pipe, socket or device, not a file",
        "null.csv": "a pipe, socket or device, not a file",
        "gone.csv": "a link to a file that does not exist",
    }
    lines, is_good = check.check_files([tmp_path], settings)
    assert is_good and "export.csv: unknown, not used: a pipe, socket or device, not a file." in lines


def test_files_in_capitals_and_of_every_kind_in_archives_are_used(settings: Settings, tmp_path: Path) -> None:
    month = barset.street_text(barset.month_rows("2025-09")).encode()
    outline = barset.write_outline(tmp_path / "outline.geojson").read_bytes()
    (tmp_path / "outline.geojson").unlink()
    book = openpyxl.Workbook()
    for row in EXPORT.splitlines():
        book.active.append(row.split(","))
    cells = io.BytesIO()
    book.save(cells)
    inner = packed(**{"2025-09/2025-09-BARSET-STREET.CSV": month, "deep/Outline.GEOJSON": outline})
    left = {"__MACOSX/._export.xlsx": b"x", ".DS_Store": b"x"}
    (tmp_path / "all.zip").write_bytes(packed(**{"months.zip": inner, "export.xlsx": cells.getvalue(), **left}))
    assert kinds(settings, tmp_path) == {
        "2025-09-BARSET-STREET.CSV": "street", "Outline.GEOJSON": "places", "export.xlsx": "force_export",
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["all.zip"], "nothing is written beside the archive"


def test_what_is_unpacked_can_be_opened_by_its_owner_only(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(packed(**{"export.csv": EXPORT.encode()}))
    (file,) = raw_files.list_inputs([tmp_path], settings, None)
    assert file.path.read_text(encoding="utf-8") == EXPORT
    assert file.path.parents[1].stat().st_mode & 0o077 == 0


def test_archives_inside_archives_have_a_limit(settings: Settings, tmp_path: Path) -> None:
    content = EXPORT.encode()
    for _ in range(5):
        content = packed(**{"a.zip": content})
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(SourceError, match=r"a\.zip: archives are more than 3 deep inside one another"):
        raw_files.list_inputs([tmp_path], settings, None)


def test_an_archive_of_too_many_files_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed(**{f"{n}.txt": b"" for n in range(20_001)}))
    with pytest.raises(SourceError, match=r"a\.zip: the file has 20,001 files in it; at most 20,000 are read"):
        raw_files.list_inputs([tmp_path], settings, None)


def test_a_folder_that_holds_only_an_archive_needs_no_settings_file(tmp_path: Path) -> None:
    month = barset.street_text(barset.month_rows("2025-09")).encode()
    (tmp_path / "download.zip").write_bytes(packed(**{f"2025-09/{NAME}": month}))
    init.require_files(read_settings("barset")[0], [tmp_path])


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may open, which those of a test run by root are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of the administrator, which no permission stops."""
    is_root = os.name == "posix" and os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_or_file_that_cannot_be_opened_is_named(settings: Settings, open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0)
    with as_nobody(), pytest.raises(SourceError, match=r"closed': the folder cannot be opened \(Permission denied\)"):
        raw_folders.walk([open_folder])
    closed.rmdir()
    names = ("export.csv", "areas.geojson", "beats.gpkg", "book.xlsx", "area.kml", "months.zip", "beats.shp")
    for name in names:
        (open_folder / name).write_text("x", encoding="utf-8")
    check.check_files([open_folder], settings)
    for name in names:
        (open_folder / name).chmod(0)
    with as_nobody():
        lines, is_good = check.check_files([open_folder], settings)
    assert not is_good
    for name in names:
        assert any(name in line and "Permission denied" in line for line in lines), name


def test_each_file_is_listed_once_by_whatever_path(tmp_path: Path) -> None:
    path = barset.write_month(tmp_path, "2025-09")
    (tmp_path / "copy.csv").symlink_to(path)
    assert len(raw_folders.walk([tmp_path, path])) == 1
