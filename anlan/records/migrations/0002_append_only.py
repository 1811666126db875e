from django.db import migrations

FORWARD = """
CREATE FUNCTION anlan_keep_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept_before jsonb;
    kept_after jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    kept_before := to_jsonb(OLD) - TG_ARGV;
    kept_after := to_jsonb(NEW) - TG_ARGV;
    IF kept_before <> kept_after OR to_jsonb(OLD) ->> TG_ARGV[0] IS NOT NULL THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER records_comment_append_only BEFORE UPDATE OR DELETE ON records_comment
FOR EACH ROW EXECUTE FUNCTION anlan_keep_record('withdrawn_at');
CREATE TRIGGER records_storedfile_append_only BEFORE UPDATE OR DELETE ON records_storedfile
FOR EACH ROW EXECUTE FUNCTION anlan_keep_record('removed_at', 'removed_by_id', 'removed_by_name');
"""
BACKWARD = """
DROP TRIGGER records_storedfile_append_only ON records_storedfile;
DROP TRIGGER records_comment_append_only ON records_comment;
DROP FUNCTION anlan_keep_record();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
