"""What may be done with routines, runs, operational tasks and alerts."""

from helhet.kit.rights import Level, Permission


class RoutinePermission(Permission):
    """Permissions of this room. A routine's text is its document's; MEMBER and LEAD mean: of its item's group."""

    VIEW = "routines:routine:view", Level.READER
    CHANGE = "routines:routine:change", Level.MEMBER
    RUN = "routines:run:begin", Level.READER
    RUN_CHANGE = "routines:run:change", Level.READER
    TASK_MANAGE = "routines:operational_task:manage", Level.MEMBER
    TASK_DO = "routines:occurrence:do", Level.READER
    HAND_OVER = "routines:handover:write", Level.MEMBER
    ALERT_SEND = "routines:alert:send", Level.MEMBER
    ALERT_CHANGE = "routines:alert:change", Level.MEMBER
