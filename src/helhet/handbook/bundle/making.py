"""Making a bundle: a number, the pages aside, the signature, and then into place at each target.

One at a time on a machine. A number that was taken and came to nothing is not given again.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helhet import __version__
from helhet.documents.models import Audience
from helhet.handbook.bundle import keys
from helhet.handbook.bundle.document_pages import write_documents
from helhet.handbook.bundle.estate_pages import write_items, write_recovery
from helhet.handbook.bundle.frames import frame_of
from helhet.handbook.bundle.group_pages import write_groups
from helhet.handbook.bundle.holding import holding_of, holds_what_others_read
from helhet.handbook.bundle.index_pages import write_index, write_names, write_services, write_words
from helhet.handbook.bundle.manifest import LIVES, Manifest, whole_seconds
from helhet.handbook.bundle.pictures import Pictures
from helhet.handbook.bundle.placing import Writing, aside_of, check_place, put
from helhet.handbook.bundle.supplier_pages import write_suppliers
from helhet.handbook.models import Bundle
from helhet.handbook.permissions import HandbookPermission
from helhet.journal.actions import record
from helhet.journal.sealing import head_of_chain, seal_all
from helhet.kit.engines import engine
from helhet.kit.errors import Clash, Refused
from helhet.kit.once import remembering
from helhet.kit.rights import Caller
from helhet.kit.seldom import seldom_collected
from helhet.kit.spoken import refusal

Beat = Callable[[int, int], None]
NOUN = "bundle"


@dataclass(slots=True)
class Made:
    """What came of it: the row, how many files, and where it could not be put with the reason."""

    bundle: Bundle
    manifest: Manifest
    placed: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)


def make_bundle(
    audience: Audience, outs: Sequence[Path], *, by: Caller, beat: Beat = lambda _done, _all: None, host: str = ""
) -> Made:
    """Make one for the audience and put it at each place; a place that fails does not stop the others. `host` is the
    name of the machine when these are the places where copies stand by themselves, empty when somebody chose them.

    Raises:
        Forbidden: the caller may not.
        Clash: none of the places could take it, or who reads was altered meanwhile.

    """
    by.require(HandbookPermission.BUNDLE_MAKE)
    own = Path(settings.DATA_DIR) / "bundles-made"
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    (Path(settings.DATA_DIR) / "bundles").mkdir(mode=0o700, exist_ok=True)
    with keys.locked(own / "making"):
        bundle, facts = _begun(audience, by)
        with aside_of(own / audience.key.lower()) as aside:
            writing = Writing(aside)
            _write_as_of_now(audience, facts, writing, beat)
            manifest = writing.sign(facts, keys.signing_key())
            made = Made(bundle, manifest)
            for out in outs:
                _place(aside, out, made, is_last=out is outs[-1])
        if not made.placed:
            place, why = made.failed[0]
            raise Clash(
                _("The offline copy could not be put there: %(why)s.") % {"why": why.rstrip(".")}, where=str(place),
                todo=_("Mend that, or name another folder. What stood there stands."),
            )  # fmt: skip
        _see(manifest, is_standing=bool(host))
    _keep(made, by, host)
    return made


def _see(manifest: Manifest, *, is_standing: bool) -> None:
    """What is made here was checked and has been seen: a former copy is an older one from now on. Not before it stands
    somewhere, or the one that stands would be refused; nor is the one that stands by itself, before it is renewed.
    """
    # Where it cannot be remembered the copy stands all the same; who verifies is told by the verifier itself.
    with contextlib.suppress(Clash, OSError):
        now = keys.Seen(manifest.number, manifest.digest, manifest.digest if is_standing else "")
        keys.remember(keys.own_key(), manifest.audience, now)


def _keep(made: Made, by: Caller, host: str) -> None:
    """The row says what stands where, and the history that it was made."""
    bundle, manifest = made.bundle, made.manifest
    bundle.digest, bundle.pages = manifest.digest, sum(name.endswith(".html") for name in manifest.files)
    bundle.folder = str(made.placed[0])[:500]
    told = [*((path, "") for path in made.placed), *made.failed]
    bundle.places = [{"folder": str(path), "fault": why, "host": host} for path, why in told]
    with transaction.atomic():
        bundle.save(update_fields=("digest", "pages", "folder", "places"))
        facts = {"audience": bundle.audience, "number": bundle.number, "digest": bundle.digest, "places": bundle.places}
        record("made", NOUN, bundle.pk, by=by, after=facts)


def _begun(audience: Audience, by: Caller) -> tuple[Bundle, Manifest]:
    """Take the next number. Rows that never came to an end have no digest and are not shown."""
    now = timezone.now()
    told = whole_seconds(now)
    # By the order of seals nothing is missed; by number an event that is committed late would be.
    seal_all()
    sequence = head_of_chain()[0]
    while True:
        last = Bundle.objects.filter(audience=audience.key).aggregate(last=Max("number"))["last"] or 0
        number = max(last, keys.last_number(audience.key)) + 1
        try:
            with transaction.atomic():
                bundle = Bundle.objects.create(
                    audience=audience.key, number=number, made_at=now, expires_at=told + LIVES, sequence=sequence,
                    by=by.name[:200],
                )  # fmt: skip
        except IntegrityError:
            # Another machine took it in the same moment.
            continue
        keys.keep_number(audience.key, number)
        return bundle, Manifest(audience.key, number, told, told + LIVES, sequence, __version__)


def _write_as_of_now(audience: Audience, facts: Manifest, writing: Writing, beat: Beat) -> None:
    """All of it as of one moment: what is withdrawn or published meanwhile would leave links that lead to no page."""
    # The copy speaks the language of the installation, whoever makes it; refusals speak his.
    with translation.override(settings.LANGUAGE_CODE), engine().one_view(), remembering(), seldom_collected():
        _write(audience, facts, writing, beat)
    if holds_what_others_read(audience, writing.files):
        raise Clash(
            _("Who reads what is in it was altered while it was made."), todo=_("Make it again."), where=audience.key
        )


def _write(audience: Audience, facts: Manifest, writing: Writing, beat: Beat) -> None:
    holding = holding_of(audience, timezone.localdate())
    frame = frame_of(facts, holding.name)
    total = len(holding.documents)
    pictures = Pictures(holding, writing)
    index = write_documents(holding, frame, writing, pictures, lambda done: beat(done, total))
    write_items(holding, frame, writing)
    write_recovery(holding, frame, writing)
    write_groups(holding, frame, writing)
    suppliers = write_suppliers(holding, frame, writing)
    write_index(holding, frame, writing, suppliers, pictures)
    write_names(holding, frame, writing)
    write_services(holding, frame, writing)
    write_words(holding, frame, writing, index)


def _copy(made: Path, here: Path) -> None:
    """File by file, so that a full disk is told at the first that does not fit."""
    for path in sorted(made.rglob("*")):
        into = here / path.relative_to(made)
        if path.is_dir():
            into.mkdir()
        else:
            shutil.copyfile(path, into)


def _place(aside: Path, out: Path, made: Made, *, is_last: bool) -> None:
    try:
        check_place(out, made.manifest.audience)
        with aside_of(out) as here:
            if is_last and aside.stat().st_dev == here.stat().st_dev:
                aside.rename(here)
            else:
                _copy(aside, here)
            put(here, out, keys.own_key())
    except Refused as refused:
        made.failed.append((out, str(refused.message)))
    except OSError as error:
        made.failed.append((out, refusal(error)))
    else:
        made.placed.append(out)
