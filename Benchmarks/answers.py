"""Answers requests on standard input, one a line, with one line each.

The peers under tensors/ and derivatives/ stay alive between the rounds of a benchmark, since
starting PyTorch takes longer than any of them.
"""

import gc
import importlib
import sys
import time


class Case:
    """One or several ways to do the same thing; the fastest of them is the one that is timed.

    A way is a function of how often to repeat it. One that takes seconds is timed once, and cold.
    """

    def __init__(self, *ways, at_least=1, takes_seconds=False):
        self.ways = ways
        self.count = at_least
        self.chosen = takes_seconds

    def seconds(self):
        """Seconds one repetition takes, from 50 ms of them; warm-up and choice are not in it."""
        if not self.chosen:
            self.choose()
        return elapsed(self.ways[0], self.count) / self.count

    def choose(self):
        def best(way):
            way(1)
            count = repetitions(way, 0.02)
            return min(elapsed(way, count) / count for _ in range(3))

        if len(self.ways) > 1:
            self.ways = sorted(self.ways, key=best)
        self.count = max(self.count, repetitions(self.ways[0], 0.05))
        self.chosen = True

    def value(self, count=1):
        """What every way gives, as flat numbers."""
        values = [numbers(way(count)) for way in self.ways]
        for other in values[1:]:
            if any(abs(a - b) > 1e-6 * (1 + abs(a)) for a, b in zip(values[0], other)):
                raise ValueError(f"two ways differ: {values[0]} and {other}")
        return values[0]


def repeated(function, *arguments):
    """The way that calls a function over and over."""

    def way(count):
        for _ in range(count):
            result = function(*arguments)
        return result

    return way


def elapsed(way, count):
    gc.disable()
    start = time.perf_counter()
    way(count)
    seconds = time.perf_counter() - start
    gc.enable()
    return seconds


def repetitions(way, enough):
    """How many repetitions take at least so many seconds."""
    count = 1
    while (seconds := elapsed(way, count)) < enough:
        count = max(2 * count, int(1.2 * count * enough / max(seconds, 1e-7)))
        count = min(count, 10_000_000)
    return count


def numbers(value):
    """Numbers, arrays, and lists of them, one after the other."""
    if hasattr(value, "detach"):
        value = value.detach()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [number for part in value for number in numbers(part)]
    return [float(value)]


def module(name):
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def serve(modules, commands):
    """Says which modules there are, then answers until the input ends."""
    present = [m for m in map(module, modules) if m]
    say(" ".join(f"{m.__name__}={m.__version__.split('+')[0]}" for m in present))
    for line in sys.stdin:
        name, _, rest = line.strip().partition(" ")
        try:
            say(commands[name](rest))
        except Exception as error:
            say(f"- {type(error).__name__}: {error}".replace("\n", " "))


def say(answer):
    if isinstance(answer, list):
        answer = " ".join(map(repr, answer))
    print(answer, flush=True)
