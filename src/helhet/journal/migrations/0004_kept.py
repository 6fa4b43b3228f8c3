from typing import Any

from django.db import migrations

# What may be done to an event after it is written, whoever asks the database:
# - while it has no sequence: give it its place and its seals, and set `at` back (the demonstration's earlier days);
# - once it is sealed: blank its details and its salt together, which the chain is made to bear.
# Everything else is refused. A later migration that makes SQLite build the table anew must make these anew as well.
SAID = "Events of the journal are never altered or deleted."

SQLITE = {
    "journal_event_kept": "BEFORE DELETE ON journal_event",
    "journal_event_facts": (
        "BEFORE UPDATE OF id, user_id, verb, noun, noun_id, batch_id, request_id ON journal_event"
    ),
    "journal_event_sealed": (
        "BEFORE UPDATE OF sequence, at, details_seal, seal ON journal_event WHEN OLD.sequence IS NOT NULL"
    ),
    "journal_event_details": (
        "BEFORE UPDATE OF actor, before, after, reason, salt ON journal_event WHEN NOT ("
        "(OLD.sequence IS NULL AND NEW.actor IS OLD.actor AND NEW.before IS OLD.before AND NEW.after IS OLD.after"
        " AND NEW.reason IS OLD.reason) OR"
        "(NEW.actor = '' AND NEW.before IS NULL AND NEW.after IS NULL AND NEW.reason = '' AND NEW.salt = ''))"
    ),
}
POSTGRESQL = f"""
CREATE FUNCTION journal_event_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.user_id, NEW.verb, NEW.noun, NEW.noun_id, NEW.batch_id, NEW.request_id)
            IS NOT DISTINCT FROM
           (OLD.id, OLD.user_id, OLD.verb, OLD.noun, OLD.noun_id, OLD.batch_id, OLD.request_id)
        AND (OLD.sequence IS NULL OR
             (NEW.sequence, NEW.at, NEW.details_seal, NEW.seal)
                IS NOT DISTINCT FROM (OLD.sequence, OLD.at, OLD.details_seal, OLD.seal))
        AND ((NEW.actor, NEW.before, NEW.after, NEW.reason)
                IS NOT DISTINCT FROM (OLD.actor, OLD.before, OLD.after, OLD.reason)
             AND (OLD.sequence IS NULL OR NEW.salt = OLD.salt)
             OR (NEW.actor = '' AND NEW.before IS NULL AND NEW.after IS NULL AND NEW.reason = '' AND NEW.salt = ''))
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER journal_event_kept BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_event_kept();
"""


def forwards(apps: Any, schema_editor: Any) -> None:
    """Let the database itself refuse what the code never does."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for name, when in SQLITE.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{SAID}'); END")


def backwards(apps: Any, schema_editor: Any) -> None:
    """Refuse nothing."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER journal_event_kept ON journal_event; DROP FUNCTION journal_event_kept()")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Events are kept as they were written, also from whoever reaches the database past the product."""

    dependencies = [("journal", "0003_event_alone")]

    operations = [migrations.RunPython(forwards, backwards)]
