"""Download of a force's street files, month by month, from as few archives of data.police.uk as possible."""

import difflib
import logging
import re
import zipfile
from collections.abc import Iterable

from hotspots.errors import SourceError
from hotspots.sources.police_uk import archive_members
from hotspots.sources.police_uk.archive_members import DamagedError
from pipelines.police_uk_download import remote_zip
from pipelines.police_uk_download.download_job import DownloadJob
from pipelines.police_uk_download.http_client import ChangedError, NotFoundError
from pipelines.police_uk_download.remote_zip import Archive

LOG = logging.getLogger("hotspots")

MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")
MAX_CHANGES = 3  # of one archive during the download


def latest_month(job: DownloadJob) -> str:
    """Return the latest published month."""
    url = f"{job.base_url}/api/crime-last-updated"
    answer = job.client.read_json(url)
    month = str(answer.get("date"))[:7] if isinstance(answer, dict) else ""
    if not MONTH.fullmatch(month):
        raise SourceError(f"{url} does not state the latest month, as it used to. Give it with --to.")
    return month


def missing_months(months: set[str], job: DownloadJob) -> set[str]:
    """Return the months that are not in the folder yet; the others count as kept in the result."""
    names = {month: f"{month}/{month}-{job.force}-street.csv" for month in sorted(months)}
    kept = {month: name for month, name in names.items() if job.manifest.is_intact(name)}
    job.result.is_new.update(dict.fromkeys(kept.values(), False))
    return months - kept.keys()


def search_archives(last: str, missing: set[str], job: DownloadJob) -> None:
    """Download the missing months from the archive of the last month, then the latest one, then older ones."""
    name, tried, available = last, set[str](), set[str]()
    while missing and name:
        tried.add(name)
        try:
            found = _download_from(f"{job.base_url}/data/archive/{name}.zip", missing, job)
            available, missing = available | found, missing - (found - job.damaged.keys())
        except NotFoundError as error:
            LOG.info("%s", error)
        except DamagedError as error:
            job.add_error(str(error))
        later = {month for month in missing if name == "latest" and month > max(available, default="9999")}
        if later:
            job.add_note(f"{_in_words(later)}: not published yet; the latest month is {max(available)}.")
            missing = missing - later
        name = next((other for other in _candidates(missing, available, job) if other not in tried), "")
    if absent := missing - job.damaged.keys():
        job.add_note(f"{_in_words(absent)}: in none of the archives; data.police.uk keeps about three years.")


def _candidates(missing: set[str], available: set[str], job: DownloadJob) -> list[str]:
    """Return the archives that may hold the missing months: that of each month, and the latest one."""
    of_months = sorted(missing, reverse=True)
    if not available:
        return ["latest", *of_months]
    return [*of_months, "latest"] if job.damaged else of_months


def _download_from(url: str, months: set[str], job: DownloadJob) -> set[str]:
    """Download the months that an archive holds and return all its months; a changed archive is opened again."""
    for _ in range(MAX_CHANGES):
        try:
            with remote_zip.open_archive(url, job.client, job.manifest.folder) as archive:
                return _download_members(archive, months, job)
        except ChangedError as error:
            LOG.info("%s", error)
    raise ChangedError(f"{url} changed {MAX_CHANGES} times during the download. Run the same command later.")


def _download_members(archive: Archive, months: set[str], job: DownloadJob) -> set[str]:
    """Download the force's street files of the months, and return all months of the archive."""
    members = archive_members.street_members(archive.zip.infolist(), archive.url)
    available, forces = {month for month, _ in members}, {slug for _, slug in members}
    size_mb = archive.version.size / 1e6
    LOG.info("%s: %s, %d forces, %.1f MB", archive.url, _in_words(available) or "no month", len(forces), size_mb)
    without = set()
    for month in sorted(months & available):
        if (month, job.force) in members:
            _download_month(archive, month, members[month, job.force], job)
        elif month not in job.damaged:
            without.add(month)
    if without and job.force in forces:
        job.add_note(f"{_in_words(without)}: {job.force} published no data, which does not mean no crime.")
    elif without:
        near = difflib.get_close_matches(job.force, forces, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(sorted(forces)) or 'no force'}."
        job.add_note(f"{archive.url} has no file of '{job.force}'; {hint}")
    return available


def _download_month(archive: Archive, month: str, info: zipfile.ZipInfo, job: DownloadJob) -> None:
    """Download one month unless the folder has the same bytes; the error of a damaged one is kept."""
    name, version, manifest = info.filename, archive.version, job.manifest
    facts = {
        "url": archive.url, "etag": version.etag, "last_modified": version.last_modified, "crc32": f"{info.CRC:08x}",
    }  # fmt: skip
    is_same = manifest.has_content(name, info.file_size, info.CRC)
    try:
        if is_same:
            manifest.record(name, facts)
        else:
            manifest.write(name, archive.unpack(info), facts)
            LOG.info("%s: %s bytes", name, f"{info.file_size:,}")
    except DamagedError as error:
        if manifest.is_intact(name):  # the file in the folder is newer than those of older archives
            job.add_error(f"{error} It was left out.")
        else:
            LOG.info("%s", error)
            job.damaged.setdefault(month, str(error))
    else:
        job.result.is_new[name] = not is_same or job.result.is_new.get(name, False)
        job.damaged.pop(month, None)


def _in_words(months: Iterable[str]) -> str:
    """Return a few months one by one, more of them as a range."""
    named = sorted(months)
    return ", ".join(named) if len(named) < 4 else f"{named[0]} to {named[-1]} ({len(named)} months)"
