"""Mapping files: which tables and records become which nouns, and from what each field comes.

A mapping is YAML::

    name: my_source
    title: My source
    per: record            # "." is one record; "file" makes it the list of all records of a file
    define: 'def short: .[0:20];'
    let: {owners: 'INDEX(.owners[]; .id)'}      # $owners, worked out once per "."
    kinds: {Server: server, "*": application}   # the source's words for ours
    states: {Production: live}
    criticality: {"1": critical}
    change_types: {Standard: standard}
    change_states: {Closed Complete: closed}
    outcomes: {successful: done}
    first_group: responsible                    # or none: several groups are claimants
    invent_groups: false
    by_columns: false                           # a table whose name no rule knows is told by its columns
    owns: [name, group]                         # default: all that it gives
    items:
      - table: [devices*, "!devices_old"]       # names of files or sheets, without endings
        has: [role]                             # only tables with these columns
        reads: tables                           # tables, records or both
        records: .results[]?                    # records below "."
        when: .active
        key: id                                 # a bare word is a column or a name in the record, without jq,
                                                # unless `define` has a word of that name
        name: [name, label]                     # the first of these that has a value
        kind: '"server"'                        # a constant
        group: .owner.name                      # a plain path: quick too
        tags: '[.labels[] | ascii_downcase]'    # anything else is jq
        attributes: rest                        # all that no other field took; or names with expressions
    groups:
      - {key: id, name: name, also: name}       # others refer to it by its id or its name
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from helhet.importers import expressions
from helhet.importers.fields import FIELDS, OBJECTS, REQUIRED
from helhet.importers.problems import MappingError
from helhet.importers.rows import CHANGE_STATES, CHANGE_TYPES, CRITICALITIES, NOUNS, OUTCOMES, STATES

_RULE_KEYS = ("table", "has", "lacks", "reads", "records", "when")
_TOP_KEYS = (
    "name", "title", "about", "per", "define", "let", "kinds", "states", "criticality", "bases", "change_types",
    "change_states", "outcomes", "first_group", "invent_groups", "by_columns", "owns", *NOUNS,
)  # fmt: skip
_READS = ("tables", "records", "both")
_COLUMN = re.compile(r"(?!.*\w\()[^\W\d][\w /()#%&.:-]*\Z")
_PATH = re.compile(r"(\.[A-Za-z_]\w*)+\Z")
_RECORDS = re.compile(r"((?:\.[A-Za-z_]\w*)+)\[\]\?\Z")
_LITERAL = re.compile(r'"[^"\\\x00-\x1f]*"\Z')
_PACKAGE = "helhet.importers.mappings"


class _OnceLoader(yaml.SafeLoader):
    """Refuses a name that stands twice, of which the library would keep the last without a word."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """An object whose names stand once each, before `<<` brings any that may be said anew."""
        node = super().compose_mapping_node(anchor)
        seen: set[str] = set()
        for name, _value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value in seen and name.value != "<<":
                raise yaml.composer.ComposerError(None, None, f"“{name.value}” stands twice", name.start_mark)
            seen.add(str(name.value))
        return node


@dataclass(frozen=True, slots=True)
class Column:
    """The value under a name; the first of several that has one."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value always."""

    value: Any


@dataclass(frozen=True, slots=True)
class Steps:
    """A plain path into nested objects."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A jq expression."""

    text: str


@dataclass(frozen=True, slots=True)
class Rest:
    """All that no other field took, as attributes."""


@dataclass(frozen=True, slots=True)
class Named:
    """An object put together from named values."""

    values: dict[str, Column | Constant | Steps | Expression]


Spec = Column | Constant | Steps | Expression | Rest | Named


@dataclass(frozen=True, slots=True)
class Rule:
    """How records become one noun. `records` is jq or a plain path that gives records below "."; empty: "." itself."""

    noun: str
    path: str
    fields: dict[str, Spec]
    tables: tuple[str, ...] = ("*",)
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    reads: str = "both"
    records: Steps | Expression | None = None
    when: str = ""

    @property
    def needs_jq(self) -> bool:
        """Whether any part of it is more than columns, constants and plain paths."""
        specs: list[Spec] = []
        for spec in self.fields.values():
            specs.extend(spec.values.values() if isinstance(spec, Named) else [spec])
        return bool(self.when) or any(isinstance(one, Expression) for one in (self.records, *specs))


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping. `fingerprint` changes with its text, so that digests of rows do too."""

    name: str
    title: str
    text: str
    rules: tuple[Rule, ...]
    about: str = ""
    per: str = "record"
    define: str = ""
    let: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    first_group: bool = False
    invent_groups: bool = False
    by_columns: bool = False
    owns: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> bytes:
        """16 bytes of its text."""
        return blake2b(self.text.encode(), digest_size=16).digest()

    @property
    def nouns(self) -> tuple[str, ...]:
        """The nouns it speaks of."""
        return tuple(dict.fromkeys(rule.noun for rule in self.rules))

    @property
    def preamble(self) -> str:
        """What stands before each of its jq expressions."""
        lets = "".join(f"({text}\n) as ${name} | " for name, text in self.let.items())
        return f"{self.define}\n. as $doc | {lets}"


def shipped() -> tuple[str, ...]:
    """Names of the mappings that come with the package."""
    return tuple(sorted(one.name[:-5] for one in resources.files(_PACKAGE).iterdir() if one.name.endswith(".yaml")))


def find_mapping(name_or_path: str | Path) -> Mapping:
    """A shipped mapping by name, or one from a file. Raises MappingError."""
    given = str(name_or_path)
    if given in shipped():
        return _shipped(given)
    path = Path(given)
    if not path.is_file():
        raise MappingError("mapping_missing", "", shipped(), name=given)
    try:
        return load_mapping(path.read_text("utf-8-sig"), path.stem)
    except (UnicodeDecodeError, OSError) as error:
        raise MappingError("mapping_not_yaml", "", error=str(error)) from error


@cache
def _shipped(name: str) -> Mapping:
    return load_mapping(resources.files(_PACKAGE).joinpath(f"{name}.yaml").read_text("utf-8"), name)


def load_mapping(text: str, name: str = "") -> Mapping:
    """A mapping from its YAML text, checked. Raises MappingError that points at the place."""
    try:
        raw = yaml.load(text, Loader=_OnceLoader)  # noqa: S506 - it is the safe loader, which also tells repeated names
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MappingError("mapping_not_yaml", "", error=" ".join(str(error).split())) from error
    top = _object(raw, "")
    _known(top, _TOP_KEYS, "")
    frame = Mapping(
        name=_text(top.get("name", name), "name"),
        title=_text(top.get("title", top.get("name", name)), "title"),
        text=text,
        rules=(),
        about=_text(top.get("about", ""), "about"),
        per=_choice(top.get("per", "record"), ("record", "file"), "per"),
        define=_text(top.get("define", ""), "define"),
        let={key: _text(one, f"let.{key}") for key, one in _object(top.get("let", {}), "let").items()},
        kinds=_words(top.get("kinds"), "kinds"),
        words={
            "state": _words(top.get("states"), "states", STATES),
            "criticality": _words(top.get("criticality"), "criticality", CRITICALITIES),
            "basis": _words(top.get("bases"), "bases"),
            "change_type": _words(top.get("change_types"), "change_types", CHANGE_TYPES),
            "change_state": _words(top.get("change_states"), "change_states", CHANGE_STATES),
            "outcome": _words(top.get("outcomes"), "outcomes", OUTCOMES),
        },
        first_group=_choice(str(top.get("first_group", "none")), ("responsible", "none"), "first_group") != "none",
        invent_groups=_truth(top.get("invent_groups", False), "invent_groups"),
        by_columns=_truth(top.get("by_columns", False), "by_columns"),
        owns=_names(top.get("owns", []), "owns", FIELDS["items"]),
    )
    _check_frame(frame)
    rules = tuple(
        _rule(noun, raw_rule, f"{noun}[{number}]", frame.preamble)
        for noun in NOUNS
        for number, raw_rule in enumerate(_rules(top.get(noun, []), noun))
    )
    if not rules:
        raise MappingError("mapping_needs", "", key=" | ".join(NOUNS))
    return replace(frame, rules=rules)


def _check_frame(frame: Mapping) -> None:
    if frame.define:
        expressions.check_words(frame.define, "define")
        expressions.check(".", "define", f"{frame.define}\n")
    before = f"{frame.define}\n. as $doc | "
    for name, text in frame.let.items():
        if not re.match(r"[a-z_]\w*\Z", name):
            raise MappingError("mapping_shape", f"let.{name}", wanted="a name in small letters")
        expressions.check(text, f"let.{name}", before)
        before += f"({text}\n) as ${name} | "


def _rules(raw: Any, noun: str) -> list[Any]:
    if isinstance(raw, dict):
        return [raw]
    if not isinstance(raw, list):
        raise MappingError("mapping_shape", noun, wanted="a list of rules")
    return raw


def _rule(noun: str, raw: Any, path: str, preamble: str) -> Rule:
    given = dict(_object(raw, path))
    names = FIELDS[noun]
    _known(given, (*_RULE_KEYS, *names), path)
    raw_records, when = given.get("records"), given.get("when", "")
    records = None if raw_records is None else _records(_text(raw_records, f"{path}.records"))
    if isinstance(records, Expression):
        expressions.check(records.text, f"{path}.records", preamble)
    if when:
        expressions.check(_text(when, f"{path}.when"), f"{path}.when", preamble)
    fields = {key: _spec(given[key], key, f"{path}.{key}", preamble) for key in names if given.get(key) is not None}
    for key in REQUIRED[noun]:
        if key not in fields:
            raise MappingError("mapping_needs", path, key=key)
    default = "both" if records is None else "records"
    return Rule(
        noun,
        path,
        fields,
        tables=_names(given.get("table", "*"), f"{path}.table"),
        has=_names(given.get("has", []), f"{path}.has"),
        lacks=_names(given.get("lacks", []), f"{path}.lacks"),
        reads=_choice(given.get("reads", default), _READS, f"{path}.reads"),
        records=records,
        when=str(when),
    )


def _records(text: str) -> Steps | Expression:
    found = _RECORDS.match(text.strip())
    return Steps(tuple(found[1].split(".")[1:])) if found else Expression(text)


def _spec(raw: Any, key: str, path: str, preamble: str) -> Spec:
    if key in OBJECTS and raw == "rest":
        return Rest()
    if key in OBJECTS and isinstance(raw, dict):
        return Named({_text(name, path): _value(one, f"{path}.{name}", preamble) for name, one in raw.items()})
    return _value(raw, path, preamble)


def _value(raw: Any, path: str, preamble: str) -> Column | Constant | Steps | Expression:
    if isinstance(raw, list):
        return Column(_names(raw, path))
    if isinstance(raw, dict):
        _known(raw, ("value",), path)
        return Constant(raw.get("value"))
    return Constant(raw) if isinstance(raw, bool | int | float) else _written(_text(raw, path).strip(), path, preamble)


def _written(text: str, path: str, preamble: str) -> Column | Constant | Steps | Expression:
    is_defined = re.search(rf"\bdef\s+{re.escape(text)}\s*[:(]", preamble) is not None
    if _COLUMN.match(text) and not is_defined:
        return Column((text,))
    if _PATH.match(text):
        return Steps(tuple(text.split(".")[1:]))
    if _LITERAL.match(text):
        return Constant(json.loads(text))
    expressions.check(text, path, preamble)
    return Expression(text)


def _object(raw: Any, path: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise MappingError("mapping_shape", path, wanted="an object with named fields")
    return {str(key): value for key, value in raw.items()}


def _known(given: dict[str, Any], allowed: tuple[str, ...], path: str) -> None:
    for key in given:
        if key not in allowed:
            raise MappingError("mapping_key", f"{path}.{key}".lstrip("."), allowed, key=key)


def _text(raw: Any, path: str) -> str:
    if not isinstance(raw, str):
        raise MappingError("mapping_shape", path, wanted="a text")
    return raw


def _truth(raw: Any, path: str) -> bool:
    if not isinstance(raw, bool):
        raise MappingError("mapping_value", path, ("true", "false"), value=str(raw))
    return raw


def _choice(raw: Any, allowed: tuple[str, ...], path: str) -> str:
    if raw not in allowed:
        raise MappingError("mapping_value", path, allowed, value=str(raw))
    return str(raw)


def _names(raw: Any, path: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
    names = [raw] if isinstance(raw, str) else raw
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise MappingError("mapping_shape", path, wanted="a text or a list of texts")
    for name in names:
        if allowed and name not in allowed:
            raise MappingError("mapping_value", path, allowed, value=name)
    return tuple(names)


def _words(raw: Any, path: str, allowed: tuple[str, ...] = ()) -> dict[str, str]:
    words = {key: _text(value, f"{path}.{key}") for key, value in _object(raw or {}, path).items()}
    for key, value in words.items():
        if allowed and value not in allowed:
            raise MappingError("mapping_value", f"{path}.{key}", allowed, value=value)
    return words | {key.lower(): value for key, value in words.items()}
