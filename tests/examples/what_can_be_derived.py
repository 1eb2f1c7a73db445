"""What a reader who knows the rules can derive from published figures: bounds of any sum of counts.

The reader knows only what is shown: an interval for each figure, that counts are whole and not negative, and that in a
group with cells withheld one at least is below 5, the others at most 5, or, of two, the smallest of the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

MANY = 10_000


@dataclass
class Reader:
    """Counts that nobody published, and what is known of them."""

    cells: dict[object, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rules: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def learn(self, cell: object, low: float = 0, high: float = MANY) -> int:
        """A cell lies between two numbers."""
        if cell not in self.cells:
            self.cells[cell] = len(self.low)
            self.low.append(0)
            self.high.append(MANY)
        at = self.cells[cell]
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)
        return at

    def learn_sum(self, parts: Mapping[object, float], low: float, high: float) -> None:
        """A sum of cells lies between two numbers."""
        self.rules.append(({self.learn(cell): weight for cell, weight in parts.items()}, low, high))

    def read_group(self, shown: Mapping[object, str]) -> None:
        """A group of cells as published: figures, or "withheld"."""
        figures = {cell: int(text.replace(",", "")) for cell, text in shown.items() if text != "withheld"}
        hidden = [cell for cell in shown if cell not in figures]
        for cell, figure in figures.items():
            assert figure >= 5 and figure % 5 == 0
            self.learn(cell, max(6 if hidden else 5, figure - 2), figure + 2)
        if len(hidden) == 1:
            self.learn(hidden[0], 0, 4)
            return
        most = 5 if len(hidden) > 2 else min([max(figure + 2, 5) for figure in figures.values()], default=MANY)
        small = {cell: self.learn(("is small", cell), 0, 1) for cell in hidden}
        for cell, is_small in small.items():
            self.rules.append(({self.learn(cell, 0, most): 1, is_small: MANY}, -np.inf, 4 + MANY))
        if small:
            self.rules.append((dict.fromkeys(small.values(), 1.0), 1, np.inf))

    def bounds(self, parts: Mapping[object, float]) -> tuple[int, int]:
        """Least and most that a sum of cells can be, given all that was learnt."""
        return self._end(parts, 1), self._end(parts, -1)

    def knows_few(self, parts: Mapping[object, float]) -> bool:
        """Whether a sum of cells is known to be 1 to 4; the most is asked only where the least leaves it open."""
        least = self._end(parts, 1)
        return 1 <= least <= 4 and is_given_away((least, self._end(parts, -1)))

    def _end(self, parts: Mapping[object, float], sign: int) -> int:
        goal = np.zeros(len(self.low))
        for cell, weight in parts.items():
            goal[self.cells[cell]] += sign * weight
        done = milp(goal, integrality=np.ones(len(goal)), bounds=Bounds(self.low, self.high), **self._rules())
        assert done.success, done.message
        return round(sign * done.fun)

    def _rules(self) -> dict[str, LinearConstraint]:
        if not self.rules:
            return {}
        rows = [row for row, (parts, _, _) in enumerate(self.rules) for _ in parts]
        columns = [at for parts, _, _ in self.rules for at in parts]
        weights = [weight for parts, _, _ in self.rules for weight in parts.values()]
        matrix = csr_matrix((weights, (rows, columns)), shape=(len(self.rules), len(self.low)))
        low, high = zip(*((low, high) for _, low, high in self.rules), strict=True)
        return {"constraints": LinearConstraint(matrix, low, high)}


def is_given_away(bounds: tuple[int, int]) -> bool:
    """Whether a number is known to be 1, 2, 3 or 4, or one of them."""
    return bounds[0] >= 1 and bounds[1] <= 4
