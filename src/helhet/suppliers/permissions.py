"""What may be done with suppliers and contracts."""

from helhet.kit.rights import Level, Permission


class SupplierPermission(Permission):
    """Permissions of this room. MEMBER means: of the group that answers for the supplier or contract."""

    VIEW = "suppliers:supplier:view", Level.READER
    CREATE = "suppliers:supplier:create", Level.MEMBER
    CHANGE = "suppliers:supplier:change", Level.MEMBER
