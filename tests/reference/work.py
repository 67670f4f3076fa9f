"""Tasks: people and queues; what is done when work is done, and what becomes of it when it is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.scenario import TimeWhen
from tests.reference import choices, guards, messages, scopes, travel
from tests.reference.addressed import drawn
from tests.reference.levels import Node
from tests.reference.parts import Activity, Instance, Origin, Pool, Taker, Token

if TYPE_CHECKING:
    from tests.reference.simulator import Simulator


def enter(sim: Simulator, token: Token, node: Node, *, guarded: bool = True, took: bool = False) -> None:
    """A token comes to a task; one that takes a message waits for it first (H14)."""
    scope, visit = token.scope, token.scope.visit(node)
    travel.stand(token, node, visit)
    activity = Activity(node, scope, visit, token=token)
    scope.works.append(activity)
    if node.takes and not took:
        message = messages.lying(token.case, node)
        sim.rest(token, "event", node)
        if guarded:
            guards.arm_all(sim, activity)
        if not token.alive:
            return
        if message is not None:
            messages.take_lying(sim, token, message)
            enable(sim, activity)
            return

        def taken(message: Token) -> None:
            activity.taker = None
            messages.take_coming(sim, token, message)
            enable(sim, activity)

        activity.taker = Taker(taken)
        token.case.takers[node.process, node.id].append(activity.taker)
        return
    instance = instance_of(sim, activity)
    if guarded:
        guards.arm_all(sim, activity)
    if token.alive:
        offer(sim, instance)


def instance_of(sim: Simulator, activity: Activity) -> Instance:
    token, node = activity.token, activity.node
    assert token is not None
    instance = Instance(len(sim.instances), node, token, activity.visit, sim.now, work_time(sim, activity), scope_text=activity.scope.text)
    sim.instances.append(instance)
    token.instance = instance
    sim.rest(token, "event", node)
    return instance


def work_time(sim: Simulator, activity: Activity) -> int:
    """H37: drawn on entering."""
    node, scope = activity.node, activity.scope
    assert node.times is not None
    given = node.times.processing_time
    if isinstance(given, tuple):
        given = next(each.time for each in given if holds(sim, activity, each))
    assert given is not None
    return drawn(given).value(sim.number(Purpose.PROCESSING, (node.process, node.id), scope, activity.visit))


def holds(sim: Simulator, activity: Activity, given: TimeWhen) -> bool:
    return given.when is None or bool(choices.evaluate(sim, activity.scope.case, given.when))


def enable(sim: Simulator, activity: Activity) -> None:
    offer(sim, instance_of(sim, activity))


def offer(sim: Simulator, instance: Instance) -> None:
    node = instance.node
    if node.pool is None:
        start(sim, instance, None, 0)
        return
    pool = sim.pools[node.pool]
    person = pool.free()
    if pool.queue or person is None or not pool.opening.is_open(sim.now):
        pool.queue.append(instance)
        plan_opening(sim, pool)
    else:
        start(sim, instance, pool, person)


def plan_opening(sim: Simulator, pool: Pool) -> None:
    """Let the pool open for those who wait."""
    if pool.queue and pool.opens is None and not pool.opening.is_open(sim.now):
        pool.opens = sim.schedule(pool.opening.next_opening(sim.now), 3, lambda: open_pool(sim, pool), key=pool.key)


def open_pool(sim: Simulator, pool: Pool) -> None:
    pool.opens = None
    serve(sim, pool)


def serve(sim: Simulator, pool: Pool) -> None:
    """Whoever is free takes the head of the queue, the lowest number first."""
    while pool.queue and (person := pool.free()) is not None and pool.opening.is_open(sim.now):
        start(sim, pool.queue.pop(0), pool, person)
    plan_opening(sim, pool)


def take_head(sim: Simulator, pool: Pool, person: int) -> None:
    """A freed person takes the head of the queue."""
    if pool.queue and pool.opening.is_open(sim.now):
        start(sim, pool.queue.pop(0), pool, person)
    plan_opening(sim, pool)


def start(sim: Simulator, instance: Instance, pool: Pool | None, person: int) -> None:
    token = instance.token
    instance.start, instance.status, instance.person = sim.now, "running", person
    sim.move(token, instance.row)
    token.since = sim.now
    if pool is None:
        sim.nobodys[instance.row] = instance
        done = sim.now + instance.lasts
    else:
        pool.working[person] = instance
        done = pool.opening.after(sim.now, instance.lasts)
    token.next = sim.schedule(done, 1, lambda: complete(sim, instance, pool), token.case)


def complete(sim: Simulator, instance: Instance, pool: Pool | None) -> None:
    """A freed person takes the queue's head first, then the finished token moves on (H33)."""
    instance.complete, instance.status = sim.now, "completed"
    token, node = instance.token, instance.node
    if pool is None:
        del sim.nobodys[instance.row]
    else:
        del pool.working[instance.person]
        take_head(sim, pool, instance.person)
    (activity,) = [each for each in token.scope.works if each.token is token]
    token.origins, token.critical, token.state = {instance.row: Origin(instance.row, sim.now)}, instance.row, ""
    token.instance = token.next = None
    guards.close_activity(sim, activity)
    choices.set_attributes(sim, token.case, node)
    if token.alive:
        messages.send(sim, token, node)
    if token.alive:
        if token.scope.work is not None and token.scope.work.node is node:
            scopes.end(sim, token, node)
        else:
            travel.leave(sim, token, node)


def cut_off(sim: Simulator, instance: Instance) -> tuple[Pool, int] | None:
    """Interrupt or withdraw work; return who is free then."""
    instance.complete = sim.now
    if instance.start < 0:
        instance.status = "withdrawn"
        pool = sim.pools[str(instance.node.pool)] if instance.node.pool else None
        if pool is not None and instance in pool.queue:
            pool.queue.remove(instance)
            if not pool.queue and pool.opens is not None:
                pool.opens.off, pool.opens = True, None
        return None
    instance.status = "interrupted"
    if instance.node.pool is None:
        del sim.nobodys[instance.row]
        return None
    pool = sim.pools[instance.node.pool]
    del pool.working[instance.person]
    return pool, instance.person
