"""What may be done with groups, persons, memberships, tasks, views and words."""

from helhet.kit.rights import Level, Permission


class GroupPermission(Permission):
    """Permissions of this room."""

    VIEW = "groups:group:view", Level.READER
    CREATE = "groups:group:create", Level.COORDINATOR
    CHANGE = "groups:group:change", Level.LEAD
    CLOSE = "groups:group:close", Level.COORDINATOR
    MEMBERSHIP_MANAGE = "groups:membership:manage", Level.LEAD
    PERSON_VIEW = "groups:person:view", Level.READER
    PERSON_MANAGE = "groups:person:manage", Level.COORDINATOR
    PERSON_END = "groups:person:end", Level.COORDINATOR
    TASK_VIEW = "groups:task:view", Level.READER
    TASK_CREATE = "groups:task:create", Level.READER
    TASK_CHANGE = "groups:task:change", Level.MEMBER
    VIEW_SAVE = "groups:view:save", Level.READER
    VIEW_SHARE = "groups:view:share", Level.MEMBER
    ASSIGN = "groups:answer:assign", Level.LEAD
    TAKE = "groups:answer:take", Level.MEMBER
    ROLE_MANAGE = "groups:role:manage", Level.MEMBER
    WORDS_MANAGE = "groups:words:manage", Level.ADMINISTRATOR
