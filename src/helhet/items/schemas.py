"""The attributes of a kind: rows that people edit, and the JSON Schema that they stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jsonschema
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.kit.errors import Invalid

NAME_LIMIT = 60
ATTRIBUTES_LIMIT = 200
SIZE_LIMIT = 50_000
DEPTH_LIMIT = 8

# Keywords that need no network (as $ref would) and take no time that grows without bound (as pattern may).
KEYWORDS = frozenset(
    {"type", "title", "description", "enum", "const", "format", "default", "examples", "minimum", "maximum",
     "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "items", "minItems", "maxItems",
     "uniqueItems", "properties", "required", "additionalProperties", "minProperties", "maxProperties", "anyOf",
     "oneOf", "allOf", "not", "readOnly", "deprecated", "$schema", "$comment"}
)  # fmt: skip
_HOLD_ONE = ("items", "additionalProperties", "not")
_HOLD_MANY = ("anyOf", "oneOf", "allOf")


class AttributeType(models.TextChoices):
    """What an attribute holds, as people choose it."""

    TEXT = "text", gettext_lazy("text")
    NUMBER = "number", gettext_lazy("number")
    DATE = "date", gettext_lazy("day")
    CHOICE = "choice", gettext_lazy("choice among words")
    BOOLEAN = "boolean", gettext_lazy("yes or no")
    OTHER = "other", gettext_lazy("as the schema says")


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute as a row of the page. `choices` only for a choice; `other` rows keep their schema untouched."""

    name: str
    type: str = AttributeType.TEXT
    is_required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


_PLAIN = {
    AttributeType.TEXT: {"type": "string"},
    AttributeType.NUMBER: {"type": "number"},
    AttributeType.DATE: {"type": "string", "format": "date"},
    AttributeType.BOOLEAN: {"type": "boolean"},
}


def type_of(schema: Any) -> str:
    """Which type of row an attribute's schema is; `other` when no row says it wholly."""
    if not isinstance(schema, dict):
        return AttributeType.OTHER
    bare = {name: value for name, value in schema.items() if name != "description"}
    for kind, plain in _PLAIN.items():
        if bare == plain:
            return kind
    words = bare.get("enum")
    if (
        set(bare) == {"type", "enum"} and bare["type"] == "string" and isinstance(words, list)
        and words and all(isinstance(word, str) and word for word in words)
    ):  # fmt: skip
        return AttributeType.CHOICE
    return AttributeType.OTHER


def rows_of(schema: dict[str, Any]) -> list[AttributeRow]:
    """The rows for a kind's schema, in its order."""
    properties = schema.get("properties", {})
    required = set(schema.get("required", ()))
    return [
        AttributeRow(
            name, type_of(one), name in required,
            tuple(one["enum"]) if type_of(one) == AttributeType.CHOICE else (),
            str(one.get("description", "")) if isinstance(one, dict) else "",
        )
        for name, one in properties.items()
    ]  # fmt: skip


def schema_of(rows: Iterable[AttributeRow], before: dict[str, Any]) -> dict[str, Any]:
    """The schema that rows stand for; what they cannot say is kept from the schema before. Raises Invalid."""
    properties: dict[str, Any] = {}
    known = before.get("properties", {})
    for row in rows:
        name = " ".join(row.name.split())
        if not name:
            raise Invalid(_("An attribute has no name."), field="attributes")
        if name in properties:
            raise Invalid(_("The attribute %(name)s stands twice.") % {"name": name}, field="attributes")
        if row.type == AttributeType.OTHER:
            if name not in known:
                raise Invalid(
                    _("The attribute %(name)s needs a type.") % {"name": name}, field="attributes",
                )  # fmt: skip
            properties[name] = known[name]
            continue
        one = _schema_of_row(row, name)
        if row.help.strip():
            one["description"] = row.help.strip()[:500]
        properties[name] = one
    rest = {key: value for key, value in before.items() if key not in {"properties", "required", "type"}}
    required = [name for row in rows if row.is_required and (name := " ".join(row.name.split()))]
    if not properties and not rest:
        return {}
    schema: dict[str, Any] = {"type": "object", "properties": properties, **rest}
    if required:
        schema["required"] = required
    return schema


def _schema_of_row(row: AttributeRow, name: str) -> dict[str, Any]:
    if row.type != AttributeType.CHOICE:
        if row.type not in _PLAIN:
            raise Invalid(_("There is no type %(type)s.") % {"type": row.type[:30]}, field="attributes")
        return dict(_PLAIN[AttributeType(row.type)])
    words = list(dict.fromkeys(word for choice in row.choices if (word := " ".join(choice.split()))))
    if not words:
        raise Invalid(
            _("The attribute %(name)s has no words to choose among.") % {"name": name},
            todo=_("Write them with commas between."), field="attributes",
        )  # fmt: skip
    return {"type": "string", "enum": words}


def checked_schema(schema: Any) -> dict[str, Any]:
    """A schema that can be kept: of an object, sound, small, and needing nothing from elsewhere. Raises Invalid."""
    if schema in (None, {}, ""):
        return {}
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        raise Invalid(
            _("The attributes are no JSON Schema of an object."),
            todo=_('Begin with {"type": "object", "properties": {…}}.'), field="schema",
        )  # fmt: skip
    _check_keywords(schema, 0)
    if len(json.dumps(schema)) > SIZE_LIMIT:
        raise Invalid(_("The schema is longer than 50,000 characters."), field="schema")
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        place = ".".join(str(part) for part in error.absolute_path)
        raise Invalid(
            _("The schema is not sound: %(message)s")
            % {"message": f"{place}: {error.message}" if place else error.message},
            field="schema",
        ) from error
    properties = schema.get("properties", {})
    if len(properties) > ATTRIBUTES_LIMIT:
        raise Invalid(_("A kind has at most 200 attributes."), field="schema")
    for name in properties:
        if not name.strip() or len(name) > NAME_LIMIT or name != " ".join(name.split()) or "\x00" in name:
            raise Invalid(
                _("The name of the attribute %(name)s cannot be used.") % {"name": name[:NAME_LIMIT]},
                todo=_("Write at most 60 characters on one line."), field="schema",
            )  # fmt: skip
    return {**schema, "type": "object"}


def _check_keywords(schema: Any, depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise Invalid(_("The schema is nested more than 8 deep."), field="schema")
    if not isinstance(schema, dict):
        return
    for word in schema:
        if word not in KEYWORDS:
            raise Invalid(
                _("The schema word %(word)s cannot be used here.") % {"word": str(word)[:40]},
                todo=_("These can: %(words)s.") % {"words": ", ".join(sorted(KEYWORDS))}, field="schema",
            )  # fmt: skip
    for word in _HOLD_ONE:
        _check_keywords(schema.get(word), depth + 1)
    for word in _HOLD_MANY:
        inner = schema.get(word)
        for one in inner if isinstance(inner, list) else ():
            _check_keywords(one, depth + 1)
    properties = schema.get("properties")
    for one in properties.values() if isinstance(properties, dict) else ():
        _check_keywords(one, depth + 1)


def fault_text(error: jsonschema.ValidationError) -> str:  # noqa: PLR0911 - one return for each sort of fault
    """What does not fit, in the reader's words; the library's own for what is rare."""
    value = str(error.instance)[:60]
    wanted: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        missing = [name for name in wanted if name not in instance]
        return _("%(names)s is missing") % {"names": ", ".join(missing)}
    if error.validator == "type":
        sorts = {
            "string": _("text"), "number": _("a number"), "integer": _("a whole number"), "boolean": _("yes or no"),
            "array": _("a list"), "object": _("a structure"),
        }  # fmt: skip
        names = [wanted] if isinstance(wanted, str) else wanted
        told = ", ".join(str(sorts.get(name, name)) for name in names)
        return _("%(value)s is not %(sort)s") % {"value": value, "sort": told}
    if error.validator == "enum":
        return _("%(value)s is none of: %(words)s") % {"value": value, "words": ", ".join(map(str, wanted))[:300]}
    if error.validator == "format" and wanted == "date":
        return _("%(value)s is not a day such as 2026-01-31") % {"value": value}
    if error.validator in {"minimum", "exclusiveMinimum"}:
        return _("%(value)s is too small; at least %(limit)s") % {"value": value, "limit": wanted}
    if error.validator in {"maximum", "exclusiveMaximum"}:
        return _("%(value)s is too large; at most %(limit)s") % {"value": value, "limit": wanted}
    return str(error.message)[:300]
