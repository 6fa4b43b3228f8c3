"""`helhet bundle` and `helhet verify-bundle`: the copy that needs no server."""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import asdict
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.handbook.bundle import keys
from helhet.handbook.bundle.holding import find_audience
from helhet.handbook.bundle.making import make_bundle
from helhet.handbook.bundle.manifest import MANIFEST, SIGNATURE
from helhet.handbook.bundle.placing import check_place
from helhet.handbook.bundle.verifying import Checked, verify
from helhet.kit.command import DONE, FAILED, Output
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.rights import the_system


class BundleCommand:
    """`helhet bundle --audience NAME --out FOLDER`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """For whom, and where to; or the public key."""
        parser.add_argument("--audience", default="", help="whose documents: the key of an audience")
        parser.add_argument("--out", type=Path, help="the folder; a former bundle in it is replaced")
        parser.add_argument("--print-key", action="store_true", help="print the public key, to be kept on paper")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Make it aside, check it, and let it stand there in one step."""
        if args.print_key:
            return _print_key(out)
        if not args.audience or args.out is None:
            raise Invalid(
                _("A bundle is made for an audience, into a folder."),
                todo=_("Write --audience NAME --out FOLDER."),
                field="out" if args.audience else "audience",
            )
        folder = args.out.expanduser().absolute()
        audience = find_audience(args.audience)
        check_place(folder, audience.key)
        with out.progress(None, _("documents")) as bar:
            made = make_bundle(
                audience, [folder], by=the_system(_("command line")), beat=lambda done, _total: bar.reach(done)
            )
        manifest = made.manifest
        out.line(
            _("Number %(number)d for %(audience)s: %(files)d files in %(folder)s.")
            % {"number": manifest.number, "audience": audience.key, "files": len(manifest.files), "folder": folder}
        )
        out.line(_("It counts until %(when)s.") % {"when": _when(manifest.expires_at)})
        out.json({
            "audience": manifest.audience, "number": manifest.number, "made": manifest.made_at.isoformat(),
            "expires": manifest.expires_at.isoformat(), "files": len(manifest.files), "folder": str(folder),
            "sequence": manifest.sequence, "digest": manifest.digest, "key": keys.own_key().fingerprint,
        })  # fmt: skip
        return DONE


def _print_key(out: Output) -> int:
    keys.signing_key()
    own = keys.own_key()
    out.line(own.pem.rstrip())
    out.line(_("Fingerprint: %(digits)s") % {"digits": " ".join(_fours(own.fingerprint))})
    out.json({"key": own.pem, "fingerprint": own.fingerprint, "file": str(own.path)})
    return DONE


def _fours(digits: str) -> list[str]:
    return [digits[at : at + 4] for at in range(0, len(digits), 4)]


def _when(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


class VerifyCommand:
    """`helhet verify-bundle FOLDER`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which folder, by which key, and for whom it must be."""
        parser.add_argument("folder", type=Path, help="the folder of the bundle")
        parser.add_argument("--key", type=Path, metavar="FILE", help="the public key; never one from the bundle itself")
        parser.add_argument("--audience", default="", help="refuse a bundle that is for another audience")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Say whether it is what was signed; 1 when it is refused. No database is asked."""
        folder = args.folder.expanduser().absolute()
        if not folder.is_dir():
            raise NotFound(_("There is no such folder."), where=str(folder), todo=_("Name the folder of a bundle."))
        checked = verify(folder, _trusted(args.key, folder), audience=args.audience)
        _tell(checked, folder, out)
        return DONE if checked.is_sound else FAILED


def _trusted(path: Path | None, folder: Path) -> keys.Trusted:
    if path is None:
        return keys.own_key()
    path = path.expanduser().absolute()
    if path.resolve().is_relative_to(folder.resolve()):
        raise Invalid(
            _("A key that comes with the bundle proves nothing."),
            where=str(path),
            todo=_("Use a copy that you got another way, such as the one on paper."),
            field="key",
        )
    return keys.read_key(path)


def _tell(checked: Checked, folder: Path, out: Output) -> None:
    manifest = checked.manifest
    if checked.is_sound and manifest is not None:
        out.line(
            _("Sound: number %(number)d for %(audience)s, made %(made)s, %(files)d files.")
            % {"number": manifest.number, "audience": manifest.audience, "made": _when(manifest.made_at),
               "files": len(manifest.files)}
        )  # fmt: skip
    else:
        is_none = {fault.file for fault in checked.faults if fault.code == "missing"} >= {MANIFEST, SIGNATURE}
        told = _("REFUSED: there is no offline copy in %(folder)s.") if is_none else _(
            "REFUSED: %(folder)s. Do not follow it; take another copy."
        )  # fmt: skip
        out.line(told % {"folder": folder})
        for fault in checked.faults:
            out.line(f"  {fault.file}: {fault.text}")
    for warning in checked.warnings:
        out.line(_("Warning: %(text)s") % {"text": warning})
    facts = {
        "audience": manifest.audience, "number": manifest.number, "made": manifest.made_at.isoformat(),
        "expires": manifest.expires_at.isoformat(), "sequence": manifest.sequence, "files": len(manifest.files),
        "digest": manifest.digest,
    } if manifest is not None else {}  # fmt: skip
    out.json({
        "sound": checked.is_sound, "expired": checked.is_expired, "folder": str(folder), **facts,
        "faults": [asdict(fault) for fault in checked.faults], "warnings": checked.warnings,
    })  # fmt: skip
