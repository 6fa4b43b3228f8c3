"""`helhet print`: a document or a service as PDF or DOCX."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from helhet.handbook.printing.making import FORMS, SERVICE, print_file, wanted
from helhet.kit.command import DONE, Output
from helhet.kit.errors import Invalid
from helhet.kit.rights import the_system


class PrintCommand:
    """`helhet print ADDRESS --out FILE`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What, and where to."""
        parser.add_argument("address", help="a document such as DOC-5, or a part such as SRV-12/orders")
        parser.add_argument("--service", action="store_true", help="all parts of the service's documentation")
        parser.add_argument("--out", type=Path, required=True, help="the file; its ending (pdf, docx) says the form")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Write the file."""
        form = args.out.suffix.lower().removeprefix(".")
        if form not in FORMS:
            raise Invalid(
                _("The ending says no form that can be printed."), where=str(args.out),
                todo=_("Let it end in one of: %(keys)s.") % {"keys": ", ".join(FORMS)}, field="out",
            )  # fmt: skip
        reference, _slash, part = args.address.replace("~", "/").partition("/")
        name = SERVICE if args.service else part or "document"
        caller = the_system(_("command line"))
        file = print_file(wanted(reference, name, form, caller), caller)
        args.out.write_bytes(file.content)
        out.line(_("%(size)d bytes in %(file)s.") % {"size": len(file.content), "file": args.out})
        out.json({"file": str(args.out), "bytes": len(file.content), "form": form, "reference": reference})
        return DONE
