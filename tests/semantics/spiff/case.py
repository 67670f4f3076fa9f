"""A case of a drawn map in SpiffWorkflow, and whoever decides for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, Final, TypeAlias

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.semantics.spiff.draw import Chart
from tests.semantics.spiff.emit import CHOOSING
from tests.semantics.spiff.ledger import Ledger

Choose: TypeAlias = Callable[[str], list[str]]
"""Which flows a token takes at the gateway of this id; of a loop: `AGAIN`, if there is another turn."""

AGAIN: Final = "again"

CHILD: Final = " [child]"
"""So ends the name of what SpiffWorkflow repeats."""


class RefusedError(Exception):
    """SpiffWorkflow cannot play the map: it looks ahead without end."""


class Case:
    """A case in SpiffWorkflow, that always has come to rest.

    Parameters
    ----------
    chart, text
        The map, and as BPMN.
    choose
        Asked for each token that comes to where it chooses.
    ledger
        Told what the tokens do.

    Raises
    ------
    RefusedError
        Here or in `complete`.
    """

    def __init__(self, chart: Chart, text: bytes, choose: Choose, ledger: Ledger) -> None:
        self.choosing, self.choose, self.ledger = options(chart), choose, ledger
        parser = BpmnParser()
        parser.add_bpmn_str(text, "drawn.bpmn")
        try:
            self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        except RecursionError as error:
            raise RefusedError from error
        self.settle()

    def settle(self) -> None:
        """Let pass what takes no time."""
        while True:
            try:
                self.workflow.do_engine_steps(will_complete_task=self.passes, did_complete_task=self.ledger.completed)
            except RecursionError as error:
                raise RefusedError from error
            if self.workflow.get_next_task(state=TaskState.READY, manual=False) is None:
                self.ledger.rests()
                return

    def passes(self, task: Any) -> None:
        """A token is about to leave a node: set the variables that it will be asked for."""
        self.ledger.fires(task)
        node = task.task_spec.bpmn_id
        if node in self.choosing and (self.choosing[node] != [AGAIN] or task.task_spec.name.endswith(CHILD)):
            ways = "".join(f"{way} " for way in self.choose(node))
            for each in (task, task.parent):  # inclusive gateways take their data from there again
                each.data[f"ways_{node}"] = ways

    def work(self) -> list[Any]:
        """What may be completed."""
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def ready(self) -> list[str]:
        """Ids of what may be completed, each as often as there is."""
        return sorted(task.task_spec.bpmn_id for task in self.work())

    def in_several_scopes(self) -> set[str]:
        """Ids of tasks that may be completed in several instances of what is around them: which of them is not told by the id."""
        places = {(task.task_spec.bpmn_id, task.parent if task.task_spec.name.endswith(CHILD) else task.workflow) for task in self.work()}
        return {name for name, number in Counter(name for name, _ in places).items() if number > 1}

    def complete(self, task: Any) -> None:
        """Complete one of `work`."""
        self.passes(task)
        try:
            task.run()
        except RecursionError as error:
            raise RefusedError from error
        self.ledger.completed(task)
        self.settle()

    @property
    def completed(self) -> bool:
        """Whether the case has ended."""
        return bool(self.workflow.completed)


def options(chart: Chart) -> dict[str, list[str]]:
    """Return for each node at which tokens choose what there is to choose from."""
    found = {}
    for name, (inside, node) in chart.all_nodes().items():
        if node.kind in CHOOSING and len(inside.out(name)) > 1:
            found[name] = inside.out(name)
        elif node.repeated == "turns":
            found[name] = [AGAIN]
    return found


def by_chance(chart: Chart, random: Random) -> Choose:
    """Return whoever chooses by chance."""
    ways, nodes = options(chart), chart.all_nodes()

    def choose(name: str) -> list[str]:
        if ways[name] == [AGAIN]:
            return [AGAIN] * random.randint(0, 1)
        number = 1 if nodes[name][1].kind == "exclusiveGateway" else random.randint(1, len(ways[name]))
        return sorted(random.sample(ways[name], number), key=ways[name].index)

    return choose


__all__ = ["AGAIN", "Case", "Choose", "RefusedError", "by_chance", "options"]
