"""What an operation of the API asks for: said once, checked at its door, and written into the API's document."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback

from helhet.kit.rights import Caller, Level, Permission

Function = TypeVar("Function", bound=Callable[..., Any])

WHO = {
    Level.ANYONE: "anybody",
    Level.READER: "readers",
    Level.MEMBER: "members of the group that answers, and the management team",
    Level.LEAD: "chair and deputy of the group that answers, and the management team",
    Level.COORDINATOR: "the management team",
    Level.ADMINISTRATOR: "administrators",
}
ANY_GROUP = "members of any group, and the management team"
# Whose these are depends on the thing, which only the verb knows: it asks there.
OF_THE_THING = (Level.MEMBER, Level.LEAD)


def needs(permission: Permission, *more: Permission, any_group: bool = False) -> Callable[[Function], Function]:
    """Stands below the decorator of the address. `more` are asked for only by some uses, which the docstring tells.

    `any_group`: members of any group may, whoever answers for the thing.
    """

    def mark(function: Function) -> Function:
        contribute_operation_callback(function, functools.partial(_write, permission, more, any_group))
        return function

    return mark


def _write(permission: Permission, more: tuple[Permission, ...], any_group: bool, operation: Operation) -> None:
    rights = [_told(one, any_group=any_group) for one in (permission, *more)]
    operation.openapi_extra = {**(operation.openapi_extra or {}), "x-rights": rights}
    words = [f"`{one['permission']}` ({one['who']}; scope `{one['scope']}`)" for one in rights]
    sentence = f"Right: {words[0]}." + (f" By the case also: {', '.join(words[1:])}." if more else "")
    operation.description = f"{operation.description or ''}\n\n{sentence}".strip()
    if permission.level not in OF_THE_THING:
        operation.view_func = _guarded(operation.view_func, permission)


def _told(permission: Permission, *, any_group: bool) -> dict[str, str]:
    who = ANY_GROUP if any_group and permission.level == Level.MEMBER else WHO[permission.level]
    return {
        "permission": str(permission), "level": permission.level.name.lower(), "who": who,
        "scope": str(permission.scope),
    }  # fmt: skip


def _guarded(function: Callable[..., Any], permission: Permission) -> Callable[..., Any]:
    @functools.wraps(function)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        caller: Caller = request.caller  # type: ignore[attr-defined]
        caller.require(permission)
        return function(request, *args, **kwargs)

    return asked
