"""Sets of code points as sorted intervals: union, difference, complement."""

import sys
from collections.abc import Iterable, Sequence

Interval = tuple[int, int]
"""First and last code point."""


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, without overlaps and gaps of nothing."""
    merged: list[Interval] = []
    for low, high in sorted(intervals):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def subtract(intervals: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """The first less the second; both sorted and without overlaps."""
    left: list[Interval] = []
    for start, high in intervals:
        low = start
        for gone_low, gone_high in taken:
            if gone_high < low or gone_low > high:
                continue
            if gone_low > low:
                left.append((low, gone_low - 1))
            low = gone_high + 1
        if low <= high:
            left.append((low, high))
    return left


def complement(intervals: Iterable[Interval]) -> list[Interval]:
    """Every code point outside the intervals."""
    return subtract([(0, sys.maxunicode)], merge(intervals))
