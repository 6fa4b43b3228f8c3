"""Whether a folder is the bundle that was signed, whole and not older than one seen before.

The signature is looked at before anything that the manifest says is believed; the key never comes from the bundle.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.handbook.bundle.keys import Seen, Trusted, remember, seen
from helhet.handbook.bundle.manifest import LONGEST_MANIFEST, MANIFEST, SIGNATURE, Entry, Manifest, parsed
from helhet.kit.spoken import refusal

PORTION = 1024 * 1024
MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """Which file is refused, by a word for machines, and why in words for people."""

    file: str
    code: str
    text: str


@dataclass(slots=True)
class Checked:
    """What was found. `faults` empty means that the bundle is sound; `warnings` leave it so."""

    manifest: Manifest | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is refused."""
        return self.manifest is not None and not self.faults

    @property
    def is_expired(self) -> bool:
        """Whether it is older than it should be."""
        return self.manifest is not None and self.manifest.expires_at <= timezone.now()

    def refuse(self, file: str, code: str, text: str) -> None:
        """One more fault, up to a number that can be read."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(file, code, text))


def verify(folder: Path, trusted: Trusted, *, audience: str = "") -> Checked:
    """Look over a bundle, compare it with what was seen before, and remember it when it is sound.

    With `audience` one for anybody else is refused. An expired one is sound, with a warning: in a fire, old beats none.
    So is, until it expires, the one that this installation last put in its own places: a newer one was made by hand.
    """
    checked = look_over(folder, trusted)
    manifest = checked.manifest
    if manifest is None:
        return checked
    if audience and manifest.audience != audience:
        told = _("it is for the audience %(there)s, not for %(asked)s")
        checked.refuse(MANIFEST, "audience", told % {"there": manifest.audience, "asked": audience})
    before = seen(trusted, manifest.audience)
    if before is not None and manifest.number < before.number and _stands(checked, manifest, before):
        told = _("Number %(seen)d is newer and stands elsewhere. This is the one in the places of this installation.")
        checked.warnings.append(told % {"seen": before.number})
    elif before is not None and manifest.number < before.number:
        told = _("it is number %(number)d of its audience, and number %(seen)d has been seen: it is an older one")
        checked.refuse(MANIFEST, "older", told % {"number": manifest.number, "seen": before.number})
    elif before is not None and manifest.number == before.number and manifest.digest != before.digest:
        told = _("another bundle with the number %(number)d has been seen")
        checked.refuse(MANIFEST, "twice", told % {"number": manifest.number})
    if checked.is_sound:
        _remember(checked, trusted, manifest)
    return checked


def _stands(checked: Checked, manifest: Manifest, before: Seen) -> bool:
    return manifest.digest == before.standing and checked.is_sound and not checked.is_expired


def _remember(checked: Checked, trusted: Trusted, manifest: Manifest) -> None:
    now = timezone.now()
    if checked.is_expired:
        hours = int((now - manifest.expires_at) / dt.timedelta(hours=1))
        told = _("It expired %(hours)d hours ago. It is what was signed, but newer facts may exist.")
        checked.warnings.append(told % {"hours": hours})
    if manifest.made_at > now + dt.timedelta(minutes=10):
        checked.warnings.append(_("It was made in the future: the clock of one of the two machines is wrong."))
    try:
        remember(trusted, manifest.audience, Seen(manifest.number, manifest.digest))
    except OSError:
        told = _("Its number could not be kept beside %(key)s, so that an older one would not be refused later.")
        checked.warnings.append(told % {"key": trusted.path})


def look_over(folder: Path, trusted: Trusted) -> Checked:
    """Signature, manifest and each file; nothing is remembered."""
    checked = Checked()
    data, signature = _plain(folder, MANIFEST, checked), _plain(folder, SIGNATURE, checked)
    if data is None or signature is None:
        return checked
    if not trusted.signed(data, signature):
        told = _("it is not signed by the key %(key)s: it was altered, or made by somebody else")
        checked.refuse(MANIFEST, "signature", told % {"key": trusted.fingerprint})
        return checked
    try:
        manifest = parsed(data)
    except ValueError:
        told = _("it is of a form that this Helhet cannot read: a newer one may have made it")
        checked.refuse(MANIFEST, "manifest", told)
        return checked
    checked.manifest = manifest
    _hold_against(folder, manifest.files, checked)
    return checked


def _plain(folder: Path, name: str, checked: Checked) -> bytes | None:
    """A file of the folder itself that is read whole, or None with the fault told."""
    try:
        with _opened(folder / name) as file:
            data = file.read(LONGEST_MANIFEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        checked.refuse(name, "missing", _("it is missing"))
    except OSError as error:
        _cannot(name, error, checked)
    else:
        if len(data) <= LONGEST_MANIFEST:
            return data
        checked.refuse(name, "size", _("it is too large"))
    return None


class _NoFile(OSError):
    """It is a link, a pipe, a device or a folder."""


def _opened(path: Path | str, within: int | None = None) -> IO[bytes]:
    """A plain file for reading; a link is not followed, and a pipe or a device not waited for. `within` is the open
    folder that it stands in.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=within)
    except OSError as error:
        # A link, or a socket or a device without a driver.
        if error.errno in {errno.ELOOP, errno.ENXIO, errno.ENODEV}:
            raise _NoFile(str(path)) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _NoFile(str(path))
    return os.fdopen(handle, "rb")


def _cannot(name: str, error: OSError, checked: Checked) -> None:
    if isinstance(error, _NoFile):
        checked.refuse(shown(name), "not_a_file", _("it is no plain file"))
    else:
        checked.refuse(shown(name), "unreadable", _("it cannot be read (%(why)s)") % {"why": refusal(error)})


def _hold_against(folder: Path, files: Mapping[str, Entry], checked: Checked) -> None:
    """Each file that stands there against the manifest, and each file of the manifest against what stands there."""
    folders = {"/".join(parts[:at]) for name in files for parts in [name.split("/")] for at in range(1, len(parts))}
    met: set[str] = set()
    for name, is_folder, within in _standing(folder, checked):
        if len(checked.faults) >= MOST_FAULTS:
            return
        if name in {MANIFEST, SIGNATURE}:
            continue
        if is_folder and name not in folders:
            checked.refuse(shown(name), "extra", _("a folder that does not belong to the bundle"))
        elif not is_folder and name not in files:
            checked.refuse(shown(name), "extra", _("it does not belong to the bundle"))
        elif not is_folder:
            met.add(name)
            _compare(name, within, files[name], checked)
    for name in files:
        if name not in met and not any(fault.file == name for fault in checked.faults):
            checked.refuse(name, "missing", _("it is missing"))


def _standing(folder: Path, checked: Checked) -> Iterator[tuple[str, bool, int]]:
    """Name from the folder, whether a folder, and the open folder that it stands in; links are not followed."""

    def unread(error: OSError) -> None:
        _cannot(os.path.relpath(error.filename or root, root), error, checked)

    root = folder.resolve()
    for place, folders, files, within in os.fwalk(root, onerror=unread):
        around = "" if place == str(root) else f"{os.path.relpath(place, root)}/"
        folders.sort()
        for name in sorted((*folders, *files)):
            try:
                status = os.stat(name, dir_fd=within, follow_symlinks=False)
            except OSError as error:
                _cannot(f"{around}{name}", error, checked)
            else:
                yield f"{around}{name}", stat.S_ISDIR(status.st_mode), within


def _compare(name: str, within: int, entry: Entry, checked: Checked) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        with _opened(name.rpartition("/")[2], within) as file:
            while size <= entry.size and (portion := file.read(min(PORTION, entry.size + 1 - size))):
                digest.update(portion)
                size += len(portion)
    except OSError as error:
        _cannot(name, error, checked)
        return
    if size != entry.size or digest.hexdigest() != entry.sha256:
        checked.refuse(name, "altered", _("it is not what was signed"))


def shown(name: str) -> str:
    """A name as a terminal can show it: what is no text, or moves the cursor, is written as an escape."""
    told = name.encode("utf-8", "backslashreplace").decode()
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in told)
