"""A small line of months, to stand in a row of text: the latest months are heavier, months without data are gaps."""

from collections.abc import Sequence

_WIDTH, _HEIGHT, _MARGIN = 78, 22, 3


def draw_sparkline(months: Sequence[int | None], latest_months: int) -> str:
    """Return the line as SVG, from zero to the highest month.

    The text beside it has to say what it shows: screen readers skip it.

    Parameters
    ----------
    months
        Incidents of each month, the first month first; None for a month without data.
    latest_months
        Number of months with data at the end that are drawn heavier.

    Examples
    --------
    >>> draw_sparkline([2, None, 4], 1).count("<path")
    2
    """
    top = max((count for count in months if count is not None), default=0) or 1
    step = (_WIDTH - 2 * _MARGIN) / max(len(months) - 1, 1)
    at = {
        n: f"{_MARGIN + n * step:.0f} {_HEIGHT - _MARGIN - (_HEIGHT - 2 * _MARGIN) * count / top:.0f}"
        for n, count in enumerate(months)
        if count is not None
    }
    latest = list(at)[-latest_months:] if latest_months else []
    start = [n for n in at if n < latest[0]][-1:] if latest else []
    drawn = _path(at, [n for n in at if n not in latest], "") + _path(at, start + latest, ' class="latest"')
    last = at[list(at)[-1]].split() if at else None
    dot = f'<circle cx="{last[0]}" cy="{last[1]}" r="2.4"/>' if last else ""
    return (
        f'<svg class="spark" aria-hidden="true" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}">'
        f"{drawn}{dot}</svg>"
    )


def _path(at: dict[int, str], months: list[int], style: str) -> str:
    """Return a line through some months, broken where a month is missing; a month on its own is a short stroke."""
    steps = ""
    for n in months:
        is_joined = n - 1 in months
        alone = not is_joined and n + 1 not in months
        steps += f"{'L' if is_joined else 'M'}{at[n]}{'h1' if alone else ''}"
    return f'<path{style} d="{steps}"/>' if steps else ""
