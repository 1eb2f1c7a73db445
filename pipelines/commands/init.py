"""The command `init`: settings and folders of a new force; also the raw files of the demo town."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hotspots.errors import ParameterError, SourceError
from hotspots.sources.file_formats import any_format, file_content, workbooks
from hotspots.sources.file_formats.any_format import Reading
from hotspots.sources.force_export import column_guesses
from hotspots.sources.police_uk import police_forces
from hotspots.sources.survey import column_guesses as survey_headings
from pipelines import settings as force_settings
from pipelines.ingest_steps import raw_files, raw_folders
from pipelines.settings import FORCES, TEMPLATE, Settings, named_forces

COLUMNS = "[force_export.columns]"


def make_demo(folder: Path) -> None:
    """Write the raw files of Littleham, without the planted truth, unless they exist."""
    if (folder / "incidents.csv").exists():
        return
    from hotspots.town import littleham

    folder.mkdir(parents=True, exist_ok=True)
    littleham.write_town(littleham.build_town(littleham.TownParams()), folder)


def require_files(settings: Settings, raw: Iterable[Path]) -> None:
    """Raise if a force without settings has no files either.

    Raises
    ------
    ParameterError
        There are neither settings nor files.
    """
    slug = settings.force.slug
    files = [file for path in raw_folders.walk(raw) for file in raw_files.recognise_all(path, settings)]
    if not any(file.kind == "street" and file.force == slug for file in files):
        known = ", ".join(named_forces())
        raise ParameterError(
            f"'{slug}' has neither a settings file nor a street file in the raw folders. "
            f"There are settings for {known}. Run 'hotspots init {slug}' to create new ones."
        )


def propose_map(path: Path, reading: Reading | None = None) -> list[str]:
    """Return a column map as lines of TOML, if the headings suggest a survey or an export of incidents.

    Raises
    ------
    SourceError
        The file cannot be opened, or has no headings.
    """
    reading = reading or Reading()
    if any_format.format_of(path) == "text":
        reading = replace(reading, encoding=file_content.guess_encoding(path, reading.encoding))
    sheet, cells = any_format.first_cells(path, reading)
    try:
        guesses, asked = column_guesses.propose(cells), survey_headings.propose(cells)
    except SourceError as error:
        raise SourceError(f"{path.name}: {error}") from None
    if asked.is_survey and not any(guess.field == "type" and guess.is_sure for guess in guesses):
        name = police_forces.slug_of(path.stem) or "survey"
        proposed = survey_headings.as_toml(asked, cells, name=name, sheet=sheet, encoding=reading.encoding)
        return [*proposed[:2], *_sheets_alike(path, sheet), *proposed[2:]]
    if len({"reference", "type", "recorded_at", "committed_from"} & {guess.field for guess in guesses}) < 2:
        return []
    has_points = any_format.format_of(path) == "points"
    return column_guesses.as_toml(guesses, cells, sheet=sheet, encoding=reading.encoding, has_points=has_points)


def _sheets_alike(path: Path, sheet: str) -> list[str]:
    """Return a comment that names other sheets with the same headings."""
    alike = workbooks.similar_sheets(path, sheet) if any_format.format_of(path) == "workbook" else []
    names = ", ".join(f"'{name}'" for name in alike)
    return [f"# sheets with the same headings, not read unless named here: {names}"] if alike else []


def start_force(name: str, folder: Path, example: Path | None = None) -> list[str]:
    """Write a commented settings file `<slug>.toml` and create the raw folder of a new force.

    Parameters
    ----------
    name
        Name or slug of the force.
    folder
        Folder of the settings file.
    example
        An export or survey of the force, whose headings are mapped as far as possible.

    Returns
    -------
    list of str
        What to do next, line by line.

    Raises
    ------
    ParameterError
        The name gives no slug, the file exists, or the folder cannot be written to.
    SourceError
        The example cannot be read, or is neither an export nor a survey.
    """
    slug = police_forces.slug_of(name)
    if not slug:
        raise ParameterError(f"'{name}' contains no letters for a file name. Use a name like 'wiltshire'.")
    force_settings.require_slug(slug, "The name in file names")
    path = folder / f"{slug}.toml"
    if path.exists():
        raise ParameterError(f"'{path}' already exists. Change it, or delete it first.")
    texts = _settings_texts(slug, name)
    text, lines = _with_map(texts, example) if example else (texts[0], [])
    raw = folder / "data" / "raw" / slug
    try:
        raw.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ParameterError(
            f"'{error.filename}' cannot be made ({error.strerror}). Run the command in a folder in which you may write."
        ) from None
    return [
        f"Settings: {path}. Check it; every line has a comment.",
        *lines,
        f"Put files into {raw}: data.police.uk street files or the force's own export, a survey, the outline.",
        f"Then: hotspots check {raw} --force {path}",
        f"and:  hotspots weekly --force {path} --direct",
    ]


def _settings_texts(slug: str, name: str) -> list[str]:
    """Return texts to start from: the settings of the package, if the force has them, and the commented template."""
    known = police_forces.name_of(slug) if slug in police_forces.SLUGS else name.replace('"', "'")
    template = TEMPLATE.read_text(encoding="utf-8").replace("{slug}", slug).replace("{name}", known)
    is_packaged = slug in named_forces() and slug != force_settings.DEMO
    return [(FORCES / f"{slug}.toml").read_text(encoding="utf-8"), template] if is_packaged else [template]


def _with_map(texts: list[str], example: Path) -> tuple[str, list[str]]:
    """Return the first text with a commented example of a map, the proposed map in its place, and lines about it."""
    if not example.is_file():
        raise ParameterError(f"--from names '{example}', which is not a file.")
    proposal = propose_map(example)
    if not proposal:
        raise SourceError(
            f"{example.name}: the headings are not those of an export of incidents (reference, type, date) or of a "
            "survey. Map them by hand under [force_export.columns] or [survey.columns]."
        )
    is_survey = proposal[0] == "[survey]"
    columns = "[survey.columns]" if is_survey else COLUMNS
    mapped = sum(" = " in line and not line.startswith("#") for line in proposal[proposal.index(columns) :])
    unsure = sum("# unsure" in line or "# not found" in line for line in proposal)
    block = "\n".join([f"# Proposed from the headings of {example.name}; check it.", *proposal, ""])
    ends = ("# [survey]\n", "# [survey.issues]") if is_survey else ("# [force_export]\n", "# [force_export.categories]")
    text = next(text for text in texts if all(mark in text for mark in ends))
    begin, end = map(text.index, ends)
    noun = "line is" if unsure == 1 else "lines are"
    line = f"Columns: {mapped} of {example.name} are mapped; {unsure} {noun} marked unsure or not found."
    return text[:begin] + block + text[end:], [line]
