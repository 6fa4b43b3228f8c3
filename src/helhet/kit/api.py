"""The API's frame: who asks, versions as ETags, pages by cursor, and errors of one shape."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer, SessionAuth
from pydantic import ConfigDict

from helhet.kit.api_errors import BodyParser, ErrorBody, refusal_body, shape_body
from helhet.kit.errors import Invalid, Refused, VersionMissing
from helhet.kit.ports import Port
from helhet.kit.rights import Caller

token_callers: Port[Callable[[str], Caller | None]] = Port("kit.token_callers")


# All of one shape, which the document adds: given here it would be a model of its own for each code of each operation,
# and making those took half of the time in which a process starts.
ERRORS = dict.fromkeys((400, 401, 403, 404, 405, 409, 415, 422))
CODES = {
    400: (
        "unreadable", gettext_lazy("The body cannot be read as JSON, or holds a sign or a number that cannot be kept."),
        gettext_lazy("Send JSON with the content type application/json."),
    ),
    401: (
        "unknown", gettext_lazy("It is not known who asks."),
        gettext_lazy("Send a token: Authorization: Bearer TOKEN. You make it on your own page."),
    ),
    404: ("not_found", "", ""),
}  # fmt: skip
WRITE_ERRORS = {**ERRORS, 412: None, 428: None}


class Renderer(BaseRenderer):
    """Writes answers with orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Days and instants as ISO text."""
        del request, response_status
        return orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z, default=str)


class Strict(Schema):
    """A body in which a misspelt name is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class TokenAuth(HttpBearer):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The token's owner, with the rights that he has now and that the token allows."""
        caller = token_callers.only()(token)
        if caller is None or not caller.is_signed_in:
            return None
        request.caller = caller.in_request(getattr(request, "request_id", ""))  # type: ignore[attr-defined]
        return caller


class SignedIn(SessionAuth):
    """The session of somebody who has signed in, with the cross-site check on unsafe methods."""

    def __call__(self, request: HttpRequest) -> Any:
        """Whoever is not signed in has nothing to be forged: a token that has ended is answered as such, with 401."""
        return super().__call__(request) if caller_of(request).is_signed_in else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The caller, when known."""
        del key
        caller: Caller = request.caller  # type: ignore[attr-defined]
        return caller if caller.is_signed_in else None


class ApiDocument(OpenAPISchema):
    """The API's document, in which every refusal has the one shape."""

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """What an operation answers, by status."""
        told = super().responses(operation)
        for status, details in told.items():
            if status >= HTTPStatus.BAD_REQUEST:
                details["content"] = {self.api.renderer.media_type: {"schema": self._refusal}}
        return told

    @functools.cached_property
    def _refusal(self) -> dict[str, Any]:
        return self._create_schema_from_model(_Refused, mode="serialization")[0]  # type: ignore[type-var] # any model


class _Refused(Schema):
    response: ErrorBody


class Api(NinjaAPI):
    """An API whose document is made once: it changes with the code alone, and takes seconds to make."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document for a root path."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._documents:
            self._documents[prefix] = ApiDocument(self, prefix)
        return self._documents[prefix]

    @functools.cached_property
    def _documents(self) -> dict[str, OpenAPISchema]:
        return {}


def make_api(title: str, version: str, description: str) -> NinjaAPI:
    """The API with its error handlers; rooms' routers are mounted on it."""
    api = Api(
        title=title,
        version=version,
        description=description,
        auth=[TokenAuth(), SignedIn()],
        renderer=Renderer(),
        parser=BodyParser(),
        urls_namespace="api",
        docs_url="/docs",
    )

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return api.create_response(request, refusal_body(error), status=error.status)

    @api.exception_handler(ValidationError)
    def shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return api.create_response(request, shape_body(error.errors), status=422)

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        code, message, todo = CODES.get(error.status_code, ("refused", "", ""))
        body = {
            "code": code,
            "message": str(message) or str(error),
            **({"todo": words} if (words := str(todo)) else {}),
        }
        return api.create_response(request, body, status=error.status_code)

    @api.exception_handler(OverflowError)
    @api.exception_handler(DataError)
    def too_much(request: HttpRequest, error: Exception) -> HttpResponse:
        del error
        told = Invalid(_("A value is larger than can be kept."), todo=_("Send a smaller number or a shorter text."))
        return api.create_response(request, refusal_body(told), status=told.status)

    return api


def caller_of(request: HttpRequest) -> Caller:
    """Who asks."""
    return request.caller  # type: ignore[attr-defined, no-any-return]


def etag(response: HttpResponse, version: int) -> None:
    """Give the answer the thing's version as a strong ETag."""
    response["ETag"] = f'"{version}"'


def version_asked(request: HttpRequest) -> int:
    """The version that a change was made from, of If-Match. Raises VersionMissing, or Invalid for what is none."""
    text = request.headers.get("If-Match", "")
    if not text:
        raise VersionMissing(
            _("A change needs the header If-Match."), todo=_("Send the ETag that you got when you read the thing.")
        )
    try:
        return int(text.strip().removeprefix("W/").strip('"'))
    except ValueError as error:
        raise Invalid(_("If-Match is not a version."), todo=_('Send it as you got it, such as "3".')) from error


def only_known(request: HttpRequest, *names: str) -> None:
    """Raise Invalid for a parameter that the address does not have: ignoring one would hide a mistake."""
    unknown = sorted(set(request.GET) - set(names))
    if unknown:
        raise Invalid(
            _("There is no parameter %(name)s.") % {"name": unknown[0]}, where=unknown[0],
            todo=_("Known: %(names)s.") % {"names": ", ".join(sorted(names)) or "–"},
        )  # fmt: skip


def chosen_fields(data: dict[str, Any], fields: str) -> dict[str, Any]:
    """Of a thing's data those fields that are asked for (`fields=name,state`), all when empty."""
    wanted = [name.strip() for name in fields.split(",") if name.strip()]
    if not wanted:
        return data
    unknown = [name for name in wanted if name not in data]
    if unknown:
        raise Invalid(
            _("There is no field %(name)s.") % {"name": unknown[0]}, where="fields",
            todo=_("Known: %(names)s.") % {"names": ", ".join(data)},
        )  # fmt: skip
    return {name: data[name] for name in wanted}
