"""A batch on AWS as queues in a row, in steps of a twentieth of a second: what flows, and what holds it back.

Children of the Map enter as long as fewer than `concurrency` are inside and the Map may start more. In
each function an image takes a random time (geometric, so that its mean is the one that was measured). A
function's call needs a free place of the account, an environment that Lambda has made by then, and from each
service as many units as the call will use; without one of these it waits, and the reason is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

#: Seconds of a step.
STEP_S = 0.05


@dataclass(frozen=True)
class Station:
    """One function.

    Attributes:
        name: of the function.
        seconds: that a call takes on average.
        needs: units of each quota that one call uses, by the quota's name.
    """

    name: str
    seconds: float
    needs: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """Quotas of an account and a region.

    Attributes:
        concurrency: children that the Map runs at once.
        starts: children that the Map starts in a second.
        places: calls of all functions at once (Lambda's quota of the account).
        ramp: environments that Lambda makes for one function in a second, and ten seconds' worth at once.
        rates: units in a second by name, for example PUT requests to one bucket.
    """

    concurrency: int
    starts: float = 1000.0
    places: int = 1000
    ramp: float = 100.0
    rates: dict[str, float] = field(default_factory=dict)


@dataclass
class Course:
    """How a batch went.

    Attributes:
        seconds: from the first child's start to the last one's end.
        children: that went through.
        inside: mean number of children at work, over the plateau.
        rate: children in a second, over the plateau (the middle half of all).
        peak_places: most calls at once.
        held: seconds in which calls of a function, or starts, waited, by what they waited for.
    """

    seconds: float
    children: int
    inside: float
    rate: float
    peak_places: int
    held: Counter[str]

    def first(self) -> str:
        """What held the batch back longest."""
        return max(self.held, key=lambda name: self.held[name], default="nothing")


class Bucket:
    """Units that come at a rate and gather up to a limit."""

    def __init__(self, rate: float, most: float) -> None:
        self.rate, self.most, self.units = rate, most, most

    def fill(self) -> None:
        """A step's worth more."""
        self.units = min(self.most, self.units + self.rate * STEP_S)

    def allows(self, each: float) -> int:
        """How many calls that need `each` can be served now."""
        return int(self.units / each + 1e-9)


def simulate(children: int, stations: Sequence[Station], limits: Limits, seed: int = 0) -> Course:
    """Runs a batch to its end; the same seed gives the same course."""
    return _Run(children, stations, limits, seed).to_the_end()


class _Run:
    def __init__(self, children: int, stations: Sequence[Station], limits: Limits, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.children, self.stations, self.limits = children, stations, limits
        self.chance = np.minimum(1.0, STEP_S / np.array([one.seconds for one in stations]))
        self.busy = np.zeros(len(stations), np.int64)
        self.waiting = [0] * len(stations)
        self.made = [0] * len(stations)
        self.ramps = [Bucket(limits.ramp, 10 * limits.ramp) for _ in stations]
        # A service takes a second's worth at once.
        self.rates = {name: Bucket(rate, rate) for name, rate in limits.rates.items()}
        self.starts = Bucket(limits.starts, limits.starts)
        self.entered = self.done = self.peak = self.steps = 0
        self.held: Counter[str] = Counter()
        self.plateau: list[tuple[int, int]] = []

    def to_the_end(self) -> Course:
        while self.done < self.children:
            self._step()
        return Course(
            seconds=self.steps * STEP_S,
            children=self.done,
            inside=self._inside(),
            rate=self._rate(),
            peak_places=self.peak,
            held=Counter({name: count * STEP_S for name, count in self.held.items()}),
        )

    def _middle(self) -> list[tuple[int, int]]:
        """(inside, done) of the steps while the middle half of the children ended."""
        first, last = self.children / 4, self.children * 3 / 4
        return [one for one in self.plateau if first <= one[1] <= last]

    def _inside(self) -> float:
        middle = self._middle() or self.plateau
        return sum(inside for inside, _ in middle) / len(middle)

    def _rate(self) -> float:
        middle = self._middle()
        if len(middle) < 2:
            return self.children / (self.steps * STEP_S)
        return (middle[-1][1] - middle[0][1]) / ((len(middle) - 1) * STEP_S)

    def _step(self) -> None:
        self.steps += 1
        for bucket in (self.starts, *self.ramps, *self.rates.values()):
            bucket.fill()
        self._finish()
        # From the last function back, so that what is nearly done is not held up by what has just begun.
        for at in range(len(self.stations) - 1, -1, -1):
            self._begin(at)
        self._enter()
        self.peak = max(self.peak, int(self.busy.sum()))
        self.plateau.append((self.entered - self.done, self.done))

    def _finish(self) -> None:
        ended = self.random.binomial(self.busy, self.chance)
        self.busy -= ended
        for at, count in enumerate(ended[:-1].tolist()):
            self.waiting[at + 1] += count
        self.done += int(ended[-1])

    def _begin(self, at: int) -> None:
        wanted, station = self.waiting[at], self.stations[at]
        if not wanted:
            return
        fresh = max(0, self.made[at] - int(self.busy[at]))
        room = {"Lambda's concurrency": self.limits.places - int(self.busy.sum())}
        room["Lambda's ramp"] = fresh + self.ramps[at].allows(1.0)
        room |= {
            name: self.rates[name].allows(each)
            for name, each in station.needs.items()
            if each and name in self.rates
        }
        allowed = min(wanted, *room.values())
        if allowed < wanted:
            self.held[min(room, key=lambda name: room[name])] += 1
        self.waiting[at] -= allowed
        self.busy[at] += allowed
        new = max(0, int(self.busy[at]) - self.made[at])
        self.made[at] += new
        self.ramps[at].units -= new
        for name, each in station.needs.items():
            if name in self.rates:
                self.rates[name].units -= each * allowed

    def _enter(self) -> None:
        left = self.children - self.entered
        if not left:
            return
        room = {
            "the Map's concurrency": self.limits.concurrency - (self.entered - self.done),
            "the Map's starts": self.starts.allows(1.0),
        }
        allowed = min(left, *room.values())
        # Only one word for a step: a Map that is full because calls wait is held up by what they wait for.
        if allowed < left and not any(self.waiting):
            self.held[min(room, key=lambda name: room[name])] += 1
        self.entered += allowed
        self.waiting[0] += allowed
        self.starts.units -= allowed
