"""YAML with several documents, built from libyaml's events: plain data only, bounded depth and references.

Values follow YAML 1.2's core rules, as people mean them: `no`, `on` and `2017-5-02` stay texts. Building from events
instead of nodes keeps a hostile nesting from exhausting the C stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from helhet.importers.problems import FileRefused, Place, RowRefused
from helhet.importers.reading.table import RecordTable, Row, too_many_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helhet.importers.limits import Limits
    from helhet.importers.reading.streams import TextFile

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,300})\Z")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_QUOTED = {"'", '"', "|", ">"}
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = {None, "!", *(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))}


class YamlTable(RecordTable):
    """One YAML file: each document is a record; a document that is a list gives a record for each element."""

    def __init__(self, name: str, file: TextFile, limits: Limits) -> None:
        self.name = name
        self.where = file.where
        self._file = file
        self._limits = limits

    def rows(self) -> Iterator[Row | RowRefused]:
        """Each document, or each element of a list at the top of one; empty documents are left out."""
        count = 0
        try:
            for line, lines, value in self._documents():
                elements = value if isinstance(value, list) else [value]
                for number, element in enumerate(elements):
                    count += 1
                    if count > self._limits.rows:
                        raise too_many_rows(self.where, self._limits)
                    yield Row(self.where, lines[number] if isinstance(value, list) else line, element)
        except UnicodeDecodeError as error:
            raise self._file.not_text(error) from error
        if not count:
            raise FileRefused("empty", self.where)

    def _documents(self) -> Iterator[tuple[int, list[int], Any]]:
        """First line, the lines of a top list's elements, and value of each document that is not empty."""
        with self._file.text() as text:
            try:
                events = yaml.parse(text, Loader=_LOADER)
                builder = _Builder(self.where, self._limits)
                for event in events:
                    builder.take(event)
                    if builder.ready:
                        value = builder.value
                        if value is not None:
                            yield builder.line, builder.lines, value
                        builder.clear()
            except yaml.MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                line = mark.line + 1 if mark else 0
                told = error.problem or error.context or "broken"
                raise FileRefused("yaml_broken", Place(self.where, line), line=line, error=told) from error
            except yaml.YAMLError as error:
                raise FileRefused("yaml_broken", self.where, line=0, error=str(error)[:200]) from error


class _Open:
    """A list or object that is being filled."""

    __slots__ = ("anchor", "key", "merged", "nodes_before", "value", "waits")

    def __init__(self, value: list[Any] | dict[str, Any], anchor: str | None, nodes_before: int) -> None:
        self.value = value
        self.anchor = anchor
        self.nodes_before = nodes_before
        self.key: str | None = None
        self.waits = False
        self.merged: list[Any] = []


class _Builder:
    """Values from events, with a stack of its own."""

    def __init__(self, where: str, limits: Limits) -> None:
        self._where = where
        self._limits = limits
        self.clear()

    def clear(self) -> None:
        """Ready for the next document."""
        self.ready = False
        self.value: Any = None
        self.line = 0
        self.lines: list[int] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._repeated = 0

    def take(self, event: Any) -> None:
        """One event of the parser."""
        at = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event, at), event.anchor, 1, at, plain_key=event.value)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event, at)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close(at)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor or "", at)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.line = at
        elif isinstance(event, yaml.DocumentEndEvent):
            self.ready = True

    def _open(self, event: Any, at: int) -> None:
        if event.tag not in _PLAIN_TAGS:
            raise FileRefused("yaml_tag", Place(self._where, at), line=at, tag=event.tag)
        if len(self._stack) >= self._limits.nesting:
            raise FileRefused("nesting", Place(self._where, at), line=at, limit=self._limits.nesting)
        if not self._stack:
            self.line = at
        elif len(self._stack) == 1 and isinstance(self._stack[0].value, list):
            self.lines.append(at)
        value: list[Any] | dict[str, Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Open(value, event.anchor, self._nodes))

    def _close(self, at: int) -> None:
        done = self._stack.pop()
        value = done.value
        if isinstance(value, dict):
            for base in done.merged:
                for name, inner in base.items():
                    value.setdefault(name, inner)
        self._put(value, done.anchor, 1 + self._nodes - done.nodes_before, at, closing=True)

    def _alias(self, anchor: str, at: int) -> None:
        if anchor not in self._anchors:
            raise FileRefused("yaml_broken", Place(self._where, at), line=at, error=f"nothing is called *{anchor}")
        value, weight = self._anchors[anchor]
        self._repeated += weight
        if self._repeated > self._limits.repeated:
            raise FileRefused("yaml_aliases", Place(self._where, at), line=at, limit=self._limits.repeated)
        self._put(value, None, weight, at)

    def _put(
        self, value: Any, anchor: str | None, weight: int, at: int, *, closing: bool = False, plain_key: str = ""
    ) -> None:
        """A finished value goes where it belongs: into its list, under its name, or out as the document."""
        self._nodes += 1 if closing else weight
        if anchor:
            self._anchors[anchor] = (value, weight)
        if not self._stack:
            self.value = value
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            if len(self._stack) == 1 and not closing:
                self.lines.append(at)
            top.value.append(value)
        elif not top.waits:
            self._name(top, value, plain_key, at)
        else:
            self._under(top, value, at)

    def _name(self, top: _Open, value: Any, plain_key: str, at: int) -> None:
        if isinstance(value, list | dict):
            raise FileRefused("yaml_broken", Place(self._where, at), line=at, error="a name must be a text")
        name = value if isinstance(value, str) else plain_key or str(value)
        assert isinstance(top.value, dict)
        if name in top.value:
            raise FileRefused("yaml_twice", Place(self._where, at), line=at, name=name)
        top.key, top.waits = name, True

    def _under(self, top: _Open, value: Any, at: int) -> None:
        assert isinstance(top.value, dict)
        assert top.key is not None
        top.waits = False
        if top.key != "<<":
            top.value[top.key] = value
            return
        bases = value if isinstance(value, list) else [value]
        if not all(isinstance(base, dict) for base in bases):
            raise FileRefused("yaml_broken", Place(self._where, at), line=at, error="<< must name an object")
        top.merged.extend(bases)

    def _scalar(self, event: Any, at: int) -> Any:
        if event.tag not in _PLAIN_TAGS:
            raise FileRefused("yaml_tag", Place(self._where, at), line=at, tag=event.tag)
        text: str = event.value
        if event.tag == _CORE + "str" or (event.style in _QUOTED and not event.tag) or event.tag == "!":
            return text
        return plain(text)


def plain(text: str) -> Any:
    """The value of a plain scalar: null, boolean, number or text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "+-.0123456789":
        if _INTEGER.match(text):
            return int(text)
        if len(text) < 40 and _NUMBER.match(text) and not (text[0] == "0" and text[1:2].isdigit()):
            number = float(text)
            return number if abs(number) < 1e300 else text
    return text
