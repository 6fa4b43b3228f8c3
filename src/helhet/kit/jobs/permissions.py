"""What may be done with other people's jobs; one's own may be cancelled and run again by right of asking."""

from __future__ import annotations

from helhet.kit.rights import Level, Permission


class JobPermission(Permission):
    """Permissions for jobs, beside those in `kit.permissions` that the pages ask for."""

    JOB_STEER_ALL = "kit:job:steer_all", Level.ADMINISTRATOR
