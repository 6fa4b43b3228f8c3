"""From a path to a reading: which reader takes which ending, in a single file, a folder or an archive."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from helhet.importers.limits import COMMAND_LINE, Limits
from helhet.importers.problems import FileRefused
from helhet.importers.reading.commits import commits_in, is_cut_off
from helhet.importers.reading.csv_file import CsvTable
from helhet.importers.reading.defaults import is_defaults, with_reviews
from helhet.importers.reading.encodings import name_of, name_on_disk
from helhet.importers.reading.json_file import JsonLinesTable, JsonTable
from helhet.importers.reading.pages import PagesTable
from helhet.importers.reading.pages_within import PageLines, PagesWithin
from helhet.importers.reading.streams import Opener, TextFile, opened
from helhet.importers.reading.table import Reading, RecordTable, Table
from helhet.importers.reading.xlsx_file import SheetTable, Workbook
from helhet.importers.reading.xml_file import XmlTable
from helhet.importers.reading.yaml_file import YamlTable
from helhet.rules.pages import ENDINGS as PAGE_ENDINGS
from helhet.rules.pages import is_page

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".xml")
"""Endings that are read, each also with .gz behind it; folders and .zip hold files of these."""

LINES = (".jsonl", ".ndjson")
TEXTS_TOO = frozenset({".rst", ".adoc", ".asciidoc", ".docx", ".odt", ".org", ".textile", ".mediawiki"})
"""Endings of texts that are no Markdown, and are not read."""

_BROKEN_ZIP = (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError)
_HIDDEN = ("__MACOSX/", ".")
_FORGED = re.compile(r"-(?:main|master|trunk|develop|[0-9a-f]{7,40}|v?\d[\w.]*)/\Z")
_BUILT = {"node_modules", "__MACOSX"}
_HELP_NAMES = ("readme", "read me", "läs mig", "las mig")


def read(
    path: Path | str,
    *,
    name: str | None = None,
    limits: Limits = COMMAND_LINE,
    encoding: str | None = None,
    as_pages: bool = False,
) -> Reading:
    """Open a file, folder or archive for reading; cheap, since tables are read when their rows are asked for.

    Args:
        path: where it lies.
        name: its name as people know it, with its ending, when it is stored under another one (an upload).
        limits: what is too much.
        encoding: of text files that have no byte order mark and are no UTF-8.
        as_pages: whether files of text, such as Markdown, are records, and in a folder or archive the only ones.

    Raises:
        FileRefused: it cannot be taken as a whole; reading the tables' rows may raise it too.
    """
    path = Path(path)
    shown = PurePosixPath((name or path.name).replace("\\", "/")).name or str(path)
    if not path.exists():
        raise FileRefused("missing", shown)
    if as_pages:
        limits = replace(limits, members=limits.pages)
    try:
        if path.is_dir():
            return _gathered(shown, list(_in_folder(path, limits)), limits, encoding, as_pages=as_pages, folder=path)
        size = path.stat().st_size
        if size > limits.file:
            raise FileRefused("file_big", shown, size=size, limit=limits.file)
        if size == 0:
            raise FileRefused("empty", shown)
        opener: Opener = partial(_opened, path)
        if shown.lower().endswith(".zip"):
            found = list(_in_archive(path, shown, size, limits, as_pages=as_pages))
            return _gathered(shown, found, limits, encoding, as_pages=as_pages)
        if shown.lower().endswith(".zip.gz"):
            raise FileRefused("zip_in_gz", shown)
        return Reading(shown, _alone(_Found(shown, opener, size), limits, encoding, as_pages=as_pages), limits)
    except OSError as error:
        raise FileRefused("unreadable", shown, error=error.strerror or str(error)) from error


def _alone(found: _Found, limits: Limits, encoding: str | None, *, as_pages: bool) -> list[Table]:
    """The tables of a file that stands alone."""
    where = found.where
    if as_pages and is_page(where):
        return [PagesTable(where, [(where, found.opener)], limits, encoding=encoding)]
    if _ending(where) is None:
        ending = PurePosixPath(where).suffix or where
        allowed = ", ".join((*ENDINGS, *(PAGE_ENDINGS if as_pages else ()), ".zip"))
        raise FileRefused("ending_unknown", where, ending=ending, allowed=allowed)
    return _tables(found, limits, encoding, as_pages=as_pages)


class _Found:
    """One file somewhere: its name for people, how to open its stored bytes, and how many those are."""

    def __init__(
        self, where: str, opener: Opener, size: int, *, seekable: bool = True, is_link: bool = False
    ) -> None:  # fmt: skip
        self.where = where
        self.opener = opener
        self.size = size
        self.seekable = seekable
        self.is_link = is_link


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _ending(where: str) -> str | None:
    """The reader's ending of a name, without .gz; nothing when no reader takes it."""
    lower = where.lower().removesuffix(".gz")
    return next((ending for ending in ENDINGS if lower.endswith(ending)), None)


def _gathered(
    shown: str,
    found: list[_Found],
    limits: Limits,
    encoding: str | None,
    *,
    as_pages: bool = False,
    folder: Path | None = None,
) -> Reading:
    if as_pages and (pages := _pages(shown, found, limits, encoding, folder)) is not None:
        return pages
    tables: list[Table] = []
    skipped: list[str] = []
    for one in found:
        base = PurePosixPath(one.where).name
        if (
            one.is_link
            or _ending(one.where) is None
            or base.startswith((".", "~$"))
            or base.lower().startswith(_HELP_NAMES)
        ):
            skipped.append(one.where)
        else:
            tables.extend(_tables(one, limits, encoding, as_pages=as_pages))
    if not tables:
        raise FileRefused("no_pages" if as_pages else "nothing_to_take", shown)
    return Reading(shown, tables, limits, skipped)


def _pages(
    shown: str, found: list[_Found], limits: Limits, encoding: str | None, folder: Path | None
) -> Reading | None:
    """The pages among the files, nothing when there are none. In an archive that a forge made, paths begin below the
    one folder that holds all: its name tells the branch or commit.
    """
    files = [one for one in found if is_page(one.where) and not one.is_link and _is_meant(one.where.split("/"))]
    if not files:
        return None
    top = files[0].where.partition("/")[0] + "/" if folder is None else ""
    top = top if _FORGED.search(top) and all(one.where.startswith(top) for one in found) else ""
    openers = [
        (one.where.removeprefix(top), partial(opened, one.opener, one.where, one.size, limits, packed=False))
        for one in files
    ]
    commits = commits_in(folder) if folder is not None else {}
    taken = {one.where for one in files}
    table = PagesTable(shown, openers, limits, encoding=encoding, commits=commits)
    passed = [one.where for one in found if one.where not in taken]
    notices = [(one, "beside_pages") for one in passed if _ending(one) in LINES]
    others = {PurePosixPath(one).suffix.lower(): one for one in sorted(passed, reverse=True)}
    notices += [(one, "other_texts") for suffix, one in sorted(others.items()) if suffix in TEXTS_TOO]
    settings = [(one.where, one.opener) for one in found if is_defaults(one.where)]
    settings += _hidden_defaults(folder) if folder is not None else []
    notices += [(one, "defaults_beside") for one in with_reviews(settings)]
    if folder is not None and is_cut_off(folder):
        notices.append((shown, "history_cut"))
    skipped = sorted(passed + (_unfollowed(folder) if folder is not None else []))
    return Reading(shown, [table], limits, skipped, notices)


def _hidden_defaults(folder: Path) -> list[tuple[str, Opener]]:
    """Those that `_in_folder` leaves out since their names begin with a dot."""
    found = sorted(path for path in folder.rglob(".meta.y*ml") if path.is_file() and not path.is_symlink())
    return [(name_on_disk(path.relative_to(folder).as_posix()), partial(_opened, path)) for path in found]


def _is_meant(parts: list[str]) -> bool:
    """Whether a page lies neither among installed packages nor hidden, as `.github` is."""
    return not _BUILT & set(parts[:-1]) and not any(part.startswith(".") for part in parts)


def _unfollowed(folder: Path) -> list[str]:
    """What `_in_folder` leaves out and people may miss: links, and pages that are hidden or lie in a hidden folder."""
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        is_hidden = any(part.startswith(".") for part in parts)
        if ".git" not in parts and (path.is_symlink() or (is_hidden and is_page(path.name) and path.is_file())):
            found.append(name_on_disk("/".join(parts)))
    return found


def _tables(found: _Found, limits: Limits, encoding: str | None, *, as_pages: bool = False) -> list[Table]:
    ending = _ending(found.where)
    base = PurePosixPath(found.where).name
    packed = base.lower().endswith(".gz")
    name = base[: -3 if packed else None]
    name = name[: -len(ending or "")]
    unpacked: Opener = partial(opened, found.opener, found.where, found.size, limits, packed=packed)
    if ending == ".xlsx":
        stored = partial(_whole, unpacked) if packed or not found.seekable else found.opener
        sheets = Workbook(found.where, stored, found.size, limits).tables()
        return _filled(sheets, found.where)
    if ending == ".xml":
        return [XmlTable(name, found.where, unpacked, limits)]
    file = TextFile(unpacked, found.where, encoding)
    records: RecordTable | None = None
    if ending == ".json":
        records = JsonTable(name, file, limits)
    elif ending in LINES:
        records = PageLines(name, file, limits) if as_pages else JsonLinesTable(name, file, limits)
    elif ending in {".yaml", ".yml"}:
        records = YamlTable(name, file, limits)
    if records is None:
        return [CsvTable(name, file, limits)]
    return [PagesWithin(records) if as_pages else records]


def _filled(sheets: list[SheetTable], where: str) -> list[Table]:
    kept: list[Table] = [
        sheet for sheet in sheets if not sheet.name.lower().startswith(_HELP_NAMES) and not sheet.is_empty()
    ]
    if not kept:
        raise FileRefused("empty", where)
    return kept


def _whole(opener: Opener) -> IO[bytes]:
    """A packed workbook in memory, since its reader needs to jump about in it."""
    with opener() as source:
        return io.BytesIO(source.read())


def _in_folder(folder: Path, limits: Limits) -> Iterator[_Found]:
    """Files in a folder and below, by name; links are not followed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    if len(files) > limits.members:
        raise FileRefused("members_many", folder.name, count=len(files), limit=limits.members)
    for path in files:
        size = path.stat().st_size
        where = name_on_disk(path.relative_to(folder).as_posix())
        if size > limits.file:
            raise FileRefused("file_big", where, size=size, limit=limits.file)
        yield _Found(where, partial(_opened, path), size)


def _in_archive(path: Path, shown: str, size: int, limits: Limits, *, as_pages: bool) -> Iterator[_Found]:
    """Files in a zip by name; nothing is written to disk, and names are only shown. Links among pages, as a forge packs
    them, are found but never read; elsewhere they are refused.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _BROKEN_ZIP as error:
        raise FileRefused("zip_broken", shown, error=str(error)[:200] or "cut off") from error
    if len(members) > limits.members:
        raise FileRefused("members_many", shown, count=len(members), limit=limits.members)
    _check_members(shown, members, limits, size, spare_links=as_pages)
    for member in sorted(members, key=lambda one: one.filename):
        if not member.is_dir() and not member.filename.startswith(_HIDDEN):
            packed = max(member.compress_size, 1)
            opener = partial(_member, path, shown, member.filename)
            is_link = stat.S_ISLNK(member.external_attr >> 16)
            yield _Found(name_of(member), opener, packed, seekable=False, is_link=is_link)


def _check_members(
    shown: str, members: list[zipfile.ZipInfo], limits: Limits, size: int, *, spare_links: bool
) -> None:  # fmt: skip
    lawful = {0, stat.S_IFREG, stat.S_IFDIR} | ({stat.S_IFLNK} if spare_links else set())
    seen: set[str] = set()
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        given = member.orig_filename
        parts = given.replace("\\", "/").split("/")
        if given.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in given:
            raise FileRefused("member_unsafe", shown, member=given.replace("\0", "␀"))
        if stat.S_IFMT(member.external_attr >> 16) not in lawful:
            raise FileRefused("member_link", shown, member=given)
        if member.flag_bits & 0x1:
            raise FileRefused("member_locked", shown, member=given)
        if member.filename in seen:
            raise FileRefused("member_twice", shown, member=given)
        if member.header_offset < end:
            raise FileRefused("member_overlap", shown, member=given)
        seen.add(member.filename)
        end = member.header_offset + 30 + member.compress_size
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked:
        raise FileRefused("unpacked_big", shown, limit=limits.unpacked)
    if unpacked >= limits.ratio_from and unpacked > limits.ratio * size:
        raise FileRefused("bomb", shown, ratio=limits.ratio)


def _member(path: Path, shown: str, name: str) -> IO[bytes]:
    """One member's bytes; the archive closes with them."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.open(name)
    except (*_BROKEN_ZIP, zlib.error, RuntimeError, KeyError) as error:
        raise FileRefused("zip_broken", shown, error=str(error)[:200]) from error
