"""The record is append-only in the database too, not only in the model.

SQLite: changes are refused; deletions are not, since Django empties tables by DELETE when it
resets a database, and SQLite cannot tell that from a person.
"""

from django.db import migrations

_MESSAGE = "tracker_event is append-only"

_SQLITE = f"""
CREATE TRIGGER tracker_event_no_update BEFORE UPDATE ON tracker_event
BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END;
"""

_POSTGRESQL = f"""
CREATE FUNCTION tracker_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$;
CREATE TRIGGER tracker_event_no_change BEFORE UPDATE OR DELETE ON tracker_event
FOR EACH ROW EXECUTE FUNCTION tracker_event_refuse();
"""


def add_triggers(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(_SQLITE)
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL)


def drop_triggers(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER tracker_event_no_update")
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER tracker_event_no_change ON tracker_event")
        schema_editor.execute("DROP FUNCTION tracker_event_refuse()")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
