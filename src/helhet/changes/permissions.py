"""What may be done with changes, positions, windows and standard changes."""

from helhet.kit.rights import Level, Permission


class ChangePermission(Permission):
    """Permissions of this room. MEMBER and LEAD mean: of the change's group, of the group that is asked, or of the
    group that stated the window.
    """

    VIEW = "changes:change:view", Level.READER
    DRAFT = "changes:change:draft", Level.MEMBER
    CHANGE = "changes:change:change", Level.MEMBER
    APPROVE = "changes:change:approve", Level.LEAD
    SIGN_CLASH = "changes:clash:sign", Level.LEAD
    ANSWER = "changes:position:answer", Level.LEAD
    GIVE_AHEAD = "changes:position:give_ahead", Level.LEAD
    SETTLE = "changes:position:settle", Level.COORDINATOR
    PERIOD_MANAGE = "changes:period:manage", Level.LEAD
    STANDARD_PROPOSE = "changes:standard:propose", Level.MEMBER
    STANDARD_DECIDE = "changes:standard:decide", Level.COORDINATOR
    THRESHOLD_MANAGE = "changes:threshold:manage", Level.LEAD
    UNREGISTERED_EXPLAIN = "changes:unregistered:explain", Level.MEMBER
    FEED_MANAGE = "changes:feed:manage", Level.READER
