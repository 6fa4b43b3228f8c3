"""What may be searched."""

from helhet.kit.rights import Level, Permission


class SearchPermission(Permission):
    """Permissions of this room; each hit also asks for the right to see the thing itself."""

    SEARCH = "search:everything:view", Level.READER
