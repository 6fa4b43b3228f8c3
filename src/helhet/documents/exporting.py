"""Documents as Markdown pages with front matter, which an import elsewhere takes as the same documents."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.figures import found, plain_day, standing
from helhet.documents.models import Document
from helhet.documents.origin import mark_of, sealed
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import kept_beside
from helhet.groups.models import Answer
from helhet.items.models import SourceKey
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.rules.front_matter import write
from helhet.rules.page_facts import OURS, Standing, restated
from helhet.rules.pages import is_page
from helhet.rules.reviewing import Interval, state_on
from helhet.rules.text import fold

PORTION = 200
IN_MEMORY = 8 * 1024 * 1024
NAME_MAX = 240
"""Bytes in one part of a path, which every file system keeps."""
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class Page(NamedTuple):
    """One file: its path below the folder, and what is written in it."""

    path: str
    text: str


def pages(documents: QuerySet[Document], day: dt.date | None = None, caller: Caller | None = None) -> Iterator[Page]:
    """Each published document as a page, in order of path; what is withdrawn or gone from its source has none. Those
    that came as drafts are let out as drafts to a caller who may read them; what is drafted here stays here.
    """
    day = day or timezone.localdate()
    stands = standing(documents)
    drafts = stands.filter(published__isnull=True, draft__isnull=False).exclude(path="") if caller else ()
    read = [one.pk for one in drafts if caller and caller.may(DocumentPermission.DRAFT_VIEW, one)]
    rows = stands.filter(Q(published__isnull=False) | Q(pk__in=read)).order_by("path", "item_id", "part")
    paths = _paths(rows)
    ids = list(paths)
    for start in range(0, len(ids), PORTION):
        some = rows.filter(pk__in=ids[start : start + PORTION]).select_related("item__kind", "published", "draft")
        listed = list(some.prefetch_related("audiences"))
        owners, kept = _owners(listed), kept_beside(listed, paths)
        for one in listed:
            owner = owners.get(one.item_id, Owner())
            yield Page(paths[one.pk], text_of(one, owner, day, paths[one.pk], kept.get(one.pk)))


def _paths(rows: QuerySet[Document]) -> dict[int, str]:
    """By document its path in this export, in order: a page may tell of another by it."""
    taken: dict[str, bool] = {}
    bare = rows.select_related("item", "published").only(
        "path", "part", "item__prefix", "item__number", "item__name", "published__title"
    )
    return {one.pk: _free(path_of(one), one, taken) for one in bare.iterator(PORTION)}


def path_of(document: Document) -> str:
    """The path that it came by, where it can be a file's; else one made of its address and title."""
    path = document.path.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in {"", "."}]
    is_usable = bool(parts) and is_page(path) and ".." not in parts and not path.startswith("/")
    if is_usable and not _UNSAFE.search(path) and all(len(part.encode()) <= NAME_MAX for part in parts):
        return "/".join(parts)
    title = document.published.title if document.published else document.item.name
    words = re.sub(r"\W+", "-", fold(title)).strip("-")[:60].strip("-")
    return f"{document.address}-{words}.md" if words else f"{document.address}.md"


def _free(path: str, document: Document, taken: dict[str, bool]) -> str:
    """The path, or one beside it where another document or folder has it, also where case does not count. `taken` says
    of each path whether it is a page's; else it is a folder.
    """
    whole = PurePosixPath(path)
    folders = [str(one).lower() for one in whole.parents]
    if path.lower() in taken or any(taken.get(one) for one in folders):
        name = f"{document.address.replace('/', '-')}-{whole.name}"
        path = name if any(taken.get(one) for one in folders) else str(whole.with_name(name))
        folders = [str(one).lower() for one in PurePosixPath(path).parents]
    taken.update(dict.fromkeys(folders, False))
    taken[path.lower()] = True
    return path


class Owner(NamedTuple):
    """The name of the group that answers, and whether the document's source names that group in its own way."""

    name: str = ""
    is_named: bool = False


def text_of(
    document: Document, owner: Owner, day: dt.date, path: str, kept: Mapping[str, Any] | None = None
) -> str:  # fmt: skip
    """A document as a page of this path, of what is published, else of its draft, with what rooms above keep beside it.

    What it is known by when it comes back (`home`, `path`, `seals`) goes with it.
    """
    version = document.published
    written = version or document.draft
    interval = Interval(document.review_count, document.review_unit) if document.review_count else None
    told = (owner.name,) if owner.name and not owner.is_named else ()
    now = Standing(
        written.title, document.language, document.sort, told, interval, document.reviewed_on, document.due_on,
        document.edited_on, document.valid_from, document.valid_to, is_draft=version is None,
    )  # fmt: skip
    facts = restated(document.path or path_of(document), document.front_matter, written.text, now)
    state = state_on(document.due_on, day)
    ours: dict[str, Any] = {
        "document": document.address, "version": version.number if version else None,
        "published_on": plain_day(timezone.localdate(version.published_at)) if version else None, "state": state.value,
        "due_on": plain_day(document.due_on), "check_needed": document.is_doubtful or state == "overdue",
        "audiences": sorted(one.key for one in document.audiences.all()),
    }  # fmt: skip
    ours |= {"owner": owner.name} if owner.name else {}
    ours |= kept or {}
    if not document.part:
        ours |= {"home": mark_of(document.item), "revision": document.version, "path": path}
    if version is None:
        ours["draft"] = document.draft.version
    ours["seals"] = sealed(facts, written.text, ours)
    if written.fields:
        ours["fields"] = written.fields
    return write({**facts, OURS: ours}, written.text, document.front_form)


def beside_of(documents: Sequence[Document]) -> dict[int, dict[str, Any]]:
    """By document what a page of it would tell now of BESIDE, what is empty left out."""
    owners, kept = _owners(documents), kept_beside(documents, {})
    told = {
        one.pk: {
            "owner": owners.get(one.item_id, Owner()).name, "audiences": sorted(one.key for one in one.audiences.all()),
            "routine": kept.get(one.pk, {}).get("routine"),
        }
        for one in documents
    }  # fmt: skip
    return {pk: {name: value for name, value in some.items() if value} for pk, some in told.items()}


def _owners(documents: Sequence[Document]) -> dict[int, Owner]:
    """By item, the group that answers for it."""
    ids = [one.item_id for one in documents]
    named = set(
        SourceKey.objects.filter(item_id__in=ids, says_group__isnull=False).values_list("item_id", "says_group_id")
    )
    answers = Answer.objects.open().filter(item_id__in=ids, group__isnull=False).select_related("group__item")
    return {
        answer.item_id: Owner(answer.group.name, (answer.item_id, answer.group_id) in named)
        for answer in answers
        if answer.group is not None
    }


def write_folder(folder: Path, caller: Caller, text: str = "") -> int:
    """Write what the filter finds into a folder, made when it is not there; returns how many pages. Raises Invalid for
    a folder that holds anything, lest pages of another time lie among these.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Invalid(
            _("%(folder)s is there already, and not empty.") % {"folder": folder},
            todo=_("Name a folder that is empty, or not there yet."), field="out",
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for page in pages(found(caller, text), caller=caller):
        place = folder / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page.text, encoding="utf-8", newline="\n")
        count += 1
    return count


def as_zip(caller: Caller, text: str = "") -> IO[bytes]:
    """The same as an archive, open at its beginning."""
    file: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever answers with it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in pages(found(caller, text), caller=caller):
            member = zipfile.ZipInfo(page.path, _LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, page.text)
    file.seek(0, io.SEEK_SET)
    return file  # type: ignore[no-any-return] # it is one
