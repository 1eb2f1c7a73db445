"""A force's street files, month by month, out of as few archives of data.police.uk as hold them."""

import difflib
import logging
import re
import zipfile
from collections.abc import Iterable

from hotspots.errors import SourceError
from hotspots.sources.police_uk import archive_members
from hotspots.sources.police_uk.archive_members import DamagedError
from pipelines.police_uk_download import remote_zip
from pipelines.police_uk_download.download_job import Errand
from pipelines.police_uk_download.remote_zip import Archive
from pipelines.police_uk_download.web_faults import ChangedError, NotThereError

LOG = logging.getLogger("hotspots")

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def latest_month(errand: Errand) -> str:
    """The latest month published."""
    url = f"{errand.base_url}/api/crime-last-updated"
    answer = errand.web.read_json(url)
    month = str(answer.get("date"))[:7] if isinstance(answer, dict) else ""
    if not MONTH.fullmatch(month):
        raise SourceError(f"{url} does not tell the latest month, as it used to. Name it with --to.")
    return month


def without_kept(months: set[str], errand: Errand) -> set[str]:
    """The months that are not here yet."""
    names = {month: f"{month}/{month}-{errand.force}-street.csv" for month in sorted(months)}
    kept = {month: name for month, name in names.items() if errand.ledger.is_intact(name)}
    errand.outcome.is_new.update(dict.fromkeys(kept.values(), False))
    return months - kept.keys()


def search_archives(last: str, missing: set[str], errand: Errand) -> None:
    """Take the missing months from the archive of the last one, else the latest one, else those of older months."""
    archive, tried, held = last, set[str](), set[str]()
    while missing and archive:
        tried.add(archive)
        try:
            found = _take_from(f"{errand.base_url}/data/archive/{archive}.zip", missing, errand)
            held, missing = held | found, missing - (found - errand.damaged.keys())
        except NotThereError as error:
            LOG.info("%s", error)
        except DamagedError as error:
            errand.fault(str(error))
        later = {month for month in missing if archive == "latest" and month > max(held, default="9999")}
        if later:
            errand.remark(f"{_span(later)}: not published yet; the latest month is {max(held)}.")
            missing -= later
        archive = next((name for name in _worth_trying(missing, held, errand) if name not in tried), "")
    if absent := missing - errand.damaged.keys():
        errand.remark(f"{_span(absent)}: in none of the archives; data.police.uk keeps about three years.")


def _worth_trying(missing: set[str], held: set[str], errand: Errand) -> list[str]:
    """Archives that may hold what is missing: that of each month, and the latest one, which is newer than most."""
    of_months = sorted(missing, reverse=True)
    if not held:
        return ["latest", *of_months]
    return [*of_months, "latest"] if errand.damaged else of_months


def _take_from(url: str, months: set[str], errand: Errand) -> set[str]:
    """Fetch what an archive holds of the months; gives all its months. Opened again where it changes meanwhile."""
    tries = 3
    while True:
        try:
            with remote_zip.opened(url, errand.web, errand.ledger) as archive:
                return _take_members(archive, months, errand)
        except ChangedError as error:
            tries -= 1
            if not tries:
                raise
            LOG.info("%s", error)


def _take_members(archive: Archive, months: set[str], errand: Errand) -> set[str]:
    """Fetch the force's street files of the months; gives all months of the archive."""
    members = archive_members.street_members(archive.zip.infolist(), archive.url)
    held, forces = {month for month, _ in members}, {slug for _, slug in members}
    size_mb = archive.version.size / 1e6
    LOG.info("%s: %s, %d forces, %.1f MB", archive.url, _span(held) or "no month", len(forces), size_mb)
    without = set()
    for month in sorted(months & held):
        if (month, errand.force) in members:
            _take_month(archive, month, members[month, errand.force], errand)
        elif month not in errand.damaged:
            without.add(month)
    if without and errand.force in forces:
        errand.remark(f"{_span(without)}: {errand.force} published nothing; that is no data, not no crime.")
    elif without:
        near = difflib.get_close_matches(errand.force, forces, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(sorted(forces)) or 'no force'}."
        errand.remark(f"{archive.url} has no file of '{errand.force}'; {hint}")
    return held


def _take_month(archive: Archive, month: str, info: zipfile.ZipInfo, errand: Errand) -> None:
    """Fetch one month, unless it is there already; of a damaged one, it is noted what is wrong."""
    name, version, ledger = info.filename, archive.version, errand.ledger
    facts = {
        "url": archive.url, "etag": version.etag, "last_modified": version.last_modified, "crc32": f"{info.CRC:08x}",
    }  # fmt: skip
    if ledger.holds(name, info.file_size, info.CRC):
        ledger.note(name, facts)
        errand.outcome.is_new.setdefault(name, False)
        errand.damaged.pop(month, None)
        return
    is_revised = (ledger.folder / name).exists()
    try:
        ledger.store(name, archive.unpack(info), facts)
    except DamagedError as error:
        if ledger.is_intact(name):  # what is here is newer than what older archives hold
            errand.fault(f"{error} It was left out.")
        else:
            LOG.info("%s", error)
            errand.damaged.setdefault(month, str(error))
    else:
        errand.outcome.is_new[name] = True
        errand.damaged.pop(month, None)
        LOG.info("%s: %s bytes%s", name, f"{info.file_size:,}", ", in place of another version" if is_revised else "")


def _span(months: Iterable[str]) -> str:
    """Months in a few words."""
    named = sorted(months)
    return ", ".join(named) if len(named) < 4 else f"{named[0]} to {named[-1]} ({len(named)} months)"
