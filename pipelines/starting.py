"""Beginnings: the demo town's raw files, and a new force's settings and folders."""

from collections.abc import Iterable
from pathlib import Path

from hotspots.errors import ParameterError
from hotspots.sources import police_uk
from pipelines import inputs
from pipelines.settings import TEMPLATE, Settings, named_forces


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
    files = [inputs.recognise(path, settings) for path in inputs.walk(raw)]
    if not any(file.kind == "street" and file.force == slug for file in files):
        known = ", ".join(named_forces())
        raise ParameterError(
            f"'{slug}' has neither a settings file nor a file of its own in the raw folders. "
            f"Settings come with: {known}; 'hotspots init {slug}' starts new ones."
        )


def start_force(name: str, folder: Path) -> list[str]:
    """A commented settings file `<slug>.toml` and the raw folder of a new force; says what to do next.

    Raises
    ------
    ParameterError
        The name gives no slug, or the file is there already.
    """
    slug = police_uk.slug_of(name)
    if not slug:
        raise ParameterError(f"'{name}' has no letters to make a name for files of; use one like 'wiltshire'.")
    path = folder / f"{slug}.toml"
    if path.exists():
        raise ParameterError(f"'{path}' is there already; change it, or remove it first.")
    text = TEMPLATE.read_text(encoding="utf-8")
    path.write_text(text.replace("{slug}", slug).replace("{name}", name.replace('"', "'")), encoding="utf-8")
    raw = folder / "data" / "raw" / slug
    raw.mkdir(parents=True, exist_ok=True)
    return [
        f"Settings: {path}. Read it through; every line says what it is for.",
        f"Put files into {raw}: data.police.uk street files or the force's own export, a survey, the outline.",
        f"Then: hotspots check {raw} --force {path}",
        f"and:  hotspots weekly --force {path} --direct",
    ]

