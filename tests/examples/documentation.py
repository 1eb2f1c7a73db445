"""The pages people read, taken apart: fenced blocks, inline code, links and headings."""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCED = re.compile(r"^( *)```(?P<language>\S*)\n(?P<text>.*?)^\1```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(<?([^)>\s]+)>?\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block, and the line of text before it."""

    page: Path
    language: str
    text: str
    lead: str

    @property
    def file(self) -> tuple[str, str]:
        """Return the file that the line before the block asks to fill, and how it is opened; empty where none."""
        added = re.search(r"Add to `([^`]+)`:$", self.lead)
        saved = re.search(r"Save this as `([^`]+)`:$", self.lead)
        found = added or saved
        return (found[1], "a" if added else "w") if found else ("", "")


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, found["language"], textwrap.dedent(found["text"]), text[: found.start()].rstrip().split("\n")[-1])
        for found in _FENCED.finditer(text)
    ]


def inline_code(page: Path) -> list[str]:
    """Return what stands in single backticks on a page, table cells' escapes undone."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return [code.replace("\\|", "|") for code in _INLINE.findall(text)]


def links(page: Path) -> list[str]:
    """Return the targets of the links and images of a page."""
    return _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and Sphinx make them."""
    headings = _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
