"""What the product refuses, in words that say what, where and what to do."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An expected refusal. `message` says what, `where` the place, `todo` the next step, `status` is that of HTTP."""

    status = 400
    code = "refused"

    def __init__(self, message: str, *, where: str = "", todo: str = "", field: str = "", **details: Any) -> None:
        """`field` names the input that caused it; `details` are plain values for machines."""
        super().__init__(message)
        self.message = message
        self.where = where
        self.todo = todo
        self.field = field
        self.details = details

    def __str__(self) -> str:
        """All of it on one line."""
        return " ".join(str(part) for part in (self.where, self.message, self.todo) if part)

    def as_dict(self) -> dict[str, Any]:
        """The body of an API answer."""
        body: dict[str, Any] = {"code": self.code, "message": str(self.message)}
        for name in ("where", "todo", "field"):
            value = getattr(self, name)
            if value:
                body[name] = str(value)
        if self.details:
            body["details"] = self.details
        return body


class Invalid(Refused):
    """The values given cannot be taken."""

    status = 422
    code = "invalid"


class Faulty(Invalid):
    """Several fields are wrong: `faults` as `field` (a place, `structured.rows.2.who`) and `message`, at least one."""

    def __init__(self, faults: list[dict[str, str]], *, message: str = "", where: str = "", todo: str = "") -> None:
        """The first one is told for people, as `message` where its place means nothing to them."""
        first = faults[0]
        message = message or f"{first['field']}: {first['message']}"
        super().__init__(message, field=first["field"], where=where, todo=todo)
        self.faults = faults


class SignedOut(Refused):
    """Nobody is signed in, or not any longer."""

    status = 401
    code = "signed_out"


class Forbidden(Refused):
    """The caller lacks the right."""

    status = 403
    code = "forbidden"


class NotFound(Refused):
    """No such thing, or none that the caller may see."""

    status = 404
    code = "not_found"


class Clash(Refused):
    """The state of things does not allow it."""

    status = 409
    code = "clash"


class Stale(Refused):
    """Somebody else changed the thing first: the version given is not the current one."""

    status = 412
    code = "stale"


class VersionMissing(Refused):
    """A change must say which version it was made from."""

    status = 428
    code = "version_missing"
