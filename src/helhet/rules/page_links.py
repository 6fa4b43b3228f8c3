"""Where the links of pages lead within their set: relative to the page, from the root of its site, or by a name.

A set knows its pages by their paths. What people write in links is seldom that: endings are left out, an index is
called by its folder, sites have their root somewhere within the set, and wikis call pages by their names alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from unicodedata import normalize
from urllib.parse import unquote

from helhet.rules.pages import bare_path, is_page
from helhet.rules.text import fold

INDEXES: Final = frozenset({"index", "readme", "_index"})
"""Names under which a page stands for its folder."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_NO_PATH = re.compile(r"\A\?|<%|\A%[=-]|\{\{|\{%")
"""A question alone, or what a tool was to fill in."""
_ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,5})\Z")
_PLAIN_ENDINGS: Final = frozenset({"html", "htm", "aspx", "php"})


class Known(NamedTuple):
    """A page of the set. `names` are its title and what else it is called."""

    path: str
    number: int
    names: Sequence[str] = ()


def is_local(target: str) -> bool:
    """Whether a link leads to something of its own set: neither another site, nor a place in the same page."""
    return bool(target.strip()) and not _SCHEME.match(target) and not _NO_PATH.search(unquote(target))


def may_be_page(target: str) -> bool:
    """Whether it could lead to a page; else to a picture, a program or another file."""
    path = _without_place(target)
    ending = _ENDING.search(path)
    return ending is None or ending[1].lower() in _PLAIN_ENDINGS or is_page(path)


def place_in(target: str) -> str:
    """The place within the page that it leads to; empty for its beginning."""
    return unquote(target.partition("#")[2])


class PageSet:
    """The pages of one set, to find those that links lead to."""

    def __init__(self, pages: Iterable[Known], former: Iterable[Known] = ()) -> None:
        """Where two could be meant by the same words, the one with the shorter path is. `former` are paths that pages
        had before they moved, which count where none has them now.
        """
        self._exact: dict[str, int] = {}
        self._short: dict[str, int] = {}
        self._ends: dict[str, list[tuple[str, int]]] = {}
        self._names: dict[str, int] = {}
        for page in (*sorted(pages, key=_shortest_first), *sorted(former, key=_shortest_first)):
            path = normalize("NFC", page.path)
            short = _short(path)
            self._exact.setdefault(path, page.number)
            self._short.setdefault(short, page.number)
            parts = _as_name(short).split("/")
            for start in range(len(parts)):
                self._ends.setdefault("/".join(parts[start:]), []).append((short, page.number))
            for name in page.names:
                self._names.setdefault(fold(name), page.number)

    def find(self, of: str, target: str) -> int | None:
        """The page that a link in the page `of` leads to."""
        path = normalize("NFC", _without_place(target))
        if not path:
            return None
        for one in _meant(normalize("NFC", of), path):
            number = self._exact.get(one)
            if number is None:
                number = self._short.get(_short(one))
            if number is not None:
                return number
        return None

    def named(self, of: str, name: str) -> int | None:
        """The page that is called so in the page `of`: by its file's name, the end of its path, its title or another
        name. Of several, one in the same folder, else the one nearest to the root.
        """
        wanted = normalize("NFC", name.split("|", maxsplit=1)[0].split("#", maxsplit=1)[0].strip().strip("/"))
        if not wanted:
            return None
        found = self._ends.get(_as_name(_short(wanted)), [])
        folder = posixpath.dirname(_short(normalize("NFC", of)))
        near = [number for short, number in found if posixpath.dirname(short) == folder]
        numbers = near or [number for _path, number in found]
        return numbers[0] if numbers else self._names.get(fold(wanted))


def _shortest_first(page: Known) -> tuple[int, str]:
    return len(page.path), page.path


def _meant(of: str, path: str) -> Iterator[str]:
    """The paths that a link may mean, the likeliest first."""
    if path.startswith("/"):
        root, rest = "", path.strip("/")
        for part in ("", *of.split("/")[:-1]):
            root = posixpath.join(root, part) if part else root
            yield posixpath.join(root, rest)
        language, _slash, within = rest.partition("/")
        if len(language) == 2 and within:
            yield within
        return
    folder = posixpath.dirname(of)
    # A site shows `a/b.md` as the folder `a/b/`, from where links that were written for it count.
    for base in (folder, _short(of)):
        one = posixpath.normpath(posixpath.join(base, path))
        if not one.startswith("../") and one != "..":
            yield one


def _without_place(target: str) -> str:
    return unquote(re.split(r"[?#]", target, maxsplit=1)[0]).replace("\\", "/")


def _short(path: str) -> str:
    """A path without its endings, nor the name of an index, in small letters."""
    bare = bare_path(path.strip("/")).lower()
    folder, name = posixpath.split(bare)
    return folder if name in INDEXES else "" if bare == "." else bare


def _as_name(path: str) -> str:
    return re.sub(r"[-_ ]+", "-", path)
