"""A 0/1 program that is solved in steps, each optimum a row of the next; HiGHS solves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Terms = Mapping[int, float]

MOST_BITS = 16
"""Columns that one objective can put in order: beyond 2**16 the solver's tolerance of 1e-6 per
column would come near a whole unit."""

INFEASIBLE = 2


class Program:
    """Columns of whole numbers between bounds, and rows of terms with whole coefficients."""

    def __init__(self) -> None:
        self._low: list[float] = []
        self._high: list[float] = []
        self._rows: list[tuple[Terms, float, float]] = []

    def column(self, low: float = 0, high: float = 1) -> int:
        """Add a column and return its number."""
        self._low.append(low)
        self._high.append(high)
        return len(self._low) - 1

    def bound(self, column: int, low: float, high: float) -> None:
        """Give a column other bounds."""
        self._low[column], self._high[column] = low, high

    def row(self, terms: Terms, low: float = -np.inf, high: float = np.inf) -> None:
        """Hold a sum of columns between two numbers."""
        self._rows.append((terms, low, high))

    def minimise(self, cost: Terms) -> np.ndarray | None:
        """Return a cheapest solution, or None when there is none at all."""
        costs = np.zeros(len(self._low))
        for column, value in cost.items():
            costs[column] = value
        places = [(n, c, v) for n, (terms, _, _) in enumerate(self._rows) for c, v in terms.items()]
        rows, columns, values = zip(*places, strict=True)
        shape = (len(self._rows), len(self._low))
        result = milp(
            costs,
            constraints=LinearConstraint(
                csr_array((values, (rows, columns)), shape=shape),
                [low for _, low, _ in self._rows],
                [high for _, _, high in self._rows],
            ),
            integrality=np.ones(len(self._low)),
            bounds=Bounds(np.array(self._low), np.array(self._high)),
            options={"mip_rel_gap": 0},
        )
        if result.status == INFEASIBLE:
            return None
        if not result.success:
            raise RuntimeError(result.message)
        solution: np.ndarray = np.rint(result.x)
        return solution

    def settle(self, cost: Terms) -> bool:
        """Keep to the cheapest solutions from here on; tell whether there are any."""
        solution = self.minimise(cost)
        if solution is None:
            return False
        least = sum(value * solution[column] for column, value in cost.items())
        # Whole numbers: half a unit is room for the solver, not for another solution. That nothing
        # is cheaper is known, and said all the same, for it helps the next step along.
        self.row(cost, least - 0.5, least + 0.5)
        return True

    def settle_first(self, columns: Sequence[int]) -> np.ndarray | None:
        """Fix 0/1 columns to the lexicographically largest values that a solution can have.

        Return a solution with these values, which are unique, or None when there is none.
        """
        solution = None
        for start in range(0, len(columns), MOST_BITS):
            block = columns[start : start + MOST_BITS]
            solution = self.minimise(
                {column: -(2.0 ** (len(block) - 1 - n)) for n, column in enumerate(block)}
            )
            if solution is None:
                return None
            for column in block:
                self.bound(column, solution[column], solution[column])
        return solution
