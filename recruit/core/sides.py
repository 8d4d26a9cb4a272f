"""A two-way table seen from its larger side, which is eliminated, and its smaller one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from recruit.core.arrays import Codes, Crossed, Floats

DENSE_FROM = 0.1
"""Share of the possible pairs that exist from which a full matrix is faster than a sparse one."""


class Sides:
    """Candidates and interviewers as the larger and the smaller side.

    Eliminating the larger side leaves one equation for each on the smaller, so only a matrix of the
    smaller side's size is ever full. ``swapped`` when the interviewers are the larger side.
    ``larger`` and ``smaller`` place each number of the table on its side, ``count`` and
    ``smaller_count`` are the numbers that each has.
    """

    def __init__(self, data: Crossed) -> None:
        self.swapped = len(data.interviewers) > len(data.candidates)
        self.larger: Codes = data.column if self.swapped else data.row
        self.smaller: Codes = data.row if self.swapped else data.column
        self.count: Floats = np.bincount(self.larger).astype(float)
        self.smaller_count: Floats = np.bincount(self.smaller).astype(float)
        incidence = sparse.csr_array((np.ones(len(data.y)), (self.larger, self.smaller)))
        dense = len(data.y) > DENSE_FROM * len(self.count) * len(self.smaller_count)
        self.incidence = incidence.toarray() if dense else incidence
        """1 where one on the larger side and one on the smaller have met, else 0."""

    def scaled(self, weights: Floats) -> Any:
        """Return the incidence with each row of the larger side multiplied by its weight."""
        if isinstance(self.incidence, np.ndarray):
            return weights[:, None] * self.incidence
        return sparse.diags_array(weights) @ self.incidence

    def crossproduct(self, weights: Floats) -> Floats:
        """Return the smaller side's weighted cross-products, as a full matrix."""
        found = self.incidence.T @ self.scaled(weights)
        return found if isinstance(found, np.ndarray) else found.toarray()
