"""What may be done at home."""

from helhet.kit.rights import Level, Permission


class HomePermission(Permission):
    """Permissions of this room."""

    VIEW = "home:overview:view", Level.READER
    DEMO_MAKE = "home:demo:make", Level.ADMINISTRATOR
