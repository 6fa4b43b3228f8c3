"""What may be done with dependencies."""

from helhet.kit.rights import Level, Permission


class EstatePermission(Permission):
    """Permissions of this room."""

    DEPENDENCY_MANAGE = "estate:dependency:manage", Level.MEMBER
