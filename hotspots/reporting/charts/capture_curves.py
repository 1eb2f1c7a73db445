"""What so many areas caught, as curves: this method between plain ways to choose and the best possible."""

from html import escape

import pandas as pd

from hotspots import categories
from hotspots.reporting import accuracy_sentences

_WIDTH, _HEIGHT = 560, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 176, 12, 40
# Lines are told apart by their dashes as well as by their names.
_DASHES = {
    accuracy_sentences.OURS: "",
    accuracy_sentences.DECIDED: "10 3",
    accuracy_sentences.BEST: "2 3",
    accuracy_sentences.HISTORY: "8 4",
    "last year on squares": "6 2 2 2",
    "kernel density": "4 4",
    "random": "1 5",
}
_GAP = 13.0


def draw_curves(pooled: pd.DataFrame, family: str) -> str:
    """One family's share of incidents caught, by number of areas, as SVG to stand inside a page.

    Parameters
    ----------
    pooled
        `family`, `method`, `k`, `hits` and `total`.
    family
        `asb` or `burglary`.
    """
    rows = pooled[pooled["family"] == family]
    label, identity = categories.FAMILY_LABELS[family], f"curves-{escape(family)}"
    if rows.empty or not rows["total"].max():
        return f'<figure class="chart"><figcaption>{escape(label)}: nothing to score.</figcaption></figure>'
    share = rows.assign(share=rows["hits"] / rows["total"]).pivot_table(index="k", columns="method", values="share")
    top = _round_top(float(share.to_numpy().max()))
    last = int(share.index.max())
    lines = "".join(_line(str(name), share[name].dropna(), last, top) for name in share.columns)
    return (
        f'<figure class="chart"><figcaption>{escape(label)}: share of what came that the first areas held</figcaption>'
        f'<svg class="curves" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-labelledby="{identity}-title {identity}-desc">'
        f'<title id="{identity}-title">{escape(label)}: share caught, by number of areas</title>'
        f'<desc id="{identity}-desc">{escape(_said(label, share))}</desc>'
        f"{_scale(last, top)}{lines}{_names(share, top)}</svg></figure>"
    )


def _line(name: str, share: pd.Series, last: int, top: float) -> str:
    """One way to choose, from no area on."""
    points = [(0.0, 0.0), *((float(k), float(value)) for k, value in share.items())]
    path = " ".join(f"{_x(k, last):.1f},{_y(value, top):.1f}" for k, value in points)
    width = 3 if name == accuracy_sentences.OURS else 1.6
    dash = f' stroke-dasharray="{_DASHES[name]}"' if _DASHES.get(name) else ""
    return f'<polyline points="{path}" fill="none" stroke="#1a1d21" stroke-width="{width}"{dash}/>'


def _names(share: pd.DataFrame, top: float) -> str:
    """Each line's name at its end, moved apart where lines end together."""
    ends = sorted((_y(float(share[name].dropna().iloc[-1]), top), str(name)) for name in share.columns)
    placed: list[tuple[float, str]] = []
    for y, name in ends:
        placed.append((max(y + 4, placed[-1][0] + _GAP) if placed else y + 4, name))
    below = max(placed[-1][0] - (_HEIGHT - _BOTTOM + 2), 0.0)
    return "".join(_name(name, y - below) for y, name in placed)


def _name(name: str, y: float) -> str:
    """One line's name; our own stands out."""
    weight = ' font-weight="700"' if name == accuracy_sentences.OURS else ""
    return f'<text x="{_WIDTH - _RIGHT + 6}" y="{y:.1f}"{weight}>{escape(accuracy_sentences.METHOD_SHORT[name])}</text>'


def _scale(last: int, top: float) -> str:
    """Lines of the shares, and numbers of areas under them."""
    parts = []
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d5dade"/>')
        text = f"{100 * value:.1f}".removesuffix(".0")
        parts.append(f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{text} %</text>')
    for k in range(0, last + 1, 10 if last > 10 else 1):
        parts.append(f'<text x="{_x(k, last):.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{k}</text>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text x="{middle:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">areas, from the top of the list</text>'
    )
    return "".join(parts)


def _x(k: float, last: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * k / last


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * value / top


def _round_top(highest: float) -> float:
    """The smallest of 2 %, 4 %, 10 %, 20 %, 40 %, 60 %, 80 % and 100 % that holds the highest line."""
    return next((top for top in (0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8) if highest <= top), 1.0)


def _said(label: str, share: pd.DataFrame) -> str:
    """The curves in a sentence, for those who do not see them."""
    ends = share.ffill().iloc[-1].sort_values(ascending=False, kind="stable")
    told = "; ".join(
        f"{accuracy_sentences.METHOD_WORDS[str(name)]} {100 * value:.1f} %" for name, value in ends.items()
    )
    return f"{label}, {int(share.index.max())} areas: {told}."
