"""Whether SpiffWorkflow keeps the standard's rules of joins, told from its own tokens alone.

It is asked only what has been completed; on which flows tokens wait then is counted here, and held against BPMN 2.0.2, 13.4.1 and
13.4.3. Our token game has no part in it: what is blamed on SpiffWorkflow is blamed by the standard's text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

from SpiffWorkflow.util.task import TaskState

from tests.semantics.spiff.draw import Chart

ALIVE: Final = TaskState.READY | TaskState.STARTED | TaskState.WAITING


class Ledger:
    """The tokens that wait before the joins of a case, and the rules that were broken, in order."""

    def __init__(self, chart: Chart) -> None:
        self.charts = {name: inside for name, (inside, _) in chart.all_nodes().items()}
        self.waiting: defaultdict[Any, Counter[str]] = defaultdict(Counter)
        self.broken: list[str] = []

    def kind(self, node: str | None) -> str:
        """Which gateway a node is; "": none that takes tokens from several flows at once."""
        kind = self.charts[node].nodes[node].kind if node in self.charts else ""
        return kind if kind in {"parallelGateway", "inclusiveGateway"} else ""

    def is_join(self, node: str | None) -> bool:
        return self.kind(node) != "" and len(self.charts[node or ""].into(node or "")) > 1

    def completed(self, task: Any) -> None:
        """A token has left a node: it may have come to joins."""
        node = task.task_spec.bpmn_id
        if node not in self.charts:
            return
        chart = self.charts[node]
        for child in task.children:
            name = child.task_spec.bpmn_id
            if self.is_join(name):
                (flow,) = [flow for flow in chart.out(node) if chart.flows[flow][1] == name]
                self.waiting[task.workflow][flow] += 1

    def fires(self, task: Any) -> None:
        """A token is about to leave a node: if that is a gateway, it may be against the rules."""
        node = task.task_spec.bpmn_id
        if self.kind(node) and self.drops(task):
            self.broken.append("dropped")
        if not self.is_join(node):
            return
        entries, waiting = self.charts[node].into(node), self.waiting[task.workflow]
        full = [flow for flow in entries if waiting[flow]]
        if any(waiting[flow] > 1 for flow in full):
            self.broken.append("excess")
        if self.kind(node) == "parallelGateway" and full != entries:
            self.broken.append("early-parallel")
        if self.kind(node) == "inclusiveGateway" and self.awaited(task.workflow, node):
            self.broken.append("early-inclusive")
        waiting.subtract(full)

    def drops(self, task: Any) -> bool:
        """Whether tokens that an earlier token became at this gateway are there still: SpiffWorkflow drops them now."""
        return any(
            other.state == TaskState.COMPLETED
            and other != task
            and not task.is_descendant_of(other)
            and any(each.task_spec.bpmn_id in self.charts and each.has_state(ALIVE) for each in other)
            for other in task.workflow.get_tasks(spec_name=task.task_spec.name)
        )

    def rests(self) -> None:
        """All that takes no time has passed: no inclusive join may be left that should have gone on."""
        for workflow, waiting in self.waiting.items():
            targets = {target for chart in self.charts.values() for flow, (_, target) in chart.flows.items() if waiting[flow]}
            if any(self.kind(node) == "inclusiveGateway" and not self.awaited(workflow, node) for node in targets):
                self.broken.append("late-inclusive")

    def awaited(self, workflow: Any, join: str) -> bool:
        """Whether a token may still come to an empty entry of an inclusive join and to no other."""
        chart, waiting = self.charts[join], self.waiting[workflow]
        entries = set(chart.into(join))
        full = {flow for flow in entries if waiting[flow]}
        places = [{flow} for flow, number in waiting.items() if number and flow not in entries]
        places += [
            set(chart.out(task.task_spec.bpmn_id))
            for task in workflow.get_tasks(state=ALIVE)
            if task.task_spec.bpmn_id in chart.nodes and not self.is_join(task.task_spec.bpmn_id)
        ]
        return any(reached & (entries - full) and not reached & full for reached in (self.reached(chart, place, join) for place in places))

    def reached(self, chart: Chart, flows: set[str], join: str) -> set[str]:
        """Flows on directed paths from some flows that do not pass the join."""
        reached, pending = set[str](), set(flows)
        while pending:
            reached |= pending
            nodes = {chart.flows[flow][1] for flow in pending} - {join}
            pending = {flow for node in nodes for flow in chart.out(node)} - reached
        return reached


__all__ = ["Ledger"]
