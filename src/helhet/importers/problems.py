"""What can be wrong with a file, a row, a value or a mapping: stable codes with facts, and their English text.

The reader half of this room knows no Django; whoever shows a problem translates `TEXTS[code]` with its own
gettext and fills in `params`. The English text is there for the command line's log and for tests.
"""

from collections.abc import Mapping as MappingOf
from typing import Any, NamedTuple

from helhet.importers.texts import TEXTS, TODOS

Params = MappingOf[str, Any]
"""A page that its own site does not show."""
OF_ONE_LINE = frozenset({"json_broken", "nesting"})
"""What can be wrong with one line while the others are as they should be."""


def told(template: str, params: Params) -> str:
    """The text with its facts filled in; a fact that is missing shows as its own name, never as an error."""
    return template.format_map(_Shown(params))


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Place(NamedTuple):
    """Where something stands: file, sheet or archive member; line or sheet row (from 1, 0 unknown); part within it."""

    where: str
    line: int = 0
    part: str = ""

    def __str__(self) -> str:
        """For people: `items.csv:17`, `book.xlsx[items]:4`, `services.yml:1 items 3`."""
        text = f"{self.where}:{self.line}" if self.line else self.where
        return f"{text} {self.part}" if self.part else text


class FileRefused(Exception):
    """The whole file cannot be taken; nothing of it may be applied.

    Attributes:
        code: stable name of the reason, a key of `texts.TEXTS` and `texts.TODOS`.
        place: where in the file.
        params: facts for the text, JSON scalars.
    """

    def __init__(self, code: str, place: Place | str, **params: object) -> None:
        self.code = code
        self.place = place if isinstance(place, Place) else Place(place)
        self.params: dict[str, Any] = params
        super().__init__(f"{self.where}: {self.what} {self.todo}")

    @property
    def what(self) -> str:
        """What is wrong, one English sentence."""
        return told(TEXTS[self.code], self.params)

    @property
    def todo(self) -> str:
        """What to do about it, one English sentence."""
        return told(TODOS[self.code], self.params)

    @property
    def where(self) -> str:
        """The place in words."""
        return str(self.place)


class RowRefused(NamedTuple):
    """One row that is not taken; the rest of the file is. `raw` is what stood there, shortened, for the list."""

    place: Place
    code: str
    params: dict[str, Any]
    noun: str = ""
    key: str = ""

    @property
    def reason(self) -> str:
        """Why, one English sentence."""
        return told(TEXTS[self.code], self.params)


class Note(NamedTuple):
    """A value that could not be used; its row is taken without it, and the value is shown so that nothing is lost."""

    place: Place
    noun: str
    key: str
    field: str
    value: str
    code: str
    params: dict[str, Any]

    @property
    def reason(self) -> str:
        """Why, one English sentence."""
        return told(TEXTS[self.code], self.params)


class MappingError(Exception):
    """A mapping file that cannot be used.

    `path` points into it, as `items[0].key`; `allowed` lists what may stand there.
    """

    def __init__(self, code: str, path: str, allowed: tuple[str, ...] = (), **params: object) -> None:
        self.code = code
        self.path = path
        self.allowed = allowed
        self.params: dict[str, Any] = {**params, "path": path, "allowed": ", ".join(allowed)}
        super().__init__(f"{path}: {self.what}" if path else self.what)

    @property
    def what(self) -> str:
        """What is wrong and what may stand there instead, in English."""
        return told(TEXTS[self.code], self.params)
