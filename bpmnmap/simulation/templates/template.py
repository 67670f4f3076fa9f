"""scenario_template: from a map to the two files that a first simulation needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpmnmap import model as m
from bpmnmap.errors import MapError, UnsupportedElementError
from bpmnmap.findings import Finding, Severity
from bpmnmap.semantics.support import UNSUPPORTED
from bpmnmap.simulation.planning.maps import lower_maps
from bpmnmap.simulation.templates.loads import loads
from bpmnmap.simulation.templates.map_units import MapUnits
from bpmnmap.simulation.templates.organization_page import organization_page
from bpmnmap.simulation.templates.scenario_page import scenario_page


@dataclass(frozen=True, slots=True)
class ScenarioTemplate:
    """The texts of two files for maps: what is missing is asked for, or assumed.

    Parameters
    ----------
    organization
        Text of ``org.toml``.
    scenario
        Text of a scenario file beside it.
    findings
        Warnings about the maps.
    """

    organization: str
    scenario: str
    findings: tuple[Finding, ...] = ()


def scenario_template(definitions: m.Definitions | Sequence[m.Definitions], *, assume: bool = False) -> ScenarioTemplate:
    """Texts of an ``org.toml`` and a scenario with every unit, activity, gateway, event, start and transfer of the maps.

    Parameters
    ----------
    definitions
        A map, or several that run at once.
    assume
        Whether what maps do not say is assumed, marked ``assumed = true``, so that the two files run as they are. Else
        each value that is missing is asked for by lines that begin with ``#?`` and hold an example.

    Raises
    ------
    MapError, UnsupportedElementError
        The maps cannot be simulated: with every finding that stops it.
    ValueError
        No map is given.

    Examples
    --------
    >>> import tomllib
    >>> import bpmnmap as bm
    >>> approval = bm.read_bpmn("bpmn_samples/building_approval/building_approval.bpmn")
    >>> template = bm.scenario_template(approval, assume=True)
    >>> tomllib.loads(template.scenario)["activities"]["Check completeness"]["processing_time"]
    {'distribution': 'gamma', 'mean': 'PT15M', 'standard_deviation': 'PT10M'}
    """
    given = [definitions] if isinstance(definitions, m.Definitions) else list(definitions)
    if not given:
        raise ValueError("definitions must hold at least one map (got none)")
    maps = lower_maps(given)
    errors = [finding for finding in maps.findings if finding.severity is Severity.ERROR]
    if errors:
        raise (UnsupportedElementError if all(error.code == UNSUPPORTED for error in errors) else MapError)(maps.findings)
    units = MapUnits(maps)
    load = loads(maps.programs, units.places)
    organization = organization_page(maps, units, load.people, assume=assume)
    return ScenarioTemplate(organization, scenario_page(maps, units, load.gap_us, assume=assume), maps.findings)
