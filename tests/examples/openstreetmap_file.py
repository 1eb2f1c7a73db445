"""Made-up OpenStreetMap extracts, written as PBF: blocks of Protocol Buffers, coded by hand.

Format: https://wiki.openstreetmap.org/wiki/PBF_Format.
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

Tags = dict[str, str]


@dataclass
class Extract:
    """Nodes and ways of an extract; nodes are numbered from 1 and given in degrees, longitude first."""

    nodes: list[tuple[float, float, Tags]] = field(default_factory=list)
    ways: list[tuple[list[int], Tags]] = field(default_factory=list)

    def node(self, longitude: float, latitude: float, **tags: str) -> int:
        self.nodes.append((longitude, latitude, tags))
        return len(self.nodes)

    def way(self, nodes: Iterable[int], **tags: str) -> None:
        self.ways.append((list(nodes), tags))

    def write_pbf(self, path: Path) -> Path:
        header = _bytes(4, b"OsmSchema-V0.6")
        blocks = [_block(b"OSMHeader", header)]
        # The format limits a block to 8,000 features.
        for first in range(0, len(self.nodes), 8000):
            texts = _Texts()
            nodes = [
                _bytes(1, _node(first + n, node, texts)) for n, node in enumerate(self.nodes[first : first + 8000], 1)
            ]
            blocks.append(_block(b"OSMData", texts.table() + _bytes(2, b"".join(nodes))))
        for first in range(0, len(self.ways), 8000):
            texts = _Texts()
            ways = [_bytes(3, _way(first + n, way, texts)) for n, way in enumerate(self.ways[first : first + 8000], 1)]
            blocks.append(_block(b"OSMData", texts.table() + _bytes(2, b"".join(ways))))
        path.write_bytes(b"".join(blocks))
        return path


class _Texts:
    """The texts of a block by number; the first is empty."""

    def __init__(self) -> None:
        self.numbers = {"": 0}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))

    def table(self) -> bytes:
        return _bytes(1, b"".join(_bytes(1, text.encode()) for text in self.numbers))


def _node(number: int, node: tuple[float, float, Tags], texts: _Texts) -> bytes:
    longitude, latitude, tags = node
    place = _varint(8 << 3) + _varint(_zigzag(round(latitude * 1e7)))
    place += _varint(9 << 3) + _varint(_zigzag(round(longitude * 1e7)))
    return _varint(1 << 3) + _varint(_zigzag(number)) + _tags(tags, texts) + place


def _way(number: int, way: tuple[list[int], Tags], texts: _Texts) -> bytes:
    nodes, tags = way
    steps = [node - before for node, before in zip(nodes, [0, *nodes], strict=False)]
    return _varint(1 << 3) + _varint(number) + _tags(tags, texts) + _packed(8, [_zigzag(step) for step in steps])


def _tags(tags: Tags, texts: _Texts) -> bytes:
    return _packed(2, [texts.number(key) for key in tags]) + _packed(3, [texts.number(tags[key]) for key in tags])


def _block(kind: bytes, content: bytes) -> bytes:
    blob = _varint(2 << 3) + _varint(len(content)) + _bytes(3, zlib.compress(content))
    header = _bytes(1, kind) + _varint(3 << 3) + _varint(len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _bytes(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _packed(number: int, values: list[int]) -> bytes:
    return _bytes(number, b"".join(map(_varint, values))) if values else b""


def _zigzag(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
