"""Beginnings: the demo town's raw files, and a new force's settings and folders."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hotspots.errors import ParameterError, SourceError
from hotspots.sources.file_formats import any_format, file_content, workbooks
from hotspots.sources.file_formats.any_format import Reading
from hotspots.sources.force_export import column_guesses
from hotspots.sources.police_uk import street_files
from hotspots.sources.survey import column_guesses as survey_headings
from pipelines.ingest_steps import raw_files
from pipelines.settings import TEMPLATE, Settings, named_forces

COLUMNS = "[force_export.columns]"


def make_demo(folder: Path) -> None:
    """Littleham's raw files, as a force would hand them in, made once; the truth behind them is not among them."""
    if (folder / "incidents.csv").exists():
        return
    from hotspots.town import littleham

    folder.mkdir(parents=True, exist_ok=True)
    littleham.write_town(littleham.build_town(littleham.TownParams()), folder)


def require_files(settings: Settings, raw: Iterable[Path]) -> None:
    """Nothing, where a force without settings has files at least.

    Raises
    ------
    ParameterError
        Neither settings nor files.
    """
    slug = settings.force.slug
    files = [raw_files.recognise(path, settings) for path in raw_files.walk(raw)]
    if not any(file.kind == "street" and file.force == slug for file in files):
        known = ", ".join(named_forces())
        raise ParameterError(
            f"'{slug}' has neither a settings file nor a file of its own in the raw folders. "
            f"Settings come with: {known}; 'hotspots init {slug}' starts new ones."
        )


def propose_map(path: Path, reading: Reading | None = None) -> list[str]:
    """Lines of TOML with the map that a file's headings suggest, of a survey or an export of incidents; else none.

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
        name = street_files.slug_of(path.stem) or "survey"
        proposed = survey_headings.as_toml(asked, cells, name=name, sheet=sheet, encoding=reading.encoding)
        return [*proposed[:2], *_sheets_alike(path, sheet), *proposed[2:]]
    if len({"reference", "type", "recorded_at", "committed_from"} & {guess.field for guess in guesses}) < 2:
        return []
    has_points = any_format.format_of(path) == "points"
    return column_guesses.as_toml(guesses, cells, sheet=sheet, encoding=reading.encoding, has_points=has_points)


def _sheets_alike(path: Path, sheet: str) -> list[str]:
    """A line that names the sheets a map would fit as well."""
    alike = workbooks.similar_sheets(path, sheet) if any_format.format_of(path) == "workbook" else []
    names = ", ".join(f"'{name}'" for name in alike)
    return [f"# sheets with the same headings, not read unless named here: {names}"] if alike else []


def start_force(name: str, folder: Path, example: Path | None = None) -> list[str]:
    """A commented settings file `<slug>.toml` and the raw folder of a new force; says what to do next.

    Parameters
    ----------
    name
        Of the force.
    folder
        Where the settings file goes.
    example
        An export of the force's, whose headings the settings file then maps as far as they can be told.

    Raises
    ------
    ParameterError
        The name gives no slug, or the file is there already.
    SourceError
        The example cannot be read, or looks like neither an export nor a survey.
    """
    slug = street_files.slug_of(name)
    if not slug:
        raise ParameterError(f"'{name}' has no letters to make a name for files of; use one like 'wiltshire'.")
    path = folder / f"{slug}.toml"
    if path.exists():
        raise ParameterError(f"'{path}' is there already; change it, or remove it first.")
    text = TEMPLATE.read_text(encoding="utf-8").replace("{slug}", slug).replace("{name}", name.replace('"', "'"))
    said: list[str] = []
    if example:
        text, said = _with_map(text, example)
    path.write_text(text, encoding="utf-8")
    raw = folder / "data" / "raw" / slug
    raw.mkdir(parents=True, exist_ok=True)
    return [
        f"Settings: {path}. Read it through; every line says what it is for.",
        *said,
        f"Put files into {raw}: data.police.uk street files or the force's own export, a survey, the outline.",
        f"Then: hotspots check {raw} --force {path}",
        f"and:  hotspots weekly --force {path} --direct",
    ]


def _with_map(text: str, example: Path) -> tuple[str, list[str]]:
    """The template's text with the proposed map in place of its commented example, and what to say of it."""
    if not example.is_file():
        raise ParameterError(f"--from names '{example}', which is no file.")
    proposal = propose_map(example)
    if not proposal:
        raise SourceError(
            f"{example.name}: the headings are not those of an export of incidents (neither a reference and a type nor "
            f"a date were found) or of a survey. Map them by hand under [force_export.columns] or [survey.columns]."
        )
    is_survey = proposal[0] == "[survey]"
    columns = "[survey.columns]" if is_survey else COLUMNS
    mapped = sum(" = " in line and not line.startswith("#") for line in proposal[proposal.index(columns) :])
    unsure = sum("# unsure" in line or "# not found" in line for line in proposal)
    block = "\n".join([f"# Proposed from the headings of {example.name}; read it through.", *proposal, ""])
    ends = ("# [survey]\n", "# [survey.issues]") if is_survey else ("# [force_export]\n", "# [force_export.categories]")
    begin, end = map(text.index, ends)
    said = f"Columns: {mapped} of {example.name} are mapped; {unsure} lines are marked unsure or not found."
    return text[:begin] + block + text[end:], [said]
