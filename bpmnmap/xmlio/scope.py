"""Namespaces in scope where something is written, and the prefixes that it gets there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeAlias

from bpmnmap.xmlio.vocabulary import BPMNDI, DC, DI, MODEL, XSI, canonical_tag

_XML = "http://www.w3.org/XML/1998/namespace"
CUSTOMARY = {
    MODEL: "bpmn",
    BPMNDI: "bpmndi",
    DC: "dc",
    DI: "di",
    XSI: "xsi",
    "http://activiti.org/bpmn": "activiti",
    "http://bpmn.io/schema/bpmn/biocolor/1.0": "bioc",
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://flowable.org/bpmn": "flowable",
    "http://www.bpsim.org/schemas/1.0": "bpsim",
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": "color",
    "http://www.signavio.com": "signavio",
}
"""Prefixes that tools use."""
_XML_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_CUSTOMARY_MEANING = {prefix: namespace for namespace, prefix in CUSTOMARY.items()} | {"xs": _XML_SCHEMA, "xsd": _XML_SCHEMA}

Uses: TypeAlias = Counter[tuple[str, str | None]]
"""How often a namespace is written with a prefix."""


class Scope:
    """The prefixes that are bound at one place.

    Parameters
    ----------
    bound
        Namespaces by prefix.
    uses
        Gives how often a document uses a prefix for a namespace; asked where there are several.
    """

    def __init__(self, bound: Mapping[str | None, str], uses: Callable[[], Uses] = Counter) -> None:
        self.bound = dict(bound)
        self.uses = uses

    def inner(self) -> Scope:
        """The scope inside an element; what is declared there is not bound outside."""
        return Scope(self.bound, self.uses)

    def element_name(self, name: str, like: str | None = None) -> tuple[str, str]:
        """A name in Clark notation as a tag bears it, and the declaration that it needs ("" if none).

        ``like`` is the prefix of the element around, which is taken if it fits.
        """
        namespace, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
        if not namespace:
            if None not in self.bound or not self.bound[None]:
                return local, ""
            self.bound[None] = ""
            return local, ' xmlns=""'
        fitting = self._prefixes(namespace)
        if fitting:
            prefix = like if like in fitting else max(fitting, key=lambda each: self.uses()[namespace, each])
            return (f"{prefix}:{local}" if prefix else local), ""
        prefix, declaration = self._declare(namespace)
        return f"{prefix}:{local}", declaration

    def attribute_name(self, name: str) -> tuple[str, str]:
        """A name in Clark notation as an attribute bears it, and the declaration that it needs ("" if none)."""
        namespace, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
        if not namespace:
            return local, ""
        if namespace == _XML:
            return f"xml:{local}", ""
        fitting = [prefix for prefix in self._prefixes(namespace) if prefix]
        if fitting:
            return f"{max(fitting, key=lambda each: self.uses()[namespace, each])}:{local}", ""
        prefix, declaration = self._declare(namespace)
        return f"{prefix}:{local}", declaration

    def value_prefix(self, prefix: str) -> str | None:
        """The declaration that a prefix in a value needs: "" if it is bound, None if it is not known what it could mean."""
        if prefix in self.bound or prefix == "xml":
            return ""
        if prefix not in _CUSTOMARY_MEANING:
            return None
        self.bound[prefix] = _CUSTOMARY_MEANING[prefix]
        return f' xmlns:{prefix}="{self.bound[prefix]}"'

    def _prefixes(self, namespace: str) -> list[str | None]:
        """Prefixes of a namespace; for one of BPMN's also of the draft that a document uses in its stead."""
        found = [prefix for prefix, other in self.bound.items() if other == namespace]
        wanted = f"{{{namespace}}}"
        return found or [prefix for prefix, other in self.bound.items() if other and canonical_tag(f"{{{other}}}") == wanted]

    def _declare(self, namespace: str) -> tuple[str, str]:
        wanted = CUSTOMARY.get(namespace, "ns")
        prefix, number = wanted, 0
        while prefix in self.bound or (prefix == "ns" and namespace not in CUSTOMARY):
            number += 1
            prefix = f"{wanted}{number}"
        self.bound[prefix] = namespace
        escaped = namespace.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        return prefix, f' xmlns:{prefix}="{escaped}"'
