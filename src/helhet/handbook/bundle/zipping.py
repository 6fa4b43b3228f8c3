"""A copy as one file to take away. Made once for each number, and again only when it is not there."""

from __future__ import annotations

import contextlib
import secrets
import zipfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from helhet.documents.models import Audience
from helhet.handbook.bundle.holding import holds_what_others_read
from helhet.handbook.bundle.manifest import MANIFEST, SIGNATURE
from helhet.handbook.bundle.placing import zips_of
from helhet.handbook.bundle.renewing import copy_here, places_for
from helhet.kit.errors import Clash

TRIES = 3


def zip_of(audience: Audience) -> tuple[IO[bytes], str]:
    """The zip file of the newest copy on this machine, open for reading, and the name to save it under.

    Raises:
        Clash: no copy stands on this machine yet, the one that does holds what others read, or they were renewed
            faster than one could be packed.

    """
    folder = places_for(audience)[0]
    for _try in range(TRIES):
        here = copy_here(audience)
        if here is None:
            raise Clash(
                _("There is no offline copy for this audience on this machine yet."),
                todo=_("Ask for one, and come back when the job is done."),
            )
        before, manifest = here
        if holds_what_others_read(audience, manifest.files):
            raise Clash(
                _("The copy holds documents that this audience no longer reads. A new one is being made."),
                todo=_("Come back when it is done."),
            )
        name = f"helhet-{audience.key.lower()}-{manifest.number}"
        made = Path(settings.DATA_DIR) / "bundles-made"
        path = made / f"{name}.zip"
        with contextlib.suppress(FileNotFoundError):
            return path.open("rb"), path.name
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = made / f".{secrets.token_hex(6)}"
        try:
            _pack(folder, aside, name, sorted([*manifest.files, MANIFEST, SIGNATURE]))
            if (folder / MANIFEST).read_bytes() != before:
                continue
            for old in zips_of(audience.key):
                old.unlink(missing_ok=True)
            aside.rename(path)
            return path.open("rb"), path.name
        except FileNotFoundError:
            continue
        finally:
            aside.unlink(missing_ok=True)
    raise Clash(_("A newer copy took its place while it was being packed."), todo=_("Ask again."))


def _pack(folder: Path, aside: Path, name: str, files: list[str]) -> None:
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for file in files:
            packed.write(folder / file, f"{name}/{file}")
