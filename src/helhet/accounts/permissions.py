"""What may be done with accounts."""

from helhet.kit.rights import Level, Permission


class AccountPermission(Permission):
    """Permissions of this room."""

    ME_VIEW = "accounts:me:view", Level.READER
    ME_CHANGE = "accounts:me:change", Level.READER
    TOKEN_MANAGE_OWN = "accounts:token:manage_own", Level.READER
    USER_VIEW = "accounts:user:view", Level.ADMINISTRATOR
    USER_END = "accounts:user:end", Level.COORDINATOR
    USER_MANAGE = "accounts:user:manage", Level.ADMINISTRATOR
