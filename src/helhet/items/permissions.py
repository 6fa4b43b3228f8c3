"""What may be done with items."""

from helhet.kit.rights import Level, Permission


class ItemPermission(Permission):
    """Permissions of this room."""

    VIEW = "items:item:view", Level.READER
    CREATE = "items:item:create", Level.MEMBER
    CHANGE = "items:item:change", Level.MEMBER
    MERGE = "items:item:merge", Level.COORDINATOR
    COMMENT = "items:item:comment", Level.READER
    ATTACH = "items:item:attach", Level.MEMBER
    LINK = "items:item:link", Level.MEMBER
    KIND_MANAGE = "items:kind:manage", Level.ADMINISTRATOR
    SOURCE_MANAGE = "items:source:manage", Level.COORDINATOR
