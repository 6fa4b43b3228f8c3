"""What may be done with service documentation and its copies."""

from helhet.kit.rights import Level, Permission


class HandbookPermission(Permission):
    """Permissions of this room. MEMBER means: of the group that answers for the service or product."""

    VIEW = "handbook:part:view", Level.READER
    RULE_OUT = "handbook:part:rule_out", Level.MEMBER
    CONTRADICT = "handbook:readiness:contradict", Level.READER
    SETTLE = "handbook:readiness:settle", Level.MEMBER
    WEIGHT_MANAGE = "handbook:weight:manage", Level.ADMINISTRATOR
    PRINT_MAKE = "handbook:print:make", Level.READER
    BUNDLE_MAKE = "handbook:bundle:make", Level.COORDINATOR
    BUNDLE_VIEW = "handbook:bundle:view", Level.READER
