"""The yardstick: R1 and R2 as a SimPy textbook has them: a process per case, a `simpy.Resource` per unit, a log of tuples.

Run it as ``python benchmarks/textbook.py R1|R2 CASES [SEED]``; it prints the activity instances and the mean cycle time in
minutes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Generator
from typing import Any

import simpy

PEOPLE = {"Front Office": 3, "Technical Unit": 4, "Legal": 2, "Finance": 2, "Head Office": 2}
DAY, OPENING, CLOSING = 1440.0, 480.0, 960.0  # minutes; R2 is open from Monday to Friday, 08:00 to 16:00
Steps = Generator[simpy.Event, Any, None]


def opening_after(now: float) -> float:
    """First instant from now on at which the offices are open."""
    day = now // DAY
    if day % 7 < 5 and now - day * DAY < CLOSING:
        return max(now, day * DAY + OPENING)
    day += 1
    while day % 7 > 4:
        day += 1
    return day * DAY + OPENING


class Office:
    """The permit process with its people."""

    def __init__(self, env: simpy.Environment, *, has_hours: bool, seed: int) -> None:
        self.env = env
        self.has_hours = has_hours
        self.random = random.Random(seed)
        self.people = {unit: simpy.Resource(env, capacity=number) for unit, number in PEOPLE.items()}
        self.log: list[tuple[int, str, str, float, float, float]] = []
        self.cycle_times: list[float] = []

    def pass_time(self, minutes: float) -> Steps:
        """Let open time pass."""
        if not self.has_hours:
            yield self.env.timeout(minutes)
            return
        while minutes > 1e-9:
            wait = opening_after(self.env.now) - self.env.now
            if wait > 0:
                yield self.env.timeout(wait)
            today = min(minutes, self.env.now // DAY * DAY + CLOSING - self.env.now)
            yield self.env.timeout(today)
            minutes -= today

    def activity(self, case: int, name: str, unit: str, mean: float) -> Steps:
        """Queue, work, log."""
        enabled = self.env.now
        with self.people[unit].request() as request:
            yield request
            started = self.env.now
            yield from self.pass_time(self.random.expovariate(1 / mean))
        self.log.append((case, name, unit, enabled, started, self.env.now))

    def permit(self, case: int) -> Steps:
        """One case."""
        arrived = self.env.now
        complete = False
        while not complete:
            yield from self.activity(case, "Register", "Front Office", 10)
            yield from self.activity(case, "Verify", "Technical Unit", 30)
            complete = self.random.random() >= 0.2
        review = self.env.process(self.activity(case, "Legal review", "Legal", 15))
        assessment = self.env.process(self.activity(case, "Fee assessment", "Finance", 12))
        yield review & assessment
        yield from self.activity(case, "Sign", "Head Office", 5)
        self.cycle_times.append(self.env.now - arrived)

    def arrivals(self, cases: int) -> Steps:
        """All cases, one after the other."""
        for case in range(cases):
            yield from self.pass_time(self.random.expovariate(1 / 15))
            self.env.process(self.permit(case))


def main(workload: str, cases: int, seed: int) -> None:
    """Run a workload and print what came out."""
    env = simpy.Environment()
    office = Office(env, has_hours=workload == "R2", seed=seed)
    env.process(office.arrivals(cases))
    env.run()
    print(len(office.log), round(sum(office.cycle_times) / cases, 2))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
