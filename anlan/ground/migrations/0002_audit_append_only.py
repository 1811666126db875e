from django.db import migrations

FORWARD = """
CREATE FUNCTION anlan_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER ground_auditentry_append_only BEFORE UPDATE OR DELETE ON ground_auditentry
FOR EACH ROW EXECUTE FUNCTION anlan_append_only();
CREATE TRIGGER ground_auditseal_append_only BEFORE UPDATE OR DELETE ON ground_auditseal
FOR EACH ROW EXECUTE FUNCTION anlan_append_only();
"""
BACKWARD = """
DROP TRIGGER ground_auditseal_append_only ON ground_auditseal;
DROP TRIGGER ground_auditentry_append_only ON ground_auditentry;
DROP FUNCTION anlan_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
