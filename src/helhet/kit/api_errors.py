"""The API's one shape of refusal, and what is refused at its door whatever the address."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Schema
from ninja.parser import Parser

from helhet.kit.errors import Faulty, Refused
from helhet.kit.ports import Port

BEGINNING = "/api/"
DEEPEST = 50
loose_bodies: Port[Iterable[str]] = Port("kit.loose_bodies")
"""Addresses whose bodies come from programs that nobody can ask to send them otherwise. There a sign that cannot be
kept is replaced and a number may be of any size, as long as the address keeps no numbers of theirs.
"""
UNKEPT = re.compile("[\x00\ud800-\udfff]")
WHOLE_NUMBERS = range(-(2**63), 2**63)
BODIES = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")
PLACES = {"body", "query", "path", "form", "file", "header", "cookie"}


FAULTS = {
    "missing": gettext_lazy("is missing"),
    "extra_forbidden": gettext_lazy("is not known here"),
    "string_type": gettext_lazy("must be a text"),
    "string_too_long": gettext_lazy("is longer than %(max_length)s characters"),
    "too_long": gettext_lazy("holds more than %(max_length)s"),
    "string_too_short": gettext_lazy("is shorter than %(min_length)s characters"),
    "int_type": gettext_lazy("must be a whole number"),
    "int_parsing": gettext_lazy("must be a whole number"),
    "bool_type": gettext_lazy("must be true or false"),
    "bool_parsing": gettext_lazy("must be true or false"),
    "list_type": gettext_lazy("must be a list"),
    "dict_type": gettext_lazy("must be an object"),
    "literal_error": gettext_lazy("must be one of %(expected)s"),
    "date_from_datetime_parsing": gettext_lazy("must be a day, such as 2026-01-31"),
    "date_parsing": gettext_lazy("must be a day, such as 2026-01-31"),
    "greater_than_equal": gettext_lazy("must be at least %(ge)s"),
    "less_than_equal": gettext_lazy("must be at most %(le)s"),
    "datetime_from_date_parsing": gettext_lazy("must be a time, such as 2026-01-31T07:00:00Z"),
    "datetime_parsing": gettext_lazy("must be a time, such as 2026-01-31T07:00:00Z"),
    "datetime_type": gettext_lazy("must be a time, such as 2026-01-31T07:00:00Z"),
    "model_type": gettext_lazy("must be an object"),
    "model_attributes_type": gettext_lazy("must be an object"),
}
"""The usual faults of a value, by pydantic's name for them; any other is told in its own English words."""


class FieldFault(Schema):
    """What is wrong with one field. `field` is its place, such as `change.add_tags.0`."""

    field: str
    message: str


class ErrorBody(Schema):
    """Every refusal: a stable code, a message for people, where, what to do, and each field that is wrong."""

    code: str
    message: str
    where: str = ""
    todo: str = ""
    field: str = ""
    fields: list[FieldFault] = []
    details: dict[str, Any] = {}


def refusal_body(error: Refused) -> dict[str, Any]:
    """A verb's refusal in the shape of ErrorBody."""
    body = error.as_dict()
    if isinstance(error, Faulty):
        body["fields"] = error.faults
    elif error.field:
        body["fields"] = [{"field": str(error.field), "message": str(error.message)}]
    return body


def shape_body(errors: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What does not have the shape of the document, as ErrorBody: every wrong field with its place."""
    faults = [_fault(one["loc"], _in_words(one)) for one in errors]
    first = faults[0] if faults else {"field": "", "message": "", "where": ""}
    fields = [{"field": one["field"], "message": one["message"]} for one in faults]
    return {
        "code": "invalid", "message": f"{first['field']}: {first['message']}".strip(": "), "where": first["where"],
        "todo": _("See the address in /api/v1/docs, and send the values as they are described there."),
        "field": first["field"], "fields": fields,
    }  # fmt: skip


def placed(errors: Iterable[Mapping[str, Any]], under: str) -> list[dict[str, Any]]:
    """What pydantic says of one value of a body, as plain values that can be kept; `under` is the value's place."""
    return [
        {
            "field": ".".join(str(part) for part in (under, *one["loc"]))[:200], "type": one["type"], "msg": one["msg"],
            "ctx": {name: told if isinstance(told, int) else str(told) for name, told in one.get("ctx", {}).items()},
        }
        for one in errors
    ]  # fmt: skip


def field_faults(kept: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What `placed` gave, as FieldFault in the language of who asks."""
    return [{"field": one["field"], "message": _in_words(one)} for one in kept]


def _in_words(error: Mapping[str, Any]) -> str:
    """What is wrong with a value, in the caller's language where it is one of the usual faults."""
    words = FAULTS.get(str(error.get("type")))
    if not words:
        return str(error["msg"])
    told = dict(error.get("ctx", {}))
    if error["type"] == "literal_error":  # pydantic joins the last two with an English word
        told["expected"] = ", ".join(re.findall(r"'([^']*)'", told["expected"])) or told["expected"]
    return str(words) % told


def _fault(place: Iterable[Any], message: str) -> dict[str, str]:
    parts = [str(part) for part in place]
    where = parts.pop(0) if parts and parts[0] in PLACES else ""
    # The name that the function gives to its whole body says nothing to whoever sends it.
    if where in {"body", "query", "form"} and len(parts) > 1:
        parts.pop(0)
    return {"where": where, "field": ".".join(parts), "message": message}


class BodyParser(Parser):
    """Reads JSON bodies, without what no database can keep and no answer can write."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises ValueError, which is answered with 400."""
        is_loose = any(request.path in addresses for addresses in loose_bodies)
        try:
            value = json.loads(request.body) if is_loose else _strict(request.body)
        except RecursionError as error:
            raise ValueError("the body is nested too deep") from error
        if value is None:
            raise ValueError("the body is null")
        _check(value, signs=not is_loose)
        return _mended(value) if is_loose else value


def _strict(body: bytes) -> Any:
    return json.loads(body, parse_int=_whole, parse_float=_fraction, parse_constant=_constant)


def _whole(text: str) -> int:
    number = int(text) if len(text) < 25 else 2**64
    if number not in WHOLE_NUMBERS:
        raise ValueError(f"{text[:30]} is too large a number")
    return number


def _fraction(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:30]} is too large a number")
    return number


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _mended(value: Any) -> Any:
    """The value with a mark in the place of each sign that cannot be kept."""
    if isinstance(value, str):
        return UNKEPT.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mended(one) for one in value]
    return {_mended(name): _mended(one) for name, one in value.items()} if isinstance(value, dict) else value


def _check(value: Any, *, signs: bool) -> None:
    """Raise ValueError for what is nested too deep, and where asked for signs that cannot be kept."""
    layer, depth = [value], 0
    while layer:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"the body is nested deeper than {DEEPEST}")
        following: list[Any] = []
        for one in layer:
            if isinstance(one, str) and signs and UNKEPT.search(one):
                raise ValueError("the body holds a sign that cannot be kept, such as U+0000")
            if isinstance(one, list):
                following += one
            elif isinstance(one, dict):
                following += [*one, *one.values()]
        layer = following


class ApiMiddleware:
    """Keeps the one shape where an answer is not made by the API itself: unknown addresses, methods, broken ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django's protocol."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what can be understood."""
        if not request.path.startswith(BEGINNING):
            return self.get_response(request)
        if "\x00" in request.path or any("\x00" in part for pair in _pairs(request) for part in pair):
            return _told(422, "invalid", _("The address holds a sign that cannot be kept."), _("Take out U+0000."))
        if _is_strange(request):
            todo = _("Send application/json; files as multipart/form-data.")
            return _told(415, "unsupported", _("The content type cannot be read."), todo)
        response = self.get_response(request)
        if response.status_code < 400 or response.get("Content-Type", "").startswith("application/json"):
            return response
        return self._reshaped(response)

    @staticmethod
    def _reshaped(response: HttpResponse) -> HttpResponse:
        """A page that says no, as ErrorBody; a fault of ours stays what it is where faults are shown."""
        if response.status_code >= 500 and settings.DEBUG:
            return response
        told = {
            404: ("not_found", _("There is nothing here."), _("See /api/v1/docs for the addresses that there are.")),
            405: ("method", _("The address does not take this method."), _("See the header Allow.")),
            403: ("forbidden", _("The request is not known to come from a page of ours."),
                  _("Send a token: Authorization: Bearer TOKEN.")),
        }.get(response.status_code, ("refused", _("The request cannot be understood."), ""))  # fmt: skip
        if response.status_code >= 500:
            told = ("failed", _("Something went wrong here, and nothing was changed."), _("Try again later."))
        made = _told(response.status_code, *told)
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            if name in response:
                made[name] = response[name]
        return made


def _told(status: int, code: str, message: str, todo: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": message, **({"todo": todo} if todo else {})}, status=status)


def _pairs(request: HttpRequest) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, values in request.GET.lists() for value in values)


def _is_strange(request: HttpRequest) -> bool:
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"} or not request.META.get("CONTENT_LENGTH"):
        return False
    return request.META["CONTENT_LENGTH"] != "0" and request.content_type not in BODIES
