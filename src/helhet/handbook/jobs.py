"""The jobs of this room, in one place where every worker finds them."""

from helhet.handbook.bundle.renewing import make_one, renew_if_due

__all__ = ["make_one", "renew_if_due"]
