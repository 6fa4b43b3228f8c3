"""The rights matrix as data: for every address and operation who may use it, and something to point it at.

Who may is said by actors, not by levels, so that the table stands apart from the policy that it proves. Sets that
begin with OWN are of the group that answers for the thing; the matrix is walked with things of several owners.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

NOBODY, OUTSIDER, READER = "nobody", "outsider", "reader"
MEMBER, OTHER, CHAIR = "member", "other", "chair"
COORDINATOR, ADMINISTRATOR = "coordinator", "administrator"
ACTORS = (NOBODY, OUTSIDER, READER, MEMBER, OTHER, CHAIR, COORDINATOR, ADMINISTRATOR)

ANYBODY = "anybody"
READERS = "readers"
MEMBERS = "members of any group"
LEADS = "chairs and deputies of any group"
OWN_MEMBERS = "members of the group that answers"
OWN_LEADS = "chairs and deputies of the group that answers"
AUTHOR = "who said it, and members of the group that answers"
RELEASERS = "chairs and deputies of the group that answers; where none does, nothing is done for anybody"
COORDINATORS = "the management team"
ADMINISTRATORS = "administrators"
MAKER = "who asked for it, and coordinators"
STEERERS = "who asked for it, and administrators"
OWNER = "whose it is"

# Whose the things are that are pointed at: of the member's group, of the other one's, of none.
DRIFT, NET, NONE = "drift", "net", "none"
OWNERS = (DRIFT, NET, NONE)

ALL = {COORDINATOR, ADMINISTRATOR}
WHO: dict[str, frozenset[str]] = {
    ANYBODY: frozenset(ACTORS),
    READERS: frozenset(ACTORS) - {NOBODY, OUTSIDER},
    MEMBERS: frozenset({MEMBER, OTHER, CHAIR} | ALL),
    LEADS: frozenset({CHAIR} | ALL),
    COORDINATORS: frozenset(ALL),
    ADMINISTRATORS: frozenset({ADMINISTRATOR}),
    MAKER: frozenset({MEMBER} | ALL),
    STEERERS: frozenset({MEMBER, ADMINISTRATOR}),
    OWNER: frozenset({MEMBER}),
}
# Those whose rights depend on who answers for the thing.
DEPENDENT = (MEMBER, OTHER, CHAIR)
OWN: dict[str, dict[str, frozenset[str]]] = {
    OWN_MEMBERS: {DRIFT: frozenset({MEMBER, CHAIR} | ALL), NET: frozenset({OTHER} | ALL), NONE: frozenset(ALL)},
    OWN_LEADS: {DRIFT: frozenset({CHAIR} | ALL), NET: frozenset(ALL), NONE: frozenset(ALL)},
    AUTHOR: {DRIFT: frozenset({MEMBER, CHAIR} | ALL), NET: frozenset({MEMBER, OTHER} | ALL),
             NONE: frozenset({MEMBER} | ALL)},
    RELEASERS: {DRIFT: frozenset({CHAIR} | ALL), NET: frozenset(ALL), NONE: WHO[MEMBERS]},
}  # fmt: skip


def who_may(words: str, owner: str) -> frozenset[str]:
    """The actors that the words mean, for things of this owner."""
    return OWN[words][owner] if words in OWN else WHO[words]


@dataclass(frozen=True)
class Line:
    """One address. `get` and `post` say who may, None where the method is not answered at all.

    `args` are names of samples for the holes of the address, or `=text` as it is; in `body` a `{name}` is
    filled from the samples too.
    """

    get: str | None = None
    post: str | None = None
    args: tuple[str, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""

    @property
    def methods(self) -> dict[str, str]:
        """Who may, by method."""
        return {method: who for method, who in (("GET", self.get), ("POST", self.post)) if who}

    @property
    def has_owner(self) -> bool:
        """Whether it matters whose the thing is."""
        return bool({self.get, self.post} & OWN.keys())

    def address(self, name: str, samples: Mapping[str, Any]) -> str:
        """The address with samples in its holes."""
        holes = [one[1:] if one.startswith("=") else samples[one] for one in self.args]
        return f"{reverse(name, args=holes)}{filled(self.query, samples)}"


@dataclass(frozen=True)
class Operation:
    """One operation of the API: who may, its body (JSON, or a form with files as `@content`) and its query."""

    who: str
    body: Any = None
    query: str = ""
    form: Mapping[str, str] | None = None
    writes: bool = True

    @property
    def scope(self) -> str:
        """The scope that a token needs for it."""
        if self.who in {ADMINISTRATORS, STEERERS}:
            return "admin"
        return "write" if self.writes else "read"

    @property
    def has_owner(self) -> bool:
        """Whether it matters whose the thing is."""
        return self.who in OWN


def filled(value: Any, samples: Mapping[str, Any]) -> Any:
    """The value with every `{name}` of a sample in it filled."""
    if isinstance(value, dict):
        return {key: filled(one, samples) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, samples) for one in value]
    if not isinstance(value, str):
        return value
    for name, sample in samples.items():
        if value == "{#" + name + "}":
            return sample
        value = value.replace("{" + name + "}", str(sample))
    return value


# A calendar's address is a secret that calendar programs fetch by without signing in (docs/decisions/0011).
PUBLIC = {
    "changes:feed": ("GET",),
    "accounts:sign_in": ("GET", "POST"),
    "accounts:sign_out": ("POST",),
    "accounts:link": ("GET", "POST"),
    "accounts:language": ("POST",),
    "api:openapi-json": ("GET",),
    "api:openapi-view": ("GET",),
}
