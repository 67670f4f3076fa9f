"""Definitions → file: what was not edited byte for byte as it was read."""

from __future__ import annotations

import os

from bpmnmap.model import Definitions, XmlElement
from bpmnmap.model.collection import collection_paused
from bpmnmap.model.definitions import Edited
from bpmnmap.xmlio.document import Document
from bpmnmap.xmlio.editing import Editor
from bpmnmap.xmlio.escaping import encoded
from bpmnmap.xmlio.file_replacement import replace_file
from bpmnmap.xmlio.original import Original
from bpmnmap.xmlio.qualified import prefixed_values
from bpmnmap.xmlio.scope import CUSTOMARY, Scope
from bpmnmap.xmlio.serialization import Serializer, Style
from bpmnmap.xmlio.vocabulary import BPMNDI, DC, DI, MODEL, XSI, tag


def format_bpmn(definitions: Definitions) -> bytes:
    """The bytes of the file for a map.

    Parameters
    ----------
    definitions
        A map that was read, edited or made in code.

    Returns
    -------
    bytes
        Of a map that was read, the very bytes; where it was edited, all outside the edits is as it was. A map made in code is
        written as UTF-8, indented by two spaces.

    Raises
    ------
    MapError
        The map holds something that no file of BPMN can hold.
    TypeError
        What was given is no map.

    Examples
    --------
    >>> from bpmnmap.xmlio.reader import parse_bpmn
    >>> data = b'''<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace='urn:permits'>
    ...   <process id="permit"><task id='Check' name='Check' /></process><!-- drawn by hand -->
    ... </definitions>'''
    >>> edited = parse_bpmn(data).replace("Check", name="Check form")
    >>> format_bpmn(edited) == data.replace(b"name='Check'", b"name='Check form'")
    True
    """
    if not isinstance(definitions, Definitions):
        raise TypeError(f"definitions must be a map (got a {type(definitions).__name__})")
    source = definitions.source
    if isinstance(source, Document):
        return source.data
    if isinstance(source, Edited) and isinstance(source.original.source, Document):
        if source.original == definitions:
            return source.original.source.data
        with collection_paused():
            original = Original(source.original, source.original.source)
            return encoded(Editor(original, definitions).edited(), original.encoding)
    return _whole(definitions)


def write_bpmn(definitions: Definitions, path: str | os.PathLike[str]) -> None:
    """Write a map to a file.

    The file is replaced at once: whatever happens, it holds either what it held before or the whole new map. It may be the one that
    the map was read from. On Linux nothing is left beside it even if the process is killed.

    Parameters
    ----------
    definitions
        A map that was read, edited or made in code.
    path
        The file. A new one has the permissions that the process gives to new files, an old one keeps its own; of a symbolic link,
        the file that it leads to is replaced.

    Raises
    ------
    MapError
        The map holds something that no file of BPMN can hold, or the file cannot be written; it is then as it was.
    TypeError
        What was given is no map, or no path.

    Examples
    --------
    >>> write_bpmn(Definitions(target_namespace="urn:permits"), "no/such/folder/permit.bpmn")
    Traceback (most recent call last):
        ...
    bpmnmap.errors.MapError: no/such/folder/permit.bpmn: error[not-written] the map cannot be written: its folder does not exist
        fix: make the folder, or name another
    """
    data = format_bpmn(definitions)
    name = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(name, str):
        raise TypeError(f"path must be a path of text (got {path!r})")
    replace_file(name, data)


def _whole(definitions: Definitions) -> bytes:
    """A map without a file."""
    scope = Scope({})
    for namespace in _namespaces(definitions):
        scope.attribute_name(f"{{{namespace}}}any")
    for element in definitions.walk():
        for value in prefixed_values(element):
            scope.value_prefix(value.partition(":")[0])
    serializer = Serializer(Style(is_id=definitions.index().__contains__))
    inner = Scope(scope.bound)
    root = serializer.element(tag(Definitions), _with_target(definitions), inner, "\n")
    declared = "".join(f'\n  xmlns:{prefix}="{uri}"' for prefix, uri in scope.bound.items())
    opening = f"<{CUSTOMARY[MODEL]}:definitions"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}{declared}{root.removeprefix(opening)}\n'.encode()


def _with_target(definitions: Definitions) -> Definitions:
    """The map with the target namespace that the schema demands."""
    return definitions if definitions.target_namespace is not None else definitions.replace(definitions, target_namespace="")


def _namespaces(definitions: Definitions) -> list[str]:
    """All namespaces of a map, BPMN's first, then in document order."""
    found = dict.fromkeys([MODEL, *([BPMNDI, DC, DI] if definitions.diagrams else []), XSI])
    for element in definitions.walk():
        names = [name for name, _ in element.extension_attributes]
        foreign = [*getattr(element, "extension_elements", ()), *element.other_elements]
        for each in foreign:
            if isinstance(each, XmlElement):
                for inner in each.walk():
                    names += [inner.name, *(name for name, _ in inner.attributes)]
        found |= dict.fromkeys(name[1:].rpartition("}")[0] for name in names if name.startswith("{"))
    return [each for each in found if each and each != "http://www.w3.org/XML/1998/namespace"]
