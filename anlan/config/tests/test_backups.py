from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from anlan.config.backups import Database, NoBackup, NotEmpty, keys_in, make_backup, opened, restore

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KEYS = {"ANLAN_FIELD_KEY": "00" * 32}


@pytest.fixture
def here(db) -> Database:
    """The tests' own database, as it was migrated."""
    settings = connection.settings_dict
    return Database(settings["HOST"], str(settings["PORT"]), settings["USER"], settings["PASSWORD"], settings["NAME"])


@pytest.fixture
def elsewhere(here):
    """An empty database beside it."""
    other = Database(here.host, here.port, here.user, here.password, f"{here.name}_restored")
    with here.connect() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{other.name}"')
        server.execute(f'CREATE DATABASE "{other.name}"')
    yield other
    with here.connect() as server:
        # Without FORCE: that may not end an autovacuum, which a plain drop waits out.
        server.execute(f'DROP DATABASE "{other.name}"')


@pytest.fixture
def backup(here, tmp_path) -> Path:
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "photo.jpg").write_bytes(b"a photo")
    return make_backup(
        database=here, files=tmp_path / "files", keys=KEYS, target=tmp_path / "made" / "anlan.tar", at=AT
    )


def tables(database: Database) -> set[str]:
    with database.connect() as connected:
        return {str(row[0]) for row in connected.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def migrations(database: Database) -> int:
    with database.connect() as connected:
        row = connected.execute("SELECT count(*) FROM django_migrations").fetchone()
    return int(str(row[0])) if row else 0


def test_a_backup_restores_tables_rows_files_and_keys(here, elsewhere, backup, tmp_path):
    with opened(backup) as folder:
        restore(folder=folder, database=elsewhere, files=tmp_path / "back", replace=False)
        keys = keys_in(folder)

    assert tables(elsewhere) == tables(here)
    assert migrations(elsewhere) == migrations(here) > 0
    assert (tmp_path / "back" / "ab" / "photo.jpg").read_bytes() == b"a photo"
    assert keys == KEYS


def test_only_its_owner_reads_a_backup(backup):
    assert backup.stat().st_mode & 0o077 == 0


def test_a_restore_keeps_its_hands_off_data_unless_told(elsewhere, backup, tmp_path):
    with elsewhere.connect() as connected:
        connected.execute("CREATE TABLE kept (id int)")

    with opened(backup) as folder, pytest.raises(NotEmpty, match="say --replace"):
        restore(folder=folder, database=elsewhere, files=tmp_path / "back", replace=False)

    assert tables(elsewhere) == {"kept", "spatial_ref_sys"}


def test_a_restore_that_replaces_leaves_nothing_of_before(here, elsewhere, backup, tmp_path):
    with elsewhere.connect() as connected:
        connected.execute("CREATE TABLE gone (id int)")
        connected.execute("CREATE FUNCTION gone_too() RETURNS int LANGUAGE sql AS 'SELECT 1'")

    with opened(backup) as folder:
        restore(folder=folder, database=elsewhere, files=tmp_path / "back", replace=True)
        restore(folder=folder, database=elsewhere, files=tmp_path / "back", replace=True)

    assert tables(elsewhere) == tables(here)


def test_a_damaged_backup_is_refused_before_anything_is_touched(backup):
    content = bytearray(backup.read_bytes())
    content[content.index(b"a photo")] ^= 1
    backup.write_bytes(content)

    with pytest.raises(NoBackup, match=r"damaged at files/ab/photo\.jpg"), opened(backup):
        pass


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    (tmp_path / "letter.tar").write_text("Dear county")

    with pytest.raises(NoBackup, match=r"letter\.tar is no backup"), opened(tmp_path / "letter.tar"):
        pass
