"""What may be done with dependencies and the pictures of them."""

from helhet.kit.rights import Level, Permission


class EstatePermission(Permission):
    """Permissions of this room."""

    DEPENDENCY_MANAGE = "estate:dependency:manage", Level.MEMBER
    PICTURE_SAVE = "estate:picture:save", Level.READER
    PICTURE_SHARE = "estate:picture:share", Level.MEMBER
    DEPENDENCY_SETTLE = "estate:dependency:settle", Level.MEMBER
    OBSERVE = "estate:observation:take", Level.COORDINATOR
    TYPE_MANAGE = "estate:dependency_type:manage", Level.ADMINISTRATOR
