"""What a reader who knows the rules can derive from published figures: bounds of any sum of counts.

The reader knows only what is shown: an interval for each figure, that counts are whole and not negative, and that in a
group with two cells withheld one of them may have been withheld for the other's sake, being the smallest of the rest.
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
        for cell, figure in figures.items():
            assert figure >= 5 and figure % 5 == 0
            self.learn(cell, max(5, figure - 2), figure + 2)
        hidden = [cell for cell in shown if cell not in figures]
        if len(hidden) == 2:
            most = min([max(figure + 2, 4) for figure in figures.values()], default=MANY)
            one, other = (self.learn(cell, 0, most) for cell in hidden)
            which = self.learn(("which of", *hidden), 0, 1)
            self.rules.append(({one: 1, which: -MANY}, -np.inf, 4))
            self.rules.append(({other: 1, which: MANY}, -np.inf, 4 + MANY))
        else:
            for cell in hidden:
                self.learn(cell, 0, 4)

    def bounds(self, parts: Mapping[object, float]) -> tuple[int, int]:
        """Least and most that a sum of cells can be, given all that was learnt."""
        goal = np.zeros(len(self.low))
        for cell, weight in parts.items():
            goal[self.cells[cell]] += weight
        found = []
        for sign in (1, -1):
            done = milp(
                sign * goal, integrality=np.ones(len(goal)), bounds=Bounds(self.low, self.high), **self._rules()
            )
            assert done.success, done.message
            found.append(round(sign * done.fun))
        return found[0], found[1]

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
