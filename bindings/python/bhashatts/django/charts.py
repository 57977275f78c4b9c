"""Pictures of numbers, as inline SVG: nothing to load, no script, and they print.

Each has a title and a description for who does not see it, and the numbers as a table. Colours
stand in static/bhashatts/admin.css, one set for each of the admin's themes: blue, orange and the
text's own colour, which differ in lightness too: they hold for the colour-blind, and in grey. The
drawing is 360 wide, so that its letters keep their size on a phone.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 354, 10, 166  # of what is drawn, between the axes
_ROW = 34  # the height of a bar that lies
_numbers = itertools.count(1)

Say = Callable[[float], str]


@dataclasses.dataclass(frozen=True)
class Series:
    """Numbers that have a colour in common. css: one, two or three."""

    name: str
    css: str
    values: Sequence[float]


@dataclasses.dataclass(frozen=True)
class Picture:
    """A drawing, and what stands beside it."""

    title: str
    svg: SafeString
    legend: list[tuple[str, str]]  # css, name
    head: list[str]
    rows: list[list[str]]


@dataclasses.dataclass(frozen=True)
class Bar:
    """A bar that lies: its name, how long, and what is written behind its name."""

    name: str
    value: float
    text: str


def count(value: float) -> str:
    """12,345"""
    return f"{value:,.0f}"


def short(value: float) -> str:
    """For an axis: 12k."""
    for limit, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{suffix}"
    return f"{value:.3g}"


def dollars(value: float) -> str:
    """Cents; of less than ten of them three digits, for a page costs a hundredth of a cent."""
    if value >= 0.1 or value <= 0:
        return f"${value:,.2f}"
    digits = min(6, 2 - math.floor(math.log10(value)))  # what is paid is counted in millionths
    return f"${value:.{digits}f}"


def percent(value: float) -> str:
    """12 %"""
    return f"{value:.0f} %" if value >= 1 or not value else "<1 %"


def wait(ms: int | None) -> str:
    """How long: 12 ms, 1.8 s."""
    if ms is None:
        return "-"
    if not ms:
        return "under 1 ms"
    return f"{ms} ms" if ms < 1000 else f"{ms / 1000:.3g} s"


def columns(  # noqa: PLR0913  # what a picture is made of
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    stacked: bool = False,
    say: Say = count,
    axis: Say = short,
    every: int = 1,
    of: str = "",
) -> Picture:
    """Upright bars, for each label one of each series, side by side or on each other.

    every: which labels are written below, the last one always. of: what the labels are, for the
    table. axis: how the numbers at the left are written.
    """
    sums = [[one.values[i] for one in series] for i in range(len(labels))]
    top = _nice(max((sum(values) if stacked else max(values) for values in sums), default=0))
    step = (_RIGHT - _LEFT) / max(1, len(labels))
    drawn = [_grid(top, axis), _names(labels, step, every)]
    for i, label in enumerate(labels):
        told = ", ".join(f"{one.name} {say(one.values[i])}" for one in series)
        bars = (_stack if stacked else _beside)(_LEFT + i * step, step, series, i, top)
        drawn.append(format_html("<g><title>{}: {}</title>{}</g>", label, told, bars))
    names = ", ".join(one.name for one in series)
    text = f"{names}; {len(labels)} columns. The table has the numbers."
    return Picture(
        title,
        _svg(title, text, _HEIGHT, drawn),
        [(one.css, one.name) for one in series],
        [of, *(one.name for one in series)],
        [[label, *(say(one.values[i]) for one in series)] for i, label in enumerate(labels)],
    )


def bars(title: str, rows: Sequence[Bar], head: list[str], say: Say = count) -> Picture:
    """Bars that lie below each other, each below its name."""
    longest = max((row.value for row in rows), default=0) or 1
    drawn = []
    for i, row in enumerate(rows):
        width = (_WIDTH - 12) * row.value / longest
        drawn.append(
            format_html(
                '<text x="4" y="{}">{}</text><text x="356" y="{}" class="end">{} · {}</text>{}',
                i * _ROW + 14,
                row.name,
                i * _ROW + 14,
                say(row.value),
                row.text,
                _box("one", 4, i * _ROW + 19, width, 10),
            )
        )
    told = "; ".join(f"{row.name} {say(row.value)}, {row.text}" for row in rows)
    table = [[row.name, say(row.value), row.text] for row in rows]
    return Picture(title, _svg(title, told, len(rows) * _ROW + 2, drawn), [], head, table)


def meter(title: str, used: float, limit: float) -> Picture:
    """How much of a limit in dollars is used; where none is left the bar is full, and red."""
    share = min(1.0, used / limit) if limit else 1.0
    left = max(0.0, limit - used)
    drawn = [
        _box("rest", 4, 8, 352, 22),
        _box("full" if used >= limit else "two", 4, 8, 352 * share, 22),
        format_html('<text x="4" y="46">{} used</text>', dollars(used)),
        format_html('<text x="356" y="46" class="end">{} left</text>', dollars(left)),
    ]
    told = f"{dollars(used)} of {dollars(limit)} used, {dollars(left)} left."
    rows = [[dollars(used), dollars(left), dollars(limit)]]
    return Picture(title, _svg(title, told, 52, drawn), [], ["Used", "Left", "Budget"], rows)


def _svg(title: str, text: str, height: int, drawn: Sequence[SafeString]) -> SafeString:
    number = next(_numbers)  # ids are those of the whole page
    return format_html(
        '<svg class="bhashatts-chart" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="bhashatts-t{} bhashatts-d{}">'
        '<title id="bhashatts-t{}">{}</title><desc id="bhashatts-d{}">{}</desc>{}</svg>',
        _WIDTH,
        height,
        number,
        number,
        number,
        title,
        number,
        text,
        format_html_join("", "{}", ((piece,) for piece in drawn)),
    )


def _nice(most: float) -> float:
    """The end of an axis: not far above, and its half is short to write too."""
    if most <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(most))
    factors = (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10, 20)  # 20: the logarithm is rounded
    return next(power * factor for factor in factors if most <= power * factor)


def _grid(top: float, say: Say) -> SafeString:
    lines = []
    for share in (0, 0.5, 1):
        y = _BOTTOM - share * (_BOTTOM - _TOP)
        lines.append(
            (_LEFT, _RIGHT, f"{y:.1f}", f"{y:.1f}", _LEFT - 5, f"{y + 4:.1f}", say(top * share))
        )
    line = '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
    return format_html_join("", line + '<text x="{}" y="{}" class="end">{}</text>', lines)


def _names(labels: Sequence[str], step: float, every: int) -> SafeString:
    last = len(labels) - 1
    shown = [(i, label) for i, label in enumerate(labels[:-1]) if (last - i) % every == 0]
    below = [
        (f"{_LEFT + (i + 0.5) * step:.1f}", _BOTTOM + 16, "middle", label) for i, label in shown
    ]
    below += [(f"{_WIDTH - 2}", _BOTTOM + 16, "end", label) for label in labels[-1:]]
    return format_html_join("", '<text x="{}" y="{}" class="{}">{}</text>', below)


def _stack(x: float, step: float, series: Sequence[Series], i: int, top: float) -> SafeString:
    base = float(_BOTTOM)
    boxes = []
    for one in series:
        height = one.values[i] / top * (_BOTTOM - _TOP)
        base -= height
        boxes.append((_box(one.css, x + step * 0.1, base, step * 0.8, height),))
    return format_html_join("", "{}", boxes)


def _beside(x: float, step: float, series: Sequence[Series], i: int, top: float) -> SafeString:
    width = step * 0.8 / len(series)
    boxes = []
    for n, one in enumerate(series):
        height = one.values[i] / top * (_BOTTOM - _TOP)
        boxes.append((_box(one.css, x + step * 0.1 + n * width, _BOTTOM - height, width, height),))
    return format_html_join("", "{}", boxes)


def _box(css: str, x: float, y: float, width: float, height: float) -> SafeString:
    """A bar. What is not nothing is seen: half a pixel at least."""
    if height <= 0 or width <= 0:
        return SafeString()
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        css,
        f"{x:.1f}",
        f"{y:.1f}",
        f"{max(0.5, width):.1f}",
        f"{max(0.5, height):.1f}",
    )
