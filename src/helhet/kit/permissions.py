"""What may be done with jobs."""

from helhet.kit.rights import Level, Permission


class KitPermission(Permission):
    """Permissions of the toolkit."""

    PATTERN_VIEW = "kit:pattern:view", Level.READER
    JOB_SEE_ALL = "kit:job:see_all", Level.COORDINATOR
    JOB_VIEW = "kit:job:view", Level.READER
    JOB_CANCEL = "kit:job:cancel", Level.READER
