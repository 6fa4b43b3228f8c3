"""The routers that the addresses of this room hang on."""

from ninja import Router

router = Router(tags=["changes"])
advances_router = Router(tags=["changes"])
