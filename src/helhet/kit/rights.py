"""Who asks, and whether he may. Declared here, decided by the policy that fills `policy`; unbound, all is denied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any, Protocol, Self, runtime_checkable

from django.utils.translation import gettext as _

from helhet.kit.errors import Forbidden
from helhet.kit.ports import Port


class Level(IntEnum):
    """The least that a permission asks for. MEMBER and LEAD mean: of the group that answers for the thing."""

    ANYONE = 0
    READER = 1
    MEMBER = 2
    LEAD = 3
    COORDINATOR = 4
    ADMINISTRATOR = 5


class Scope(StrEnum):
    """What a token may be used for, at most; its owner's rights still decide."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Permission(StrEnum):
    """A permission's name, `room:noun:verb`, and the level that it asks for. Rooms subclass it in `permissions.py`."""

    level: Level

    def __new__(cls, name: str, level: Level) -> Self:
        """One member: its name is its value."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.level = level
        return member

    @property
    def writes(self) -> bool:
        """Whether it changes anything, and so needs a token with the scope `write`."""
        return self.value.rsplit(":", 1)[1] not in {"view", "see_all"}

    @property
    def scope(self) -> Scope:
        """The scope that a token needs for it."""
        if self.level == Level.ADMINISTRATOR:
            return Scope.ADMIN
        return Scope.WRITE if self.writes else Scope.READ


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `member_of` and `leads` are ids of groups today; `scopes` is None where no token limits the rights."""

    user_id: int | None = None
    person_id: int | None = None
    name: str = ""
    level: Level = Level.ANYONE
    member_of: frozenset[int] = field(default_factory=frozenset)
    leads: frozenset[int] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None
    language: str = "sv"
    request_id: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Whether the caller is known at all."""
        return self.level > Level.ANYONE

    def may(self, permission: str, thing: Any = None) -> bool:
        """Whether this caller may do it to the thing (any instance of a noun, or None for the noun as such)."""
        return bool(policy) and policy.only()(self, permission, thing)

    def require(self, permission: str, thing: Any = None) -> None:
        """Raise Forbidden unless the caller may."""
        if not self.may(permission, thing):
            raise Forbidden(
                _("You may not do this."),
                todo=_("Ask the group that answers, or an administrator."),
                permission=str(permission),
            )

    def in_request(self, request_id: str) -> Caller:
        """The same caller, with the request's id, which its events will carry."""
        return replace(self, request_id=request_id)


@runtime_checkable
class Answered(Protocol):
    """A thing of a higher room that says itself which group (its id) answers for it; None: none does."""

    @property
    def answering_group_id(self) -> int | None:
        """The group whose members and leads may act on it."""


NOBODY = Caller()


def the_system(name: str) -> Caller:
    """The product itself, in jobs and at the command line, where whoever may run the command may do everything."""
    return Caller(name=name, level=Level.ADMINISTRATOR)


policy: Port[Callable[[Caller, str, Any], bool]] = Port("kit.policy")
callers: Port[Callable[[Any], Caller]] = Port("kit.callers")
callers_by_user: Port[Callable[[int | None], Caller]] = Port("kit.callers_by_user")
