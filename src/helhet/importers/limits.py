"""How much a file may be before it is refused: one frozen set for the command line, one for uploads."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one reading; sizes in bytes unless the name says otherwise.

    `members` bounds the files in a folder or archive, `pages` those in one that is read as pages, `page` each of them.
    `document` bounds one JSON value, `repeated` the values that references inside a YAML file add up to.
    A packed file is refused for its ratio only when it unpacks to more than `ratio_from`, since small files
    of equal rows pack well and do no harm.
    """

    file: int = 2 * GIB
    unpacked: int = 4 * GIB
    ratio: int = 1000
    ratio_from: int = 100 * MIB
    members: int = 1000
    pages: int = 100_000
    page: int = 16 * MIB
    rows: int = 5_000_000
    columns: int = 500
    cell: int = 1 * MIB
    nesting: int = 50
    sheet_cells: int = 30_000_000
    document: int = 256 * MIB
    repeated: int = 1_000_000


COMMAND_LINE = Limits()
UPLOAD = Limits(file=200 * MIB, unpacked=1 * GIB)
