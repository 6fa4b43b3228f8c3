"""What may be done with imports."""

from helhet.kit.rights import Level, Permission


class ImportPermission(Permission):
    """Permissions of this room."""

    VIEW = "importers:run:view", Level.READER
    START = "importers:run:start", Level.COORDINATOR
    UNDO = "importers:run:undo", Level.COORDINATOR
    FINDING_VIEW = "importers:finding:view", Level.READER
