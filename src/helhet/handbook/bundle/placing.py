"""Writing a bundle aside, checking it, and putting it where the former one stood by one rename.

What stands at the place is whole at every moment: Linux swaps two folders in one step (`renameat2`). A file system that
cannot (some shares and sticks) gets two renames; a stop between them is mended by the next who writes there.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from helhet.handbook.bundle.keys import Trusted
from helhet.handbook.bundle.manifest import (
    LONGEST_MANIFEST,
    MANIFEST,
    SIGNATURE,
    Entry,
    Manifest,
    canonical,
    is_name,
    parsed,
)
from helhet.handbook.bundle.verifying import look_over
from helhet.kit.errors import Clash, Invalid

_HERE, _EXCHANGE = -100, 2
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM}


class Writing:
    """A folder that a bundle is being written into: each file once, counted and hashed as it goes."""

    def __init__(self, folder: Path) -> None:
        """`folder` exists and is empty."""
        self.folder = folder
        self.files: dict[str, Entry] = {}
        self._folders: set[str] = set()

    def add(self, name: str, data: bytes | str) -> None:
        """Write one file.

        Raises:
            ValueError: no file may be called so, or there is one.

        """
        if isinstance(data, str):
            data = data.encode()
        with open(self._place_of(name), "xb") as file:  # noqa: PTH123 - thousands of them, each by its name
            file.write(data)
        self.files[name] = Entry(len(data), hashlib.sha256(data).hexdigest())

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """A file that is written piece by piece.

        Raises:
            ValueError: no file may be called so, or there is one.

        """
        with open(self._place_of(name), "xb") as file:  # noqa: PTH123 - as above
            hashed = _Hashed(file)
            yield hashed.write
        self.files[name] = Entry(hashed.size, hashed.digest.hexdigest())

    def _place_of(self, name: str) -> str:
        if not is_name(name) or name in self.files:
            raise ValueError(f"no file of a bundle can be called {name!r}, or there is one")
        within = name.rpartition("/")[0]
        if within not in self._folders:
            (self.folder / within).mkdir(parents=True, exist_ok=True)
            self._folders.add(within)
        return f"{self.folder}/{name}"

    def sign(self, manifest: Manifest, key: Ed25519PrivateKey) -> Manifest:
        """Write the manifest of what was written, and its signature."""
        whole = replace(manifest, files=self.files)
        data = canonical(whole)
        (self.folder / MANIFEST).write_bytes(data)
        (self.folder / SIGNATURE).write_bytes(key.sign(data))
        return whole


class _Hashed:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)


@contextlib.contextmanager
def aside_of(out: Path) -> Iterator[Path]:
    """An empty folder beside the place, gone afterwards whatever happens; what killed builders left goes first."""
    out.parent.mkdir(parents=True, exist_ok=True)
    mend(out)
    for left in out.parent.glob(f".{glob_safe(out.name)}.making-*"):
        shutil.rmtree(left, ignore_errors=True)
    aside = out.parent / f".{out.name}.making-{secrets.token_hex(6)}"
    # Closed until it is whole and has the rights of its place.
    aside.mkdir(mode=0o700)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def glob_safe(name: str) -> str:
    """The name as a pattern that means itself."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def check_place(out: Path, audience: str) -> None:
    """Whether a bundle may be put there: nothing stands there, an empty folder, or a bundle of the same audience.

    Raises:
        Invalid: something else stands there, which would be lost.

    """
    around = next((one for one in out.parents if os.path.lexists(one)), out)
    if not around.is_dir():
        raise Invalid(_("This is no folder."), where=str(around), todo=_("Name another folder."), field="out")
    if not os.path.lexists(out):
        return
    if out.is_symlink() or not out.is_dir():
        raise Invalid(_("This is no folder."), where=str(out), todo=_("Name another folder."), field="out")
    if not any(out.iterdir()):
        return
    path = out / MANIFEST
    try:
        with path.open("rb") as file:
            former = parsed(file.read(LONGEST_MANIFEST))
    except (OSError, ValueError) as error:
        raise Invalid(
            _("There is a folder here that is no bundle. It is left as it is."),
            where=str(out),
            todo=_("Name another folder, or a new one inside it."),
            field="out",
        ) from error
    if former.audience != audience:
        raise Invalid(
            _("Here stands the bundle of the audience %(name)s. It is left as it is.") % {"name": former.audience},
            where=str(out),
            todo=_("Give each audience a folder of its own."),
            field="out",
        )


def take_away(out: Path, audience: str) -> bool:
    """Remove the copy of this audience. False where what stands there is something else, or cannot be removed."""
    try:
        check_place(out, audience)
        shutil.rmtree(out)
    except FileNotFoundError:
        return True
    except (Invalid, OSError):
        return False
    return True


def zips_of(audience: str) -> list[Path]:
    """The packed copies of this audience on this machine; another whose key begins the same has its own."""
    folder = Path(settings.DATA_DIR) / "bundles-made"
    name = re.compile(rf"helhet-{re.escape(audience.lower())}-\d+\.zip")
    return [path for path in folder.iterdir() if name.fullmatch(path.name)] if folder.is_dir() else []


def put(made: Path, out: Path, trusted: Trusted) -> None:
    """Check what was made, then let it stand at the place in one step; the former one is gone afterwards.

    Raises:
        Clash: what was made is not what was signed (a disk that loses what is written).

    """
    checked = look_over(made, trusted)
    if not checked.is_sound:
        fault = checked.faults[0]
        raise Clash(
            _("The new bundle did not pass its own check (%(file)s: %(why)s). The former one stands.")
            % {"file": fault.file, "why": fault.text},
            where=str(out),
            todo=_("Look at the disk."),
        )
    _open_as(made, out)
    # What the rename shows must be on the disk before the rename is.
    os.sync()
    if not os.path.lexists(out):
        made.rename(out)
    elif not _exchange(made, out):
        before = _before(out)
        out.rename(before)
        made.rename(out)
        shutil.rmtree(before)
    _sync_folder(out.parent)


def _open_as(made: Path, out: Path) -> None:
    """Give what was made the rights and the group of what stands there, so that its readers stay; of a new place those
    of the folder around it, without the right to write.
    """
    if out.is_dir():
        like = out.stat()
        mode = stat.S_IMODE(like.st_mode)
    else:
        like = out.parent.stat()
        mode = stat.S_IMODE(like.st_mode) & (stat.S_ISGID | 0o755)
    for within, _folders, files in os.walk(made, topdown=False):
        for name in files:
            _set_rights(Path(within, name), (mode & 0o666) | 0o600, like.st_gid)
        _set_rights(Path(within), mode | stat.S_IRWXU, like.st_gid)


def _set_rights(path: Path, mode: int, group: int) -> None:
    """Best that the file system can: shares and sticks have rights of their own."""
    with contextlib.suppress(OSError):
        stands = path.stat()
        if stands.st_gid != group:
            os.chown(path, -1, group)
        if stat.S_IMODE(stands.st_mode) != mode or stands.st_gid != group:
            path.chmod(mode)


def mend(out: Path) -> None:
    """Where a builder was stopped between two renames, put the former one back."""
    before = _before(out)
    if before.is_dir() and not os.path.lexists(out):
        before.rename(out)
    elif before.is_dir():
        shutil.rmtree(before, ignore_errors=True)


def _before(out: Path) -> Path:
    return out.parent / f".{out.name}.before"


def _exchange(made: Path, out: Path) -> bool:
    """Swap the two folders in one step; False where the system cannot."""
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if swap is None:
        return False
    if swap(_HERE, os.fsencode(made), _HERE, os.fsencode(out), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(out))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some shares cannot sync a folder; what they can do, they have done.
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
