"""How far a long piece of work is: a bar on a terminal, a line every quarter elsewhere. On standard error."""

import sys
import time

_WIDTH = 24


def _clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


class Progress:
    """Counts up to a total. what: what is being done; unit: what is counted; done: what was there before."""

    def __init__(self, what, total, unit="blocks", done=0):
        self.what, self.total, self.unit = what, total, unit
        self.done = self.before = done
        self.started = time.monotonic()
        self.live = sys.stderr.isatty()
        self.quarter = 4 * done // total if total else 4

    def add(self, count):
        """Count some more, and show it."""
        self.done += count
        quarter = 4 * self.done // self.total
        if self.live:
            print(f"\r{self.line()}", end="", file=sys.stderr, flush=True)
        elif quarter > self.quarter:
            print(f"{self.what}: {self.done} of {self.total} {self.unit}", file=sys.stderr, flush=True)
        self.quarter = quarter

    def line(self):
        """The bar, with the time that is left."""
        full = _WIDTH * self.done // self.total
        bar = "#" * full + "." * (_WIDTH - full)
        text = f"{self.what} [{bar}] {self.done} of {self.total} {self.unit}"
        here = self.done - self.before
        if here and self.done < self.total:
            left = (time.monotonic() - self.started) / here * (self.total - self.done)
            text += f", {_clock(left)} left"
        return text.ljust(78)

    def end(self):
        if self.live and self.done > self.before:
            print(file=sys.stderr)
