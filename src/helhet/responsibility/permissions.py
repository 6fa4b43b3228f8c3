"""What may be done with rules and coverage."""

from helhet.kit.rights import Level, Permission


class ResponsibilityPermission(Permission):
    """Permissions of this room."""

    RULE_VIEW = "responsibility:rule:view", Level.READER
    RULE_MANAGE = "responsibility:rule:manage", Level.COORDINATOR
    COVERAGE_VIEW = "responsibility:coverage:view", Level.READER
