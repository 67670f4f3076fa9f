"""Whether SpiffWorkflow keeps the standard's rules of joins, told from its own tokens alone.

It is asked only what has been completed; on which flows tokens wait then is counted here, and held against BPMN 2.0.2, 13.4.1 and
13.4.3. Our token game has no part in it: what is blamed on SpiffWorkflow is blamed by the standard's text.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from SpiffWorkflow.util.task import TaskState

from tests.semantics.spiff.draw import Chart


class Ledger:
    """The tokens that wait before the joins of a case."""

    def __init__(self, chart: Chart) -> None:
        self.charts = {name: inside for name, (inside, _) in chart.all_nodes().items()}
        self.waiting: dict[Any, Counter[str]] = {}
        self.broken: list[tuple[str, str]] = []

    def joins(self, node: str | None, kind: str) -> bool:
        chart = self.charts.get(node or "")
        return chart is not None and chart.nodes[node or ""].kind == kind and len(chart.into(node or "")) > 1

    def is_join(self, node: str | None) -> bool:
        return self.joins(node, "parallelGateway") or self.joins(node, "inclusiveGateway")

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
                self.waiting.setdefault(task.workflow, Counter())[flow] += 1

    def fires(self, task: Any) -> None:
        """A join is about to go on."""
        node = task.task_spec.bpmn_id
        if self.drops(task):
            self.broken.append(("dropped", node))
        if self.joins(node, "parallelGateway"):
            waiting = self.waiting.setdefault(task.workflow, Counter())
            entries = self.charts[node].into(node)
            if not all(waiting[flow] for flow in entries):
                self.broken.append(("early-parallel", node))
            waiting.subtract(flow for flow in entries if waiting[flow])
        elif self.joins(node, "inclusiveGateway"):
            waiting = self.waiting.setdefault(task.workflow, Counter())
            if self.awaited(task.workflow, node):
                self.broken.append(("early-inclusive", node))
            waiting.subtract(flow for flow in self.charts[node].into(node) if waiting[flow])

    def drops(self, task: Any) -> bool:
        """Whether tokens that an earlier token became at this gateway are there still: SpiffWorkflow drops them now."""
        node = task.task_spec.bpmn_id
        if node not in self.charts or self.charts[node].nodes[node].kind not in {"parallelGateway", "inclusiveGateway"}:
            return False
        return any(
            other.state == TaskState.COMPLETED
            and other != task
            and not task.is_descendant_of(other)
            and any(each.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED | TaskState.FUTURE) for each in other)
            for other in task.workflow.get_tasks(spec_name=task.task_spec.name)
        )

    def rests(self) -> None:
        """All that takes no time has passed: no join may be left that should have gone on."""
        for workflow, waiting in self.waiting.items():
            nodes = {self.target(flow) for flow, number in waiting.items() if number}
            for node in sorted(nodes):
                entries = self.charts[node].into(node)
                if self.joins(node, "parallelGateway"):
                    if all(waiting[flow] for flow in entries):
                        self.broken.append(("lost-parallel", node))
                elif not self.awaited(workflow, node):
                    self.broken.append(("late-inclusive", node))

    def target(self, flow: str) -> str:
        (target,) = {chart.flows[flow][1] for chart in self.charts.values() if flow in chart.flows}
        return target

    def awaited(self, workflow: Any, join: str) -> bool:
        """Whether a token may still come to an empty entry of an inclusive join and to no other."""
        chart, waiting = self.charts[join], self.waiting[workflow]
        entries = set(chart.into(join))
        full = {flow for flow in entries if waiting[flow]}
        places = [{flow} for flow, number in waiting.items() if number and flow not in entries]
        places += [
            set(chart.out(task.task_spec.bpmn_id))
            for task in workflow.get_tasks(state=TaskState.READY | TaskState.STARTED | TaskState.WAITING)
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
