"""The jobs of this room, in one place where every worker finds them."""

from helhet.responsibility.digest import daily_digest
from helhet.responsibility.readings import daily_reading
from helhet.responsibility.saving import save_rule_job

__all__ = ["daily_digest", "daily_reading", "save_rule_job"]
