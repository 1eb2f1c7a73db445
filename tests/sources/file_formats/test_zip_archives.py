"""Zip archives are read in memory, and refused with a sentence where they are damaged or meant to do harm."""

import io
import zipfile
from pathlib import Path

import pytest

from hotspots.errors import SourceError
from hotspots.sources.file_formats import zip_archives

NAME = "2025-09/2025-09-barset-street.csv"
TEXT = "Crime ID,Month\n" + "a,2025-09\n" * 500


def packed(members: dict[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def archive(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "police.zip"
        path.write_bytes(content)
        return path

    return write


# errors


@pytest.mark.parametrize("cut", [0, 10, 0.5, -1])
def test_an_archive_that_was_cut_short_is_refused(archive, cut: float) -> None:
    whole = packed({NAME: TEXT})
    path = archive(whole[: int(cut * len(whole)) if isinstance(cut, float) else cut])
    with pytest.raises(SourceError, match=r"^police\.zip: the archive is damaged or cut short .* Download it again\.$"):
        zip_archives.list_members(path)


def test_a_member_that_was_damaged_is_refused(archive) -> None:
    content = bytearray(packed({NAME: TEXT}, zipfile.ZIP_STORED))
    at = content.index(b"a,2025-09")
    content[at : at + 4] = b"xxxx"
    with pytest.raises(SourceError, match=r"^police\.zip: '2025-09-barset-street\.csv' is damaged in the archive"):
        zip_archives.read_member(archive(bytes(content)), NAME)


def test_a_bomb_is_not_unpacked(archive) -> None:
    path = archive(packed({NAME: b" " * 60_000_000}))
    said = r"'2025-09-barset-street\.csv' would unpack from 0\.1 MB to 60 MB, far more than a month of a force"
    with pytest.raises(SourceError, match=said):
        zip_archives.read_member(path, NAME)


def test_a_member_that_says_it_is_smaller_than_it_is_is_refused(archive) -> None:
    content = packed({NAME: TEXT})
    length = len(TEXT.encode()).to_bytes(4, "little")
    path = archive(content.replace(length, (20).to_bytes(4, "little")))
    with pytest.raises(SourceError, match="is damaged in the archive"):
        zip_archives.read_member(path, NAME)


@pytest.mark.parametrize("name", ["../../etc/2025-09-barset-street.csv", "/2025-09-barset-street.csv"])
def test_a_name_that_points_outside_is_refused(archive, name: str) -> None:
    with pytest.raises(SourceError, match="the name of a file in the archive points outside it"):
        zip_archives.list_members(archive(packed({name: TEXT})))


def test_an_archive_under_a_password_is_refused(archive) -> None:
    content = bytearray(packed({NAME: TEXT}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    with pytest.raises(SourceError, match=r"is damaged in the archive \(.*encrypted"):
        zip_archives.read_member(archive(bytes(content)), NAME)


# answers


def test_members_are_listed_by_name_with_check_sum_and_size_and_read_whole(archive) -> None:
    path = archive(packed({NAME: TEXT, "2025-08/2025-08-barset-street.csv": "x", "read me.txt": "x"}))
    first, second, note = zip_archives.list_members(path)
    assert note.name == "read me.txt"
    assert [first.name, second.name] == ["2025-08/2025-08-barset-street.csv", NAME]
    assert second.size == len(TEXT) and first.check_sum != second.check_sum
    assert zip_archives.read_member(path, NAME).data.decode() == TEXT


def test_nothing_is_written_beside_the_archive(archive) -> None:
    path = archive(packed({NAME: TEXT}))
    zip_archives.read_member(path, NAME)
    assert [file.name for file in path.parent.iterdir()] == ["police.zip"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_with_any_byte_damaged_is_read_or_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "months.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("2025-09/2025-09-barset-street.csv", "".join(f"{n},{n * n % 97}\n" for n in range(300)))
    good = path.read_bytes()
    for at in range(0, len(good), max(len(good) // 150, 1)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        try:
            for entry in zip_archives.list_members(path):
                zip_archives.read_member(path, entry.name)
        except SourceError as error:
            assert "months.zip: " in str(error)
