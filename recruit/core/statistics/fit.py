"""Cells and interviewers fitted to the scores: severities, adjusted cells and what is left."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from recruit.core.statistics.ratings import incidence

if TYPE_CHECKING:
    from recruit.core.arrays import Codes, Floats
    from recruit.core.statistics.ratings import Ratings


class Fit:
    """Least squares on ``x = β_pc + s_i + e``, severities summing to 0 in each component.

    ``ratings`` are averaged. ``cell_candidate`` and ``cell_competency`` place the cells, ``cell``
    each score; ``mean`` and ``adjusted`` are by cell, ``severity`` by interviewer (positive =
    generous). ``component`` numbers the part of the graph of cells and interviewers that a cell
    is in. ``inverse`` is the covariance of the severities per unit of residual variance.
    """

    def __init__(self, ratings: Ratings) -> None:
        self.ratings = ratings
        width = len(ratings.weights)
        keys, self.cell = np.unique(
            ratings.candidate * width + ratings.competency, return_inverse=True
        )
        self.cell_candidate: Codes
        self.cell_competency: Codes
        self.cell_candidate, self.cell_competency = np.divmod(keys, width)
        self.cells, self.interviewers = len(keys), ratings.interviewers
        self.count: Floats = np.bincount(self.cell).astype(float)
        self.mean: Floats = np.bincount(self.cell, weights=ratings.score) / self.count
        met = incidence(self.cell, ratings.interviewer, (self.cells, self.interviewers))
        self.share = sparse.csr_array(sparse.diags_array(1 / self.count) @ met)
        """The part that each interviewer has of each cell's mean."""
        self._by_competency()
        graph = sparse.block_array([[None, met], [met.T, None]])
        self.components, label = connected_components(graph, directed=False)
        self.component, self.interviewer_component = label[: self.cells], label[self.cells :]
        self.inverse = self._inverse(met)
        centred = ratings.score - self.mean[self.cell]
        right = np.bincount(ratings.interviewer, weights=centred, minlength=self.interviewers)
        self.severity: Floats = self.inverse @ right
        panel = self.share @ self.severity
        self.residual: Floats = centred - self.severity[ratings.interviewer] + panel[self.cell]
        self.adjusted: Floats = self.mean - (panel - (self.spread @ panel)[self.cell_competency])
        self.df = len(ratings.score) - self.cells - self.interviewers + int(self.components)

    def _by_competency(self) -> None:
        width = len(self.ratings.weights)
        self.of_competency = incidence(
            np.arange(self.cells), self.cell_competency, (self.cells, width)
        )
        candidates = np.maximum(np.bincount(self.cell_competency, minlength=width), 1)
        self.spread = sparse.csr_array(sparse.diags_array(1 / candidates) @ self.of_competency.T)
        """The mean over a competency's cells."""

    def _inverse(self, met: sparse.csr_array) -> Floats:
        ratings = self.ratings
        rated = np.bincount(ratings.interviewer, minlength=self.interviewers).astype(float)
        left = np.diag(rated) - (met.T @ self.share).toarray()
        part = self.interviewer_component
        joint = (part[:, None] == part) / np.bincount(part)[part]
        inverse = np.linalg.inv(left + joint) - joint
        return np.asarray((inverse + inverse.T) / 2)

    @cached_property
    def panel(self) -> Floats:
        """Return the mean share of each interviewer in a competency's cells (C × K)."""
        return np.asarray((self.spread @ self.share).toarray())

    @cached_property
    def pair(self) -> Codes:
        """Return the number of the candidate and interviewer of each score."""
        key = self.ratings.candidate * self.interviewers + self.ratings.interviewer
        place: Codes = np.unique(key, return_inverse=True)[1]
        return place

    @cached_property
    def pairs(self) -> int:
        """Return how many candidates and interviewers have met."""
        return int(self.pair.max()) + 1

    @cached_property
    def pair_share(self) -> sparse.csr_array:
        """Return the part that each pair has of each cell's mean (cells × pairs)."""
        there = incidence(self.cell, self.pair, (self.cells, self.pairs))
        return sparse.csr_array(sparse.diags_array(1 / self.count) @ there)

    @cached_property
    def within(self) -> sparse.csr_array:
        """Return the pairs seen by the interviewers, cells cleared (K × pairs)."""
        rated = incidence(self.ratings.interviewer, self.pair, (self.interviewers, self.pairs))
        there = incidence(self.cell, self.pair, (self.cells, self.pairs))
        return sparse.csr_array(rated - self.share.T @ there)

    @cached_property
    def severity_squares(self) -> Floats:
        """Return the severities' covariance that comes from pairs, per unit (K × K)."""
        square = (self.within @ self.within.T).toarray()
        return np.asarray(self.inverse @ square @ self.inverse)
