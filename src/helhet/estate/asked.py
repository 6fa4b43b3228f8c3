"""What a list's address asks for: filter, scope, order, columns, place; and the addresses that change one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict

from helhet.items.filters import reference_condition
from helhet.items.listing import ItemList
from helhet.kit.rights import Caller
from helhet.rules.filters import FilterError, every_term, parse

MINE = "mine"
WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """One list as it is asked for. `scope` is empty or `all` for the whole, `mine`, or a group's reference; a filter
    that names a group itself is not narrowed by it.
    """

    text: str = ""
    scope: str = ""
    sort: str = "name"
    columns: tuple[str, ...] = ()
    cursor: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        """From an address or a form."""
        return cls(
            text=query.get("q", "").replace("\x00", ""),
            scope=query.get("scope", ""),
            sort=query.get("sort", "") or "name",
            columns=tuple(query.getlist("columns")),
            cursor=query.get("cursor", ""),
        )

    def scoped(self, kept: str) -> Asked:
        """The same through the scope that was chosen before, unless this one says its own."""
        return self if self.scope else replace(self, scope=kept)

    def pairs(self) -> list[tuple[str, str]]:
        """As names and values of an address, without what is empty or usual."""
        pairs = [
            ("q", self.text),
            ("scope", "" if self.scope == WHOLE else self.scope),
            ("sort", "" if self.sort == "name" else self.sort),
        ]
        pairs += [("columns", name) for name in self.columns]
        pairs.append(("cursor", self.cursor))
        return [(name, value) for name, value in pairs if value]

    def query(self, **changes: Any) -> str:
        """The address's query with some values replaced; whatever changes the list begins at its first page."""
        changed = replace(self, **({"cursor": ""} | changes))
        encoded = urlencode(changed.pairs())
        return f"?{encoded}" if encoded else "?"

    def with_text(self, address: str) -> Callable[[str], str]:
        """What gives the address of this list with another text; a page has a hundred such."""
        rest = self.query(text="").removeprefix("?")
        end = f"&{rest}" if rest else ""
        return lambda text: f"{address}?q={quote_plus(text)}{end}" if text else f"{address}?{rest}"

    def narrowed(self, term: str) -> str:
        """The filter's text with one more condition, which must hold beside the whole of it."""
        if not self.text.strip():
            return term
        return f"({self.text}) {term}" if _needs_parentheses(self.text) else f"{self.text} {term}"

    def whole_text(self) -> str:
        """The filter's text with the scope in it."""
        term = self.scope_term()
        return self.narrowed(term) if term else self.text

    def scope_term(self) -> str:
        """The condition for the scope; none where the filter names a group itself, and none for the whole."""
        if not self.scope or names_group(self.text):
            return ""
        if self.scope == MINE:
            return "group:mine"
        return f"group:{self.scope}" if reference_condition(self.scope) is not None else ""

    def items(self, caller: Caller) -> ItemList:
        """The list. Raises FilterInvalid that points into the text as it was written."""
        listed = ItemList(caller, self.text, sort=self.sort)
        term = self.scope_term()
        return listed.also(term) if term else listed


def _needs_parentheses(text: str) -> bool:
    return " OR " in text or " ELLER " in text


def names_group(text: str) -> bool:
    """Whether the filter asks for a group itself."""
    try:
        return any(term.field == "group" for term in every_term(parse(text)))
    except FilterError:
        return False
