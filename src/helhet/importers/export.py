"""`helhet export`: everything back out in the plain layout, as a folder, a zip, a workbook or JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from helhet.importers.export_rows import tables
from helhet.importers.export_write import write
from helhet.kit.command import DONE, Output


class ExportCommand:
    """Write everything out."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where to."""
        parser.add_argument(
            "path", type=Path, metavar="FILE_OR_FOLDER",
            help="a name ending in .zip, .xlsx or .json, or else a folder of CSV files, made when it is not there",
        )  # fmt: skip

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Write, and tell how much."""
        with out.progress(None, "export") as bar:
            counts = write(args.path, tables(), bar.advance)
        out.json({"path": str(args.path.absolute()), "rows": counts})
        if not out.as_json:
            for name, count in counts.items():
                out.line(f"{name}: {count}")
            out.line(f"Written to {args.path.absolute()}")
        return DONE
