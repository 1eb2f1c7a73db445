"""The README's tables, made from the code that they describe: `python docs/readme_tables.py` rewrites them.

A test compares the README with what stands here, so neither can drift from the other.
"""

import dataclasses
import inspect
import re
import typing
from pathlib import Path

from hotspots import categories, tables
from pipelines.settings import ForceSettings, Settings

MARK = re.compile(r"(<!-- begin (?P<name>[a-z-]+) -->\n).*?(<!-- end (?P=name) -->)", re.DOTALL)


def data_dictionary() -> str:
    """Every table with its columns."""
    parts = []
    for table in tables.TABLES.values():
        rows = [
            f"| `{name}` | {column.kind}{', may be empty' if column.nullable else ''} | {_cell(column.description)} |"
            for name, column in table.columns.items()
        ]
        rows += [f"| `{prefix}*` | | More of this kind. |" for prefix in table.prefixes]
        rows += [f"| `geometry` | {' or '.join(table.geometry)} | Metres, EPSG:27700. |"] if table.geometry else []
        head = f"**{table.name}**: {table.description} Key: {', '.join(f'`{name}`' for name in table.key)}."
        parts.append("\n".join([head, "", "| column | type | what |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts)


def settings_table() -> str:
    """Every setting with its default and what its docstring says."""
    rows = ["| setting | default | what |", "| --- | --- | --- |"]
    defaults = Settings(force=ForceSettings(slug="example", name="Example"))
    rows += [f"| `{name}` | {_cell(default)} | {_cell(says)} |" for name, default, says in _leaves(defaults, "")]
    return "\n".join(rows)


def issues_table() -> str:
    """Every issue code with its label and owner."""
    rows = ["| code | label | group | owner | note |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| `{row['code']}` | {row['label']} | {row['group']} | {row['owner'] or 'police'} | {row['note']} |"
        for row in categories.ISSUE_ROWS
    ]
    return "\n".join(rows)


def renew(text: str) -> str:
    """The text with every marked table made anew."""
    made = {"data-dictionary": data_dictionary, "settings": settings_table, "issues": issues_table}
    return MARK.sub(lambda match: f"{match[1]}{made[match['name']]()}\n{match[3]}", text)


def _leaves(section: typing.Any, where: str) -> list[tuple[str, str, str]]:
    """Each setting's dotted name, its default, and what it is."""
    found = []
    says = attributes_of(section)
    for entry in dataclasses.fields(section):
        name, value = f"{where}{entry.name}", getattr(section, entry.name)
        if dataclasses.is_dataclass(value):
            found += _leaves(value, f"{name}.")
        else:
            found.append((name, _in_words(name, value), says[entry.name]))
    return found


def attributes_of(section: typing.Any) -> dict[str, str]:
    """What the docstring of a dataclass says of each attribute."""
    text = inspect.cleandoc(section.__doc__ or "").partition("Attributes\n----------\n")[2]
    said: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", text):
        names, _, meaning = block.partition("\n")
        said |= {name.strip(): " ".join(meaning.split()) for name in names.split(",")}
    return said


def _in_words(name: str, value: object) -> str:
    """A default as a reader would write it."""
    if name in ("force.slug", "force.name"):
        return "must be given"
    if value is None:
        return "chosen"
    if value in ((), {}, ""):
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    readme = Path("README.md")
    readme.write_text(renew(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
