"""What may be done with routines, runs, operational tasks and alerts."""

from helhet.kit.rights import Level, Permission


class RoutinePermission(Permission):
    """Permissions of this room. A routine's text is its document's; MEMBER and LEAD mean: of its item's group.

    RUN_CHANGE is for one's own run, RUN_HELP for another's of a routine that one's group answers for (`running.py`).
    """

    VIEW = "routines:routine:view", Level.READER
    CHANGE = "routines:routine:change", Level.MEMBER
    RUN = "routines:run:begin", Level.READER
    RUN_CHANGE = "routines:run:change", Level.READER
    RUN_HELP = "routines:run:help", Level.MEMBER
    TASK_MANAGE = "routines:operational_task:manage", Level.MEMBER
    TASK_DO = "routines:occurrence:do", Level.READER
    HAND_OVER = "routines:handover:write", Level.MEMBER
    ALERT_SEND = "routines:alert:send", Level.MEMBER
    ALERT_CHANGE = "routines:alert:change", Level.MEMBER
