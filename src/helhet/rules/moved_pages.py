"""Which pages of a set have moved: gone from one path, come to another, and plainly the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple

ALIKE: Final = 0.5
"""The share of lines that a page which was moved and edited must still have in common with the former."""


class Written(NamedTuple):
    """A page by what it says."""

    title: str
    text: str


def moved(gone: Mapping[str, Written], new: Mapping[str, Written]) -> dict[str, str]:
    """The former path of each page that moved, by its new one.

    A page has moved when one that is gone and one that is new say the same; or have title and file name in common and
    at least half of their lines; or, where neither has a text, the title. Where two could be meant, none has moved.
    """
    found: dict[str, str] = {}
    for mark in (_whole, _named, _titled):
        before = _by_mark(gone, mark, set(found.values()))
        after = _by_mark(new, mark, set(found))
        for key, paths in after.items():
            old = before.get(key, [])
            if len(paths) == len(old) == 1 and (
                mark is not _named or _are_alike(gone[old[0]].text, new[paths[0]].text)
            ):
                found[paths[0]] = old[0]
    return found


def _by_mark(
    pages: Mapping[str, Written], mark: Callable[[str, Written], Hashable], left_out: set[str]
) -> dict[Hashable, list[str]]:
    marked: dict[Hashable, list[str]] = defaultdict(list)
    for path, page in pages.items():
        if path not in left_out and (key := mark(path, page)) is not None:
            marked[key].append(path)
    return marked


def _whole(_path: str, page: Written) -> Hashable:
    return page if page.text.strip() else None


def _named(path: str, page: Written) -> Hashable:
    return page.title, PurePosixPath(path).name


def _titled(_path: str, page: Written) -> Hashable:
    return None if page.text.strip() else page.title


def _are_alike(one: str, other: str) -> bool:
    first, second = ({line.strip() for line in text.splitlines() if line.strip()} for text in (one, other))
    return len(first & second) >= ALIKE * max(len(first), len(second))
