"""Intraclass correlations and alpha: published figures, other packages, and dense likelihoods."""

from __future__ import annotations

import random
import statistics

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as matrices
from scipy import optimize

from recruit.core import agreement, arrays, comparison, scores
from recruit.core.arrays import long_scores
from recruit.core.ratings import Scale
from recruit.core.reasons import Reason
from recruit.core.reliability import intraclass
from recruit.core.variance import variance_components
from tests.core.tables import crossed, published, random_crossed, table

NAN = np.nan
TYPES = {
    "icc1": "ICC(1,1)",
    "icc_a1": "ICC(A,1)",
    "icc_c1": "ICC(C,1)",
    "icc1_k": "ICC(1,k)",
    "icc_ak": "ICC(A,k)",
    "icc_ck": "ICC(C,k)",
}


@pytest.fixture(scope="module", autouse=True)
def unrounded():
    """Pingouin rounds intervals to two decimals unless told not to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(pingouin.options, "round.column.CI95", None)
        yield


def coefficients(data, *, complete=True):
    return intraclass(data, scores.fit(data), complete=complete)


def agreement_in(data, *, complete=True, composite=False):
    return agreement.of_table(data, scores.fit(data), complete=complete, composite=composite)


def test_shrout_and_fleiss():
    found = comparison.build(published("shrout-fleiss-1979.csv", Scale(1, 10))).agreement
    quality = found.competencies["quality"]
    assert quality.method == "anova"
    assert quality.k == 4
    assert vars(quality) | {"alpha_ordinal": None} == vars(found.overall)
    expected = {
        "icc1": 0.1657418,
        "icc_a1": 0.2897638,
        "icc_c1": 0.7148407,
        "icc1_k": 0.4427971,
        "icc_ak": 0.6200505,
        "icc_ck": 0.9093155,
    }
    assert {name: getattr(quality, name) for name in expected} == pytest.approx(expected, abs=5e-8)
    assert quality.ci95["icc_a1"] == pytest.approx((0.01878651, 0.7610844), abs=5e-8)
    assert quality.alpha_interval == pytest.approx(0.1473079, abs=5e-8)
    assert quality.alpha_ordinal == pytest.approx(0.1090594, abs=5e-8)
    assert quality.reason is None


def test_krippendorffs_example():
    found = comparison.build(published("krippendorff-example.csv", Scale(1, 5))).agreement
    coding = found.competencies["coding"]
    assert coding.alpha_ordinal == pytest.approx(0.8153875, abs=5e-8)
    assert coding.alpha_interval == pytest.approx(0.8491071, abs=5e-8)
    assert coding.method == "reml"
    assert coding.k == pytest.approx(12 / (2 / 3 + 8 / 4 + 1 / 2 + 1 / 1))


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # pingouin's own
@settings(max_examples=60)
@given(
    st.tuples(st.integers(2, 7), st.integers(2, 5)).flatmap(
        lambda size: matrices(float, size, elements=st.integers(0, 9).map(float))
    )
)
def test_complete_tables_agree_with_pingouin(matrix):
    found = coefficients(crossed(matrix))
    if np.ptp(matrix) == 0:
        assert found.reason == Reason.NO_VARIATION
        return
    # Pingouin takes no fewer.
    assume(matrix.size >= 5)
    long = pd.DataFrame(
        [(p, i, value) for (p, i), value in np.ndenumerate(matrix)], columns=["p", "i", "x"]
    )
    with np.errstate(all="ignore"):
        theirs = pingouin.intraclass_corr(long, "p", "i", "x").set_index("Type")
    for name, kind in TYPES.items():
        value, ours = theirs.loc[kind, "ICC"], getattr(found, name)
        if ours is None:
            # A sum that should be 0 is there divided by, as far as rounding leaves it one.
            assert not abs(value) < 1e6
            assert found.reason == Reason.CANDIDATES_EQUAL
            continue
        assert ours == pytest.approx(value, rel=1e-9, abs=1e-9)
        interval = theirs.loc[kind, "CI95"]
        # Where a sum that should be 0 is divided by, the end of an interval is rounding alone.
        if np.all(np.abs(interval) < 1e6) and name in found.ci95:
            assert found.ci95[name] == pytest.approx(interval, rel=1e-9, abs=1e-9)


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # pingouin's own
@pytest.mark.parametrize("seed", range(5))
def test_every_interval_agrees_with_pingouin(seed):
    data = random_crossed(seed, 8, 4)
    found = coefficients(data)
    long = pd.DataFrame({"p": data.row, "i": data.column, "x": data.y})
    theirs = pingouin.intraclass_corr(long, "p", "i", "x").set_index("Type")
    assert found.ci95.keys() == TYPES.keys()
    for name, kind in TYPES.items():
        assert found.ci95[name] == pytest.approx(theirs.loc[kind, "CI95"], rel=1e-9, abs=1e-9)


@settings(max_examples=80)
@given(
    st.tuples(st.integers(2, 8), st.integers(2, 5)).flatmap(
        lambda size: matrices(
            float, size, elements=st.one_of(st.integers(1, 5).map(float), st.just(NAN))
        )
    )
)
def test_alpha_agrees_with_krippendorff(matrix):
    data = crossed(matrix)
    ours = (
        agreement.alpha_interval(data.row, data.y),
        agreement.alpha_ordinal(data.row, data.y),
    )
    several = matrix[(~np.isnan(matrix)).sum(axis=1) > 1]
    if len(np.unique(several[~np.isnan(several)])) < 2:
        assert ours == (None, None)
        return
    for value, level in zip(ours, ("interval", "ordinal"), strict=True):
        theirs = krippendorff.alpha(
            matrix.T, level_of_measurement=level, value_domain=[1.0, 2.0, 3.0, 4.0, 5.0]
        )
        assert value == pytest.approx(theirs, abs=1e-9)


def test_alpha_of_composites_agrees_with_krippendorff():
    """Numbers that are no points of a scale, most of them different."""
    data = random_crossed(3, 7, 4, gaps=0.3)
    matrix = np.full((len(data.candidates), len(data.interviewers)), NAN)
    matrix[data.row, data.column] = data.y
    theirs = krippendorff.alpha(matrix.T, level_of_measurement="interval")
    found = agreement_in(data, complete=False, composite=True)
    assert found.alpha_interval == pytest.approx(theirs, abs=1e-9)
    assert found.alpha_ordinal is None
    assert found.reason is None


def test_penicillin_agrees_with_lme4():
    """lme4's printed standard deviations, and its REML variances to six figures."""
    rated = published("penicillin.csv", Scale(1, 30))
    data = long_scores(rated).averaged().of_competency("diameter")
    found = variance_components(data, scores.fit(data))
    values = np.array([found.candidate, found.interviewer, found.residual])
    assert np.sqrt(values) == pytest.approx([0.8467, 1.9316, 0.5499], abs=5e-5)
    assert values == pytest.approx([0.716908, 3.73092, 0.302415], rel=5e-6)


def mean_squares(data):
    n, k = len(data.candidates), len(data.interviewers)
    matrix = data.y.reshape(n, k)
    rows, columns = matrix.mean(axis=1), matrix.mean(axis=0)
    rest = matrix - rows[:, None] - columns + matrix.mean()
    residual = np.sum(rest**2) / ((n - 1) * (k - 1))
    return k * np.var(rows, ddof=1), n * np.var(columns, ddof=1), residual


@pytest.mark.parametrize("seed", range(12))
def test_reml_is_anova_on_complete_tables(seed):
    """Where no component is at its bound of 0, and the bound holds where one is."""
    n, k = 9, 5
    data = random_crossed(seed, n, k, sd=(0.8, 0.1 * (seed % 4), 0.7))
    between, raters, residual = mean_squares(data)
    expected = ((between - residual) / k, (raters - residual) / n, residual)
    found = variance_components(data, scores.fit(data))
    if min(expected) > 0:
        assert tuple(vars(found).values()) == pytest.approx(expected, rel=1e-6)
        with_gaps, whole = coefficients(data, complete=False), coefficients(data)
        assert (with_gaps.method, whole.method) == ("reml", "anova")
        for name in ("k", "icc_a1", "icc_c1", "icc_ak", "icc_ck"):
            assert getattr(with_gaps, name) == pytest.approx(getattr(whole, name), rel=1e-6)
    else:
        assert found.interviewer == 0
        assert found.candidate > 0


def test_the_seeds_above_reach_the_bound():
    raters, residual = zip(
        *(
            mean_squares(random_crossed(s, 9, 5, sd=(0.8, 0.1 * (s % 4), 0.7)))[1:]
            for s in range(12)
        ),
        strict=True,
    )
    below = sum(a < b for a, b in zip(raters, residual, strict=True))
    assert 0 < below < 12


def restricted_deviance(data):
    """The REML criterion by full matrices, on contrasts that hold no mean."""
    n = len(data.y)
    of_candidate = np.equal.outer(data.row, data.row).astype(float)
    of_interviewer = np.equal.outer(data.column, data.column).astype(float)
    contrasts = np.linalg.svd(np.ones((1, n)))[2][1:]
    y = contrasts @ data.y
    parts = [contrasts @ part @ contrasts.T for part in (of_candidate, of_interviewer, np.eye(n))]

    def deviance(components):
        v = sum(c * part for c, part in zip(components, parts, strict=True))
        return np.linalg.slogdet(v)[1] + y @ np.linalg.solve(v, y)

    return deviance


@pytest.mark.parametrize(
    ("size", "gaps", "sd"),
    [
        ((6, 5), 0.3, (0.8, 0.4, 0.6)),
        ((5, 8), 0.4, (0.8, 0.4, 0.6)),
        ((10, 4), 0.2, (0.0, 0.5, 0.6)),
        ((4, 10), 0.2, (0.5, 0.0, 0.6)),
        ((8, 6), 0.5, (3.0, 0.02, 0.1)),
        ((7, 7), 0.3, (0.05, 0.05, 1.0)),
        ((40, 45), 0.92, (0.8, 0.4, 0.6)),
        ((45, 40), 0.92, (0.8, 0.4, 0.6)),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_reml_with_gaps_is_the_top_of_the_likelihood(seed, size, gaps, sd):
    """A search over full matrices from other starting points finds nothing better."""
    data = random_crossed(seed, *size, gaps=gaps, sd=sd)
    found = np.array(list(vars(variance_components(data, scores.fit(data))).values()))
    deviance = restricted_deviance(data)
    starts = np.array([(1, 1, 1), (4, 0.1, 1), (0.1, 4, 1)]) * np.var(data.y) / 3
    theirs = min(
        (
            optimize.minimize(
                deviance, start, method="L-BFGS-B", bounds=[(0, None), (0, None), (1e-9, None)]
            )
            for start in starts
        ),
        key=lambda result: result.fun,
    )
    assert deviance(found) <= theirs.fun + 1e-7
    assert found == pytest.approx(theirs.x, abs=1e-3 * theirs.x.sum())


def test_what_went_into_many_recruitments_is_found_again():
    """400 candidates, 150 interviewers of whom each has met a few, in a sparse table."""
    chance = random.Random(5)
    severity = [chance.gauss(0, 6) for _ in range(150)]
    qualities = [chance.gauss(50, 8) for _ in range(400)]
    data = arrays.crossed(
        {
            (f"P{p}", f"I{i:03}"): round(quality + severity[i] + chance.gauss(0, 5))
            for p, quality in enumerate(qualities)
            for i in chance.sample(range(150), 6)
        }
    )
    fit = scores.fit(data)
    assert len(fit.groups) == 1
    # Of those who took part, not of the distribution that they were drawn from.
    found = variance_components(data, fit)
    assert found.candidate == pytest.approx(statistics.variance(qualities), rel=0.05)
    assert found.interviewer == pytest.approx(statistics.variance(severity), rel=0.05)
    assert found.residual == pytest.approx(5**2, rel=0.1)
    centre = sum(severity) / 150
    errors = [
        (fit.severity[f"I{i:03}"] - severity[i] + centre) / fit.severity_se[f"I{i:03}"]
        for i in range(150)
    ]
    # Standardised errors: their mean square is 1 within four of its standard errors.
    assert sum(error**2 for error in errors) / 150 == pytest.approx(1, abs=4 * (2 / 150) ** 0.5)


def test_reml_coefficients_are_ratios_of_the_components():
    data = random_crossed(2, 6, 5, gaps=0.3)
    found = coefficients(data, complete=False)
    p, i, e = vars(found.components).values()
    k = len(data.candidates) / np.sum(1 / np.bincount(data.row))
    assert found.k == pytest.approx(k)
    assert found.icc_a1 == pytest.approx(p / (p + i + e))
    assert found.icc_c1 == pytest.approx(p / (p + e))
    assert found.icc_ak == pytest.approx(p / (p + (i + e) / k))
    assert found.icc_ck == pytest.approx(p / (p + e / k))
    assert (found.icc1, found.icc1_k, found.ci95, found.reason) == (None, None, {}, None)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([[3, 4, 5]], Reason.ONE_CANDIDATE),
        ([[3], [4], [5]], Reason.ONE_INTERVIEWER),
        ([[]], Reason.ONE_CANDIDATE),
        ([[3, 3], [3, 3]], Reason.NO_VARIATION),
        ([[3, 3, NAN], [3, 3, 3]], Reason.NO_VARIATION),
        ([[3, 3, NAN], [NAN, 4, 4]], Reason.NO_DEGREES_OF_FREEDOM),
        ([[3, NAN], [NAN, 4]], Reason.NO_DEGREES_OF_FREEDOM),
    ],
)
def test_what_cannot_be_estimated_says_why(values, reason):
    data = crossed(values)
    found = agreement_in(data, complete=data.complete)
    assert found.reason == reason
    assert (found.method, found.k, found.icc_a1, found.icc_ck) == (None, None, None, None)


def test_alpha_may_exist_where_the_correlations_do_not():
    """Two candidates linked by one interviewer: no residual, but scores to compare."""
    found = agreement_in(crossed([[3, 2, NAN], [NAN, 4, 5]]), complete=False)
    assert found.reason == Reason.NO_DEGREES_OF_FREEDOM
    # Mean squared distance within candidates 1, between any two of 3, 2, 4, 5: 2 · 20 / (4 · 3).
    assert found.alpha_interval == pytest.approx(1 - 1 / (10 / 3))


def test_alpha_without_anything_to_compare():
    nobody_twice = crossed([[3, NAN], [NAN, 4]])
    assert agreement.alpha_interval(nobody_twice.row, nobody_twice.y) is None
    assert agreement.alpha_ordinal(nobody_twice.row, nobody_twice.y) is None


def test_alpha_when_only_a_single_score_differs():
    """A score alone tells the correlations of a difference between candidates; alpha nothing."""
    found = agreement_in(crossed([[3, 3], [3, 3], [4, NAN]]), complete=False)
    assert (found.method, found.icc_a1) == ("reml", 1.0)
    assert (found.alpha_interval, found.alpha_ordinal) == (None, None)
    assert found.reason == Reason.NO_VARIATION


def test_perfect_agreement():
    found = agreement_in(crossed([[1, 1, 1], [3, 3, 3], [4, 4, 4]]))
    assert {getattr(found, name) for name in TYPES} == {1.0}
    assert set(found.ci95.values()) == {(1.0, 1.0)}
    assert found.alpha_interval == found.alpha_ordinal == 1.0
    gaps = agreement_in(crossed([[1, 1, NAN], [3, 3, 3], [4, 4, 4]]), complete=False)
    assert (gaps.method, gaps.icc_a1, gaps.icc_ck) == ("reml", 1.0, pytest.approx(1.0))


def test_severity_alone_costs_absolute_agreement_only():
    """Everybody in the same order at the same distances, each a point above the one before."""
    found = coefficients(crossed([[1, 2, 3], [3, 4, 5], [4, 5, 6]]))
    assert found.icc_c1 == found.icc_ck == 1.0
    assert 0 < found.icc_a1 < 1
    gaps = coefficients(crossed([[1, 2, NAN], [3, 4, 5], [4, 5, 6]]), complete=False)
    assert gaps.icc_c1 == pytest.approx(1.0)
    # Variances of the fitted effects: of 1, 3, 4 and of -1, 0, 1.
    assert vars(gaps.components) == pytest.approx(
        {"candidate": 7 / 3, "interviewer": 1.0, "residual": 0.0}
    )
    assert gaps.icc_a1 == pytest.approx((7 / 3) / (7 / 3 + 1))


def test_unanimous_panels_that_share_nobody():
    data = crossed([[4, 4, NAN, NAN], [2, 2, NAN, NAN], [NAN, NAN, 3, 3]])
    assert vars(variance_components(data, scores.fit(data))) == pytest.approx(
        {"candidate": 1.0, "interviewer": 0.0, "residual": 0.0}
    )


def test_candidates_that_do_not_differ():
    """The order turned round: their means are equal, so the forms for k have nothing to divide."""
    found = coefficients(crossed([[1, 3], [3, 1]]))
    assert (found.icc_a1, found.icc1_k, found.icc_ck) == (None, None, None)
    assert found.icc_c1 == pytest.approx(-1)
    assert found.reason == Reason.CANDIDATES_EQUAL
    assert set(found.ci95) <= {"icc1", "icc_c1", "icc_ak"}
    latin = coefficients(crossed([[1, 2, 3], [2, 3, 1], [3, 1, 2]]))
    assert latin.icc_a1 == pytest.approx(-1)
    assert latin.reason == Reason.CANDIDATES_EQUAL
    same = coefficients(crossed([[1, 2], [1, 2], [1, 2]]))
    assert (same.icc_a1, same.icc_c1, same.icc_ck) == (0.0, None, None)
    assert same.reason == Reason.CANDIDATES_EQUAL
    assert "icc_a1" not in same.ci95
    gaps = coefficients(crossed([[1, 2, 3], [1, 2, 3], [1, 2, NAN]]), complete=False)
    assert gaps.icc_a1 == pytest.approx(0, abs=1e-9)
    assert (gaps.icc_c1, gaps.icc_ck) == (None, None)
    assert gaps.reason == Reason.CANDIDATES_EQUAL


def test_a_mean_of_interviewers_without_a_variance_is_marked():
    """The formula gives more than 1 where its denominator is below 0; the reason is to be shown."""
    found = coefficients(crossed([[1, 4, 3], [4, 2, 3], [3, 3, 3]]))
    assert found.icc_ak > 1
    assert found.reason == Reason.CANDIDATES_EQUAL


def test_ordinal_alpha_needs_points_of_the_scale():
    """An interviewer who met a candidate twice enters with a mean of 3.5."""
    rows = [("A", "X", "c", 3), ("A", "X", "c", 4), ("A", "Y", "c", 4), ("B", "X", "c", 2)]
    rows += [("B", "Y", "c", 2)]
    found = comparison.build(table(rows)).agreement
    cell = found.competencies["c"]
    assert cell.alpha_ordinal is None
    assert cell.reason == Reason.NOT_WHOLE
    assert cell.alpha_interval == found.overall.alpha_interval
    assert cell.alpha_interval == pytest.approx(
        krippendorff.alpha([[3.5, 2], [4, 2]], level_of_measurement="interval")
    )
    assert found.overall.reason is None
