"""Definitions → file: what was not edited byte for byte as it was read."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bpmnmap.model import Definitions, XmlElement
from bpmnmap.model.definitions import Edited
from bpmnmap.xmlio.document import Document
from bpmnmap.xmlio.editing import Editor
from bpmnmap.xmlio.escaping import encoded
from bpmnmap.xmlio.original import Original
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
    source = definitions.source
    if isinstance(source, Document):
        return source.data
    if isinstance(source, Edited) and isinstance(source.original.source, Document):
        if source.original == definitions:
            return source.original.source.data
        original = Original(source.original, source.original.source)
        return encoded(Editor(original, definitions).edited(), original.encoding)
    return _whole(definitions)


def write_bpmn(definitions: Definitions, path: str | os.PathLike[str]) -> None:
    """Write a map to a file.

    The file is replaced at once: whatever happens, it holds either what it held before or the whole new map.

    Parameters
    ----------
    definitions
        A map that was read, edited or made in code.
    path
        The file; its permissions stay as they are.

    Raises
    ------
    MapError
        The map holds something that no file of BPMN can hold.
    OSError
        The file cannot be written.
    """
    data = format_bpmn(definitions)
    target = Path(os.path.realpath(os.fspath(path)))  # a symbolic link stays one
    with _beside(target) as (descriptor, temporary):
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_permissions(target))
        temporary.replace(target)
    _keep_entry(target.parent)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[int, Path]]:
    """A temporary file in the same folder, which is gone afterwards."""
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        yield descriptor, temporary
    finally:
        temporary.unlink(missing_ok=True)


def _permissions(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _keep_entry(folder: Path) -> None:
    """Have the folder's new entry on disk, where the system can say so."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _whole(definitions: Definitions) -> bytes:
    """A map without a file."""
    scope = Scope({})
    for namespace in _namespaces(definitions):
        scope.attribute_name(f"{{{namespace}}}any")
    serializer = Serializer(Style())
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
