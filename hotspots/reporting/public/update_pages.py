"""The updates as files: a page and a short text for each team and parish."""

from pathlib import Path

from hotspots.reporting import formatting
from hotspots.reporting.public import disclosure
from hotspots.reporting.public.you_said_we_did import Update
from hotspots.reporting.web_map import map_page


def write_updates(updates: list[Update], folder: Path, force_name: str) -> list[Path]:
    """A page and a short text for each update, in a folder that exists."""
    written = []
    names = formatting.file_names(update.name for update in updates)
    template = map_page.pages().get_template("update.html")
    for update, name in zip(updates, names, strict=True):
        page, text = folder / f"{name}.html", folder / f"{name}.txt"
        compared = any(line["before"] != disclosure.WITHHELD for line in update.issues)
        told = template.render(update=update, compared=compared, force_name=force_name, least=disclosure.LEAST)
        page.write_text(told, encoding="utf-8", newline="\n")
        text.write_text(update.message + "\n", encoding="utf-8", newline="\n")
        written += [page, text]
    return written
