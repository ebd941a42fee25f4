"""Timing one piece of work fairly: warm, several times, in turn with its peers so that drift hurts all alike."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each counted run of one contender."""

    seconds: tuple[float, ...]

    @property
    def median_s(self) -> float:
        """The figure to quote."""
        return statistics.median(self.seconds)

    def ratio_over(self, other: Timing) -> float:
        """How many times longer `other` took: the median of the ratios run by run."""
        return statistics.median(b / a for a, b in zip(self.seconds, other.seconds, strict=False))


def in_turn(contenders: Mapping[str, Callable[[], object]], *, runs: int, warm_up: int = 2) -> dict[str, Timing]:
    """Run all contenders A B C A B C …, `warm_up` rounds uncounted and then `runs` counted ones."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for round_ in range(warm_up + runs):
        for name, work in contenders.items():
            start = time.perf_counter()
            work()
            taken = time.perf_counter() - start
            if round_ >= warm_up:
                seconds[name].append(taken)
    return {name: Timing(tuple(taken)) for name, taken in seconds.items()}


def peak_memory_mb(work: Callable[[], object], *, before: Sequence[Callable[[], object]] = ()) -> float:
    """The largest resident size in MB of a forked child that does `work`, what it inherits included.

    `before` runs in the parent, to load what a worker has loaded before it forks.
    """
    for step in before:
        step()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError("the work failed in the child that measures its memory")
    return usage.ru_maxrss / 1024
