from django.db import migrations

# Deferred: a split writes its links one by one, and only all of them together must fit.
FORWARD = """
CREATE FUNCTION anlan_successor_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(share) FROM places_successorlink WHERE division_id = NEW.division_id) > 1.000001 THEN
        RAISE EXCEPTION 'the shares of division % are more than the whole', NEW.division_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'successor_shares_within_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER successor_shares_within_whole AFTER INSERT OR UPDATE ON places_successorlink
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION anlan_successor_shares();
"""
BACKWARD = """
DROP TRIGGER successor_shares_within_whole ON places_successorlink;
DROP FUNCTION anlan_successor_shares();
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
