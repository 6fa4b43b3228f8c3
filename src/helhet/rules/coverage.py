"""How much of an estate is under a living group: the naive count, row by row.

The counting. Items whose kind must be owned and whose state is not retired are counted, not-seen ones
included. `owned` + `unowned` = `items`. `dead_owner` (the group is closed, or has no current chair or no
current member) and `contested` are parts of `owned`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from helhet.rules.ownership import Group

RETIRED = "retired"
"""The state whose items are no longer counted."""


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One item as coverage sees it; not-seen items are rows like the others."""

    kind: str
    must_be_owned: bool
    state: str
    group: Group | None
    contested: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class GroupLife:
    """Whether a group can answer for anything today: open, with a current chair and a current member."""

    closed: bool = False
    has_chair: bool = True
    has_member: bool = True

    @property
    def is_living(self) -> bool:
        """All three hold."""
        return not self.closed and self.has_chair and self.has_member


@dataclass(frozen=True, slots=True)
class Counts:
    """`owned` + `unowned` = `items`; `contested` and `dead_owner` are parts of `owned`."""

    items: int = 0
    owned: int = 0
    unowned: int = 0
    contested: int = 0
    dead_owner: int = 0

    @property
    def living(self) -> int:
        """How many are under a living group."""
        return self.owned - self.dead_owner

    @property
    def share(self) -> float | None:
        """The share under a living group, 0 to 1; None without items."""
        return self.living / self.items if self.items else None


@dataclass(frozen=True, slots=True)
class Coverage(Counts):
    """The counts of the whole, and the same by kind, by group (None: unowned) and by source (None: none)."""

    by_kind: Mapping[str, Counts] = field(default_factory=dict)
    by_group: Mapping[Group | None, Counts] = field(default_factory=dict)
    by_source: Mapping[str | None, Counts] = field(default_factory=dict)


def coverage(rows: Iterable[CoverageRow], groups: Mapping[Group, GroupLife]) -> Coverage:
    """Count coverage row by row: the oracle for the one query that counts and lists.

    Counted are items whose kind must be owned and whose state is not retired.

    Raises:
        KeyError: when a row's group is not among the groups.
    """
    counted = [row for row in rows if row.must_be_owned and row.state != RETIRED]
    by_kind: dict[str, list[CoverageRow]] = defaultdict(list)
    by_group: dict[Group | None, list[CoverageRow]] = defaultdict(list)
    by_source: dict[str | None, list[CoverageRow]] = defaultdict(list)
    for row in counted:
        by_kind[row.kind].append(row)
        by_group[row.group].append(row)
        by_source[row.source].append(row)
    whole = _count(counted, groups)
    return Coverage(
        whole.items,
        whole.owned,
        whole.unowned,
        whole.contested,
        whole.dead_owner,
        {kind: _count(some, groups) for kind, some in by_kind.items()},
        {group: _count(some, groups) for group, some in by_group.items()},
        {source: _count(some, groups) for source, some in by_source.items()},
    )


def _count(rows: Sequence[CoverageRow], groups: Mapping[Group, GroupLife]) -> Counts:
    owned = [row for row in rows if row.group is not None]
    return Counts(
        items=len(rows),
        owned=len(owned),
        unowned=len(rows) - len(owned),
        contested=sum(row.contested for row in owned),
        dead_owner=sum(row.group is not None and not groups[row.group].is_living for row in owned),
    )
