"""XML: each child of the root is a record. No document type, no entities, nothing fetched.

A leaf is its text (null when empty); attributes are `@name`; text beside attributes is `#text`; a repeated child is a
list. A record carries its element's name as `@element`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from helhet.importers.problems import FileRefused, Place, RowRefused
from helhet.importers.reading.table import RecordTable, Row, too_many_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from helhet.importers.limits import Limits
    from helhet.importers.reading.streams import Opener


class XmlTable(RecordTable):
    """One XML file, read from its bytes, since XML says its own encoding."""

    def __init__(self, name: str, where: str, opener: Opener, limits: Limits) -> None:
        self.name = name
        self.where = where
        self._open = opener
        self._limits = limits

    def rows(self) -> Iterator[Row | RowRefused]:
        """Each child of the root; the root itself when it has none."""
        with self._open() as source:
            if not source.peek(1):  # type: ignore[attr-defined] # every opener gives a BufferedReader
                raise FileRefused("empty", self.where)
            try:
                yield from self._records(source)
            except ParseError as error:
                line = error.position[0]
                told = str(error).split(":")[0]
                raise FileRefused("xml_broken", Place(self.where, line), line=line, error=told) from error
            except DefusedXmlException as error:
                raise FileRefused("xml_entity", self.where) from error
            except (LookupError, ValueError) as error:
                raise FileRefused("xml_broken", self.where, line=0, error=str(error)[:200]) from error

    def _records(self, source: Any) -> Iterator[Row]:
        path: list[Element] = []
        count = 0
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                if len(path) > self._limits.nesting:
                    raise FileRefused("nesting", self.where, line=0, limit=self._limits.nesting)
                continue
            path.pop()
            if len(path) == 1:
                count += 1
                if count > self._limits.rows:
                    raise too_many_rows(self.where, self._limits)
                yield Row(self.where, count, _record(element))
                path[0].clear()
            elif not path and not count:
                yield Row(self.where, 1, _record(element))


def _record(element: Element) -> dict[str, Any]:
    value = _value(element)
    record = value if isinstance(value, dict) else {"#text": value}
    return {"@element": _local(element.tag), **record}


def _value(element: Element) -> Any:
    text = (element.text or "").strip() or None
    if not len(element) and not element.attrib:
        return text
    value: dict[str, Any] = {f"@{_local(name)}": given for name, given in element.attrib.items()}
    for child in element:
        name, inner = _local(child.tag), _value(child)
        if name not in value:
            value[name] = inner
        elif isinstance(value[name], list):
            value[name].append(inner)
        else:
            value[name] = [value[name], inner]
    if text is not None:
        value["#text"] = text
    return value


def _local(name: str) -> str:
    return name.rpartition("}")[2]
