"""Totals: the weighted sums of the adjusted cells, with predictions where a cell is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from recruit.core.statistics.ratings import incidence
from recruit.core.statistics.squares import Form

if TYPE_CHECKING:
    from recruit.core.arrays import Floats
    from recruit.core.statistics.fit import Fit

SAME = 9
"""Decimals to which the coefficients of two totals agree when nothing but rounding parts them."""


class Totals:
    """Each candidate's total as a linear form of the adjusted cells.

    ``forms`` (candidates × cells) holds the coefficients, ``predicted`` the part of them that
    stands for missing cells. ``assessed`` is the share of the weight that was assessed, ``group``
    numbers the candidates who can be compared.
    """

    def __init__(self, fit: Fit) -> None:
        self._fit = fit
        ratings = fit.ratings
        people, width = ratings.candidates, len(ratings.weights)
        there = incidence(fit.cell_candidate, fit.cell_competency, (people, width)).toarray()
        has = there * (ratings.weights > 0)
        missing = (1 - has) * ratings.weights
        self.assessed: Floats = has @ ratings.weights
        self.missing_squares: Floats = np.sum(missing**2, axis=1)
        own = ratings.weights[fit.cell_competency]
        cells = np.arange(fit.cells)
        self.plain = sparse.csr_array(
            (own, (fit.cell_candidate, cells)), shape=(people, fit.cells)
        ).toarray()
        self.predicted = self._prediction(has, missing)
        self.forms: Floats = self.plain + self.predicted
        self.values: Floats = self.forms @ fit.adjusted
        graph = sparse.block_array([[None, has], [has.T, None]])
        self.parts, part = connected_components(graph, directed=False)
        by_component = self.forms @ incidence(
            cells, fit.component, (fit.cells, int(fit.components))
        )
        alike = np.column_stack((part[:people], np.round(by_component, SAME)))
        self.group = np.unique(alike, axis=0, return_inverse=True)[1]

    def _prediction(self, has: Floats, missing: Floats) -> Floats:
        """Return the forms of the missing cells: least squares on candidate and competency."""
        fit = self._fit
        weighed = np.flatnonzero(has[fit.cell_candidate, fit.cell_competency])
        people, width = has.shape
        each = np.maximum(has.sum(1), 1)
        own = np.zeros((people, fit.cells))
        own[fit.cell_candidate[weighed], weighed] = 1 / each[fit.cell_candidate[weighed]]
        if not missing.any():
            return np.zeros_like(own)
        normal = np.diag(has.sum(0)) - has.T @ (has / each[:, None])
        right = np.zeros((width, fit.cells))
        right[fit.cell_competency[weighed], weighed] = 1
        competency = np.linalg.pinv(normal, hermitian=True) @ (right - has.T @ own)
        weight = missing.sum(1, keepdims=True)
        return np.asarray((missing - weight * has / each[:, None]) @ competency + weight * own)

    def form(self, of: Floats) -> Form:
        """Return the sums of squares of linear forms of the totals, one a row of ``of``."""
        fit, cells = self._fit, of @ self.forms
        panel = cells @ fit.share - (cells @ fit.of_competency) @ fit.panel
        shift = panel @ fit.inverse
        pairs = cells @ fit.pair_share - shift @ fit.within
        return Form(
            np.asarray(np.sum(cells**2 / fit.count, axis=1) + np.sum(shift * panel, axis=1)),
            np.asarray(np.sum(pairs**2, axis=1)),
            np.asarray(np.sum(cells**2, axis=1)),
        )
