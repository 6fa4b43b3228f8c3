"""Field values from records: by name, by plain path, or by one jq program for all rules that need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from helhet.importers import expressions
from helhet.importers.fields import LISTS, REQUIRED
from helhet.importers.loose import WHOLE_MAX
from helhet.importers.mapping import (
    Column,
    Constant,
    Expression,
    Mapping,
    Named,
    Rest,
    Rule,
    Spec,
    Steps,
)
from helhet.importers.problems import FileRefused, Place, RowRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from helhet.importers.reading import Row

Picked = tuple[Place, "dict[str, Any] | RowRefused"]
_MISSING = object()


class Picker:
    """Values for rules without jq."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._taken = {name.lower() for spec in rule.fields.values() if isinstance(spec, Column) for name in spec.names}

    def pick(self, records: list[Row]) -> Iterator[Picked]:
        """Place and values for each record that the rule takes."""
        rule = self._rule
        for record in records:
            if isinstance(record.values, dict) and self._is_document(record.values):
                continue
            if rule.records is None:
                yield record.place, self._one(record.values, record.place)
                continue
            assert isinstance(rule.records, Steps)
            below = _walk(record.values, rule.records.names)
            for number, value in enumerate(below if isinstance(below, list) else (), 1):
                place = Place(record.where, record.line, f"{rule.records.names[-1]} {number}")
                yield place, self._one(value, place)

    def _is_document(self, values: dict[str, Any]) -> bool:
        """Whether lists stand under the names that it must lack, rather than in a record that has what it needs."""
        if not any(isinstance(values.get(name), list) for name in self._rule.lacks):
            return False
        needed = _needed(self._rule)
        return not needed or not all(any(values.get(name) not in (None, "") for name in names) for names in needed)

    def _one(self, values: Any, place: Place) -> dict[str, Any] | RowRefused:
        if not isinstance(values, dict):
            found = "a list" if isinstance(values, list) else "a single value"
            return RowRefused(place, "not_an_object", {"found": found}, self._rule.noun)
        by_lower: dict[str, Any] = {}
        for name, value in values.items():
            plain = str(name).lower().removeprefix("@")
            if plain in self._taken and by_lower.get(plain, value) != value:
                if value in (None, "", []):
                    continue
                if by_lower[plain] not in (None, "", []):
                    return self._alike(plain, list(values), place)
                by_lower[plain] = value
            by_lower.setdefault(plain, value)
        fields: dict[str, Any] = {}
        for name, spec in self._rule.fields.items():
            value = self._value(spec, values, by_lower)
            if value is not _MISSING:
                fields[name] = value
        return fields

    def _alike(self, plain: str, names: list[str], place: Place) -> RowRefused:
        """Two names that differ only in case, each with a value of its own: nobody can tell which one is meant."""
        name, other, *_ = (one for one in names if one.lower().removeprefix("@") == plain)
        return RowRefused(place, "names_alike", {"name": name, "other": other}, self._rule.noun)

    def _value(self, spec: Spec, values: dict[str, Any], by_lower: dict[str, Any]) -> Any:
        if isinstance(spec, Column):
            return _column(spec, by_lower)
        if isinstance(spec, Constant):
            return spec.value
        if isinstance(spec, Steps):
            return _walk(values, spec.names)
        if isinstance(spec, Named):
            return {name: self._found(one, values, by_lower) for name, one in spec.values.items()}
        assert isinstance(spec, Rest)
        return {
            name.removeprefix("@"): value
            for name, value in values.items()
            if name.lower().removeprefix("@") not in self._taken and name != "@element"
        }

    def _found(self, spec: Spec, values: dict[str, Any], by_lower: dict[str, Any]) -> Any:
        value = self._value(spec, values, by_lower)
        return None if value is _MISSING else value


def _needed(rule: Rule) -> list[tuple[str, ...]]:
    """The names of a record that it cannot do without, each with those that may stand for it."""
    specs = [rule.fields[name] for name in REQUIRED[rule.noun]]
    return [spec.names for spec in specs if isinstance(spec, Column)]


def _column(spec: Column, by_lower: dict[str, Any]) -> Any:
    """The first value that is not empty, else an empty one if there is such a column at all."""
    found: Any = _MISSING
    for name in spec.names:
        value = by_lower.get(name.lower(), _MISSING)
        if value is _MISSING:
            continue
        if isinstance(value, list) and len(spec.names) == 1:
            return value
        if value not in (None, "", []):
            return value
        found = value
    return found


def _walk(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


class JqRules:
    """All rules of a mapping that need jq, as one program: a record's text is made and parsed once for all of them.

    `columns` are a table's, so that a column is found whatever its name's case.
    """

    def __init__(self, mapping: Mapping, rules: tuple[Rule, ...], columns: tuple[str, ...] = ()) -> None:
        self._rules = rules
        self._mapping = mapping
        if rules:
            as_written = {name.lower(): name for name in reversed(columns)}
            parts = ",\n".join(_rule_program(rule, as_written) for rule in rules)
            self._program = f"{mapping.define}\n.[] | . as $doc | {_lets(mapping)} [{parts}]"

    def run(self, records: list[Row]) -> dict[str, list[Picked]]:
        """Place and values by rule. Raises FileRefused when a `let` fails."""
        found: dict[str, list[Picked]] = {rule.path: [] for rule in self._rules}
        if not self._rules:
            return found
        text = _as_json([record.values for record in records])
        try:
            outputs = expressions.compiled(self._program).input_text(text)
            for record, output in zip(records, outputs, strict=True):
                for rule, results in zip(self._rules, output, strict=True):
                    found[rule.path].extend(_results(rule, record, results))
        except ValueError as error:
            where = records[0].place
            raise FileRefused("jq_failed", where, mapping=self._mapping.name, error=str(error)[:300]) from error
        return found


def _results(rule: Rule, record: Row, results: list[Any]) -> Iterator[Picked]:
    for number, result in enumerate(results, 1):
        place = record.place
        if rule.records is not None and len(results) > 1:
            place = Place(record.where, record.line, f"{rule.noun} {number}")
        if result is None:
            continue
        if "!" in result:
            error = result["!"]
            params = error if isinstance(error, dict) else {"field": "records", "error": str(error)}
            yield place, RowRefused(place, "mapping_failed", params, rule.noun)
        else:
            yield place, result


def _as_json(values: list[Any]) -> str:
    """As JSON text, which has no half characters; whole numbers beyond 64 bits are texts in it."""
    try:
        return orjson.dumps(values, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return orjson.dumps(_writable(values), option=orjson.OPT_NON_STR_KEYS).decode()


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_writable(name): _writable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_writable(inner) for inner in value]
    return str(value) if isinstance(value, int) and abs(value) >= WHOLE_MAX else value


def _lets(mapping: Mapping) -> str:
    return "".join(f"({text}\n) as ${name} | " for name, text in mapping.let.items())


def _rule_program(rule: Rule, as_written: dict[str, str]) -> str:
    records = "."
    if isinstance(rule.records, Steps):
        records = f"({_path(rule.records.names)} // [])[]"
    elif isinstance(rule.records, Expression):
        records = f"({rule.records.text}\n)"
    fields = ", ".join(f"{_quoted(name)}: {_field(name, spec, as_written)}" for name, spec in rule.fields.items())
    made = f"{{{fields}}}"
    if rule.when:
        made = f"if ([limit(1; ({rule.when}\n))][0]) then {made} else null end"
    if rule.lacks:
        lacks = " or ".join(f'(.[{_quoted(name)}]? | type) == "array"' for name in rule.lacks)
        if needed := _needed(rule):
            has = (" or ".join(f'(.[{_quoted(one)}]? | . != null and . != "")' for one in names) for names in needed)
            lacks = f"({lacks}) and (({' and '.join(f'({one})' for one in has)}) | not)"
        made = f"if {lacks} then null else {made} end"
    return f'[try ({records} | try ({made}) catch {{"!": .}}) catch {{"!": .}}]'


def _field(name: str, spec: Spec, as_written: dict[str, str]) -> str:
    if isinstance(spec, Constant):
        return orjson.dumps(spec.value).decode()
    if isinstance(spec, Named):
        inner = ", ".join(f"{_quoted(key)}: {_field('', one, as_written)}" for key, one in spec.values.items())
        return f"{{{inner}}}"
    if isinstance(spec, Rest):
        return "."
    if isinstance(spec, Column):
        names = [f".[{_quoted(as_written.get(one.lower(), one))}]" for one in spec.names]
        return names[0] if len(names) == 1 else f'[limit(1; ({", ".join(names)}) | select(. != null and . != ""))][0]'
    if isinstance(spec, Steps):
        return _path(spec.names)
    values = f"[({spec.text}\n)] | flatten" if name in LISTS else f"[limit(1; ({spec.text}\n))][0]"
    return f"(try ({values}) catch error({{field: {_quoted(name)}, error: (. | tostring)}}))"


def _path(names: tuple[str, ...]) -> str:
    return "." + "".join(f"[{_quoted(name)}]?" for name in names)


def _quoted(text: str) -> str:
    """A jq string literal: JSON is one, as long as no backslash-parenthesis can arise."""
    return orjson.dumps(text).decode()
