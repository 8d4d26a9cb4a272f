"""Charts as SVG, for pages and documents alike.

Each has a ``title`` as its text alternative and stands in a table with the numbers beside it. Only
presentation attributes are used, never inline styles, so a strict content policy lets them through;
shape and position carry the meaning, colour only supports it.

What looks the same is one path: a long document holds hundreds of charts, and each element of one
costs about as much as a cell of a table.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from recruit.core.ratings import Scale

GREEN = "#1F4D45"
PALE = "#8FAFA8"
LINE = "#DADDDA"
MOST_TICKS = 11
INTERVAL_WIDTH = 448
PLACES_WIDTH = 300
MOST_LABELS = 8
"""Bars of more places are too narrow for numbers above them."""
LEAST_BAR = 0.005
"""A share below this, half a per cent, has no bar."""
EDGE = 9
"""Room at both ends of an interval strip for half a dot."""


def ticks(scale: Scale) -> list[int]:
    """Return the points of the scale to mark: all, or evenly spaced ones on a long scale."""
    step = max(1, -(-(scale.points - 1) // (MOST_TICKS - 1)))
    return list(range(scale.minimum, scale.maximum + 1, step))


def share(value: float, scale: Scale) -> float:
    """Return where a value lies between the ends of the scale, 0 to 1."""
    clipped = min(max(value, scale.minimum), scale.maximum)
    return (clipped - scale.minimum) / (scale.maximum - scale.minimum)


def place(value: float, scale: Scale) -> float:
    """Return where a value stands on an interval strip, from its left end."""
    return EDGE + (INTERVAL_WIDTH - 2 * EDGE) * share(value, scale)


def heat(value: float | None, scale: Scale) -> str:
    """Return the shade of a cell: "low", "lower", "middle", "higher", "high" or "none"."""
    if value is None:
        return "none"
    part = share(value, scale)
    for limit, name in ((0.2, "low"), (0.4, "lower"), (0.625, "middle"), (0.8, "higher")):
        if part < limit:
            return name
    return "high"


def interval_strip(
    scale: Scale,
    value: float | None,
    interval: tuple[float, float] | None,
    title: str,
    *,
    height: int = 32,
) -> Markup:
    """Return one row of the dot plot: a dot at the value, a bar over its interval."""
    middle = height / 2
    lines = [_upright(place(tick, scale), 0, height) for tick in ticks(scale)]
    parts = [_lines([*lines, _level(EDGE, middle, INTERVAL_WIDTH - EDGE)])]
    if interval is not None:
        low, high = place(interval[0], scale), place(interval[1], scale)
        parts.append(
            f'<rect x="{low:.1f}" y="{middle - 2:.1f}" width="{max(high - low, 1):.1f}" height="4"'
            f' rx="2" fill="{PALE}"/>'
        )
    if value is not None:
        parts.append(
            f'<circle cx="{place(value, scale):.1f}" cy="{middle:.1f}" r="7.5" fill="{GREEN}"'
            ' stroke="#FFFFFF" stroke-width="1.2"/>'
        )
    return _svg(parts, title, INTERVAL_WIDTH, height)


def spread_strip(
    scale: Scale,
    points: Iterable[tuple[float, bool]],
    title: str,
    *,
    width: int = 176,
    height: int = 24,
) -> Markup:
    """Return a small strip with a dot per interviewer; hollow where the ground is only talk.

    ``points`` are score and whether there is more than talk behind it. Dots of one score stand
    on top of each other, up to what the height holds.
    """
    edge, middle = 6, height / 2
    inner = width - 2 * edge

    def x(number: float) -> float:
        return edge + inner * share(number, scale)

    marks = [_upright(x(tick), middle - 3, middle + 3) for tick in ticks(scale)]
    parts = [_lines([_level(edge, middle, width - edge), *marks])]
    solids = []
    given = sorted(points)
    total = Counter(score for score, _ in given)
    drawn: Counter[float] = Counter()
    for score, solid in given:
        gap = min(7.5, (height - 8) / max(total[score] - 1, 1))
        y = middle + gap * (drawn[score] - (total[score] - 1) / 2)
        drawn[score] += 1
        if solid:
            # A line too short to be seen is a dot for its round ends. One of no length at all is
            # not drawn by every reader.
            solids.append(f"M{x(score):.1f} {y:.1f}h.01")
        else:
            # Rings melt together as strokes of one path, dots do not.
            parts.append(
                f'<circle cx="{x(score):.1f}" cy="{y:.1f}" r="2.8" fill="#FFFFFF"'
                f' stroke="{GREEN}" stroke-width="1"/>'
            )
    if solids:
        parts.append(
            f'<path d="{"".join(solids)}" fill="none" stroke="{GREEN}" stroke-width="6.6"'
            ' stroke-linecap="round"/>'
        )
    return _svg(parts, title, width, height)


def place_bars(
    shares: Sequence[float],
    title: str,
    *,
    labels: Callable[[float], str],
    highest: float = 1.0,
) -> Markup:
    """Return one candidate's bars: how often each place is taken, the first to the left.

    ``shares`` are 0 to 1 by place. While the bars are wide enough their numbers stand above them,
    as ``labels`` writes them. Bars of more places are low and touch; ``highest`` is the share that
    fills their height.
    """
    wide = PLACES_WIDTH / len(shares)
    if len(shares) > MOST_LABELS:
        foot = 18
        outline = _skyline([_low_bar(taken / highest, foot) for taken in shares], wide, foot)
        parts = [_lines([_level(0, foot, PLACES_WIDTH)]), f'<path d="{outline}" fill="{GREEN}"/>']
        return _svg(parts, title, PLACES_WIDTH, 20)
    foot = 42
    bars, numbers = [], []
    for number, taken in enumerate(shares):
        if taken < LEAST_BAR:
            continue
        middle, tall = wide * (number + 0.5), max(1.0, 30 * taken)
        bars.append(f"M{middle:.1f} {foot}v-{tall:.1f}")
        numbers.append(
            f'<text x="{middle:.1f}" y="{foot - tall - 2.5:.1f}" font-size="9.5"'
            f' text-anchor="middle" font-family="Inter">{escape(labels(taken))}</text>'
        )
    parts = [
        _lines([_level(0, foot, PLACES_WIDTH)]),
        f'<path d="{"".join(bars)}" fill="none" stroke="{GREEN}" stroke-width="{wide * 0.7:.1f}"/>',
    ]
    return _svg(parts + numbers, title, PLACES_WIDTH, 44)


def _low_bar(part: float, foot: int) -> float:
    """Return the height of a bar, to the half, and never so low that it is not seen."""
    return max(1.0, round(2 * part * (foot - 2)) / 2) if part >= LEAST_BAR else 0.0


def _skyline(heights: Iterable[float], wide: float, foot: float) -> str:
    """Return the outline of bars that touch; those of one height are drawn as one."""
    outline = [f"M0 {foot}"]
    end = 0
    for height, run in groupby(heights):
        end += len(list(run))
        outline.append(f"V{foot - height:g}H{end * wide:.1f}")
    return f"{''.join(outline)}V{foot}z"


def deviation_strip(
    value: float,
    margin: float | None,
    limit: float,
    title: str,
    *,
    width: int = 240,
    height: int = 22,
) -> Markup:
    """Return a strip with 0 in the middle and ``limit`` at both ends: a dot, and its margin."""
    edge, middle = 7, height / 2

    def x(number: float) -> float:
        return width / 2 + (width / 2 - edge) * min(max(number / limit, -1), 1)

    parts = [_lines([_level(edge, middle, width - edge), _upright(width / 2, 1, height - 1)])]
    if margin is not None:
        low, high = x(value - margin), x(value + margin)
        parts.append(
            f'<rect x="{low:.1f}" y="{middle - 1.5:.1f}" width="{max(high - low, 1):.1f}"'
            f' height="3" rx="1.5" fill="{PALE}"/>'
        )
    parts.append(
        f'<circle cx="{x(value):.1f}" cy="{middle:.1f}" r="4.5" fill="{GREEN}"'
        ' stroke="#FFFFFF" stroke-width="1"/>'
    )
    return _svg(parts, title, width, height)


def _lines(paths: list[str]) -> str:
    return f'<path d="{"".join(paths)}" fill="none" stroke="{LINE}" stroke-width="1"/>'


def _level(left: float, y: float, right: float) -> str:
    return f"M{left:.1f} {y:.1f}H{right:.1f}"


def _upright(x: float, top: float, bottom: float) -> str:
    return f"M{x:.1f} {top:.1f}V{bottom:.1f}"


def _svg(parts: list[str], title: str, width: int, height: int) -> Markup:
    return Markup(  # noqa: S704 - the title is escaped, the rest are our own numbers
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' preserveAspectRatio="xMinYMid meet"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )
