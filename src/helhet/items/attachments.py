"""Files kept with an item: stored under random names, their type told by their content, handed out as downloads."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.models import Attachment, Item
from helhet.items.notes import require_notes, told
from helhet.items.permissions import ItemPermission
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.rules.picture_sizes import size_of

DAY = dt.timedelta(days=1)
SIZE_LIMIT = 50 * 1024 * 1024
PIXELS, HEADS = 50_000_000, 1024 * 1024
"""The most pixels of a picture, and the bytes within which it says how many it has."""
NAME_LIMIT = 200
UNKNOWN = "application/octet-stream"

# What a file begins with, and what that makes it; whatever its name or its sender says.
BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)


class Upload(Protocol):
    """An uploaded file, as Django gives it."""

    @property
    def name(self) -> str | None:
        """As it was sent."""

    def chunks(self) -> Iterable[bytes]:
        """Its content, piece by piece."""


def type_of(beginning: bytes) -> str:
    """The content type of a file that begins so: one of a few that are known, plain text, or unknown."""
    for magic, name in BEGINNINGS:
        if beginning.startswith(magic):
            return name
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    sample = beginning[:1_024]
    if b"\x00" in sample:
        return UNKNOWN
    for cut in range(4):
        # The sample may end in the middle of a character, which has at most four bytes.
        try:
            sample[: len(sample) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "text/plain"
    return UNKNOWN


def checked_file_name(name: str | None) -> str:
    """The last part of the name that a file came with, without signs that confuse; never empty."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    if len(kept) > NAME_LIMIT:
        stem, dot, ending = kept.rpartition(".")
        kept = stem[: NAME_LIMIT - len(ending) - 1] + dot + ending if dot and len(ending) < 12 else kept[:NAME_LIMIT]
    return kept or _("file")


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.FILES_DIR) / "attachments"


def place_of(one: Attachment) -> Path:
    """Where this file lies."""
    return folder() / one.stored[:2] / one.stored


def content_of(one: Attachment) -> bytes:
    """What this file holds; nothing where it is missing or is not what was kept."""
    try:
        data = place_of(one).read_bytes()
    except OSError:
        return b""
    return data if hashlib.sha256(data).hexdigest() == one.sha256 else b""


def attach(item: Item, upload: Upload, *, by: Caller, part: str = "") -> Attachment:
    """Keep a file with an item, or with a part of its documentation. Raises Invalid for an empty one and for one above
    50 MiB, and Clash where the caller has added as much as one may in a day.
    """
    by.require(ItemPermission.ATTACH, item)
    require_notes(item, by, part)
    return keep_file(item, upload, by=by, part=part)


def files_of(item: Item) -> QuerySet[Attachment]:
    """The files that stand with the item itself, newest first; those of a part stand in the part's text."""
    return Attachment.objects.filter(item=item, part="", removed_at__isnull=True)


def keep_file(item: Item, upload: Upload, *, by: Caller, part: str = "") -> Attachment:
    """As `attach`, for verbs that have asked for a right of their own, such as a photo in the run of a routine."""
    stored = secrets.token_hex(20)
    path = folder() / stored[:2] / stored
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    room = _room_of(by)
    try:
        size, digest, beginning = _write(path, upload, room)
        _check_pixels(path, type_of(beginning))
        with transaction.atomic():
            kept = Attachment.objects.create(
                item=item, part=part, name=checked_file_name(upload.name), stored=stored,
                content_type=type_of(beginning), size=size, sha256=digest, user_id=by.user_id, author=by.name[:200],
            )  # fmt: skip
            record("items.attachment.added", "item", item.pk, by=by, after=told(item, "attachment", kept.name, part))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return kept


def _room_of(by: Caller) -> int | None:
    """How many bytes the caller may add still; None without a limit, for the product's own work."""
    if by.user_id is None:
        return None
    lately = Attachment.objects.filter(user_id=by.user_id, at__gt=timezone.now() - DAY, removed_at__isnull=True)
    added = lately.order_by().aggregate(added=Sum("size"))["added"] or 0
    return int(settings.FILES_PER_DAY) - int(added)


def _write(path: Path, upload: Upload, room: int | None) -> tuple[int, str, bytes]:
    """(size, SHA-256, beginning) of what was written, `room` bytes at most."""
    size = 0
    digest = hashlib.sha256()
    beginning = b""
    with path.open("xb") as file:
        for chunk in upload.chunks():
            size += len(chunk)
            if size > SIZE_LIMIT:
                raise Invalid(
                    _("The file is larger than 50 MiB."), todo=_("Keep it elsewhere, and write where."), field="file"
                )
            if room is not None and size > room:
                told = filesizeformat(settings.FILES_PER_DAY)
                raise Clash(
                    _("With this file you would have added more than %(size)s in a day, the most that one may.")
                    % {"size": told},
                    todo=_("Wait until tomorrow, or ask an administrator to raise the limit (HELHET_FILES_PER_DAY)."),
                    field="file",
                )
            if len(beginning) < 1_024:
                beginning += chunk[:1_024]
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise Invalid(_("The file is empty."), todo=_("Choose another one."), field="file")
    return size, digest.hexdigest(), beginning


def _check_pixels(path: Path, content_type: str) -> None:
    """A small file can hold a picture that takes gigabytes to show."""
    if not content_type.startswith("image/"):
        return
    with path.open("rb") as file:
        size = size_of(file.read(HEADS))
    if size is not None and size[0] * size[1] > PIXELS:
        raise Invalid(
            _("The picture has more than 50 million pixels."), todo=_("Make it smaller, and send it again."),
            field="file", where=f"{size[0]} × {size[1]}",
        )  # fmt: skip


def find_attachment(item: Item, attachment_id: int, caller: Caller) -> Attachment:
    """The file with this number of an item that the caller may see. Raises NotFound."""
    caller.require(ItemPermission.VIEW, item)
    kept = Attachment.objects.filter(item=item, pk=attachment_id, removed_at__isnull=True).first()
    require_notes(item, caller, kept.part if kept is not None else "")
    if kept is None or not place_of(kept).is_file():
        raise NotFound(_("There is no such file."), todo=_("It may have been removed; see the history."))
    return kept


@transaction.atomic
def remove_attachment(kept: Attachment, *, by: Caller) -> None:
    """Remove a file; its row and events stay, its content goes when this has been committed."""
    by.require(ItemPermission.ATTACH, kept.item)
    require_notes(kept.item, by, kept.part)
    if kept.removed_at is not None:
        return
    kept.removed_at = timezone.now()
    kept.save(update_fields=["removed_at"])
    record(
        "items.attachment.removed",
        "item",
        kept.item_id,
        by=by,
        before=told(kept.item, "attachment", kept.name, kept.part),
    )
    path = place_of(kept)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
