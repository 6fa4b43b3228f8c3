"""The jobs of this room, in one place where every worker finds them."""

from helhet.handbook.bundle.renewing import make_one, renew_if_due
from helhet.handbook.printing.keeping import make_print, tidy_prints

__all__ = ["make_one", "make_print", "renew_if_due", "tidy_prints"]
