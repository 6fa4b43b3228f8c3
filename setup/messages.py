"""Compile the translations: every `<room>/locale/<language>/LC_MESSAGES/*.po` to the `.mo` beside it."""

from __future__ import annotations

import sys
from pathlib import Path


def stale(package: Path) -> list[Path]:
    """The .po files whose .mo is missing or older."""
    found = []
    for po in sorted(package.glob("*/locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.is_file() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
            found.append(po)
    return found


def compile_all(package: Path) -> list[str]:
    """Compile what is stale; gives the faults found, each with file and line. A file with faults is not compiled."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    faults: list[str] = []
    for po in stale(package):
        try:
            with po.open("rb") as source:
                catalog = read_po(source, locale=po.parent.parent.name, domain=po.stem, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            faults.append(f"{po}: {error}")
            continue
        found = [f"{po}:{message.lineno}: {error}" for message, errors in catalog.check() for error in errors]
        faults.extend(found)
        if found:
            continue
        fresh = po.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            write_mo(target, catalog)
        fresh.replace(po.with_suffix(".mo"))
    return faults


def main() -> int:
    """Compile for the package that this repository holds."""
    faults = compile_all(Path(__file__).resolve().parent.parent / "src" / "helhet")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
