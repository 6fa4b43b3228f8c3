"""What may be done with documents."""

from helhet.kit.rights import Level, Permission


class DocumentPermission(Permission):
    """Permissions of this room. MEMBER and LEAD mean: of the group that answers for the document's item.

    VIEW says whether there is a document; whether its text may be read is its audiences' to say (`visible_to`). What is
    not published yet is read by those who write, review and approve it.
    """

    VIEW = "documents:document:view", Level.READER
    DRAFT_VIEW = "documents:draft:view", Level.MEMBER
    CREATE = "documents:document:create", Level.MEMBER
    WRITE = "documents:document:write", Level.MEMBER
    APPROVE = "documents:document:approve", Level.MEMBER
    CONFIRM = "documents:document:confirm", Level.MEMBER
    MANAGE = "documents:document:manage", Level.LEAD
    REPORT = "documents:document:report", Level.READER
    REMARK = "documents:remark:create", Level.READER
    AUDIENCE_MANAGE = "documents:audience:manage", Level.ADMINISTRATOR
    APPROVAL_MANAGE = "documents:approval:manage", Level.LEAD
