"""One file that holds everything: the database, the uploaded files and the keys.

A backup is a tar archive of `database.dump` (pg_dump's own format), `files/`, `keys.env` and
`manifest.json`, which names each part's sha256. It holds the keys, so only its owner may read it.
A restore checks every part before it touches anything.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from anlan.config import drops
from anlan.kernel.refusal import Refusal

FORMAT = 1
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
# What an ordinary role may not make or fill, and what the extensions bring by themselves.
NOT_OURS = (" EXTENSION ", " SCHEMA - public ", " TABLE DATA public spatial_ref_sys ")


class NoBackup(Refusal):
    """The file cannot be restored from."""


class NotEmpty(Refusal):
    """There is something that a restore would replace."""


class ToolFailed(Refusal):
    """A program of PostgreSQL did not do what was asked."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where a database is and who may open it."""

    host: str
    port: str
    user: str
    password: str
    name: str

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Open a connection that commits each statement."""
        port = int(self.port or 5432)
        return psycopg.connect(
            host=self.host, port=port, user=self.user, password=self.password, dbname=self.name, autocommit=True
        )


def program(name: str) -> str:
    """Return the newest of PostgreSQL's programs of that name.

    Raises:
        ToolFailed: there is none.
    """
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parents[1].name), reverse=True
    )
    found = str(installed[0]) if installed else shutil.which(name)
    if not found:
        raise ToolFailed("%(program)s is not installed; install postgresql-client", program=name)
    return found


def _run(database: Database, name: str, *arguments: str) -> None:
    where = ["--host", database.host, "--port", database.port or "5432", "--username", database.user, "--no-password"]
    done = subprocess.run(  # noqa: S603  a program found under /usr/lib, with our own arguments
        [program(name), *where, *arguments],
        env={"PGPASSWORD": database.password, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed("%(program)s failed: %(words)s", program=name, words=done.stderr.strip()[-1000:])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parts(folder: Path) -> dict[str, str]:
    """Return every file of the backup but the manifest, with its hash."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in found}


def make_backup(*, database: Database, files: Path, keys: Mapping[str, str], target: Path, at: datetime) -> Path:
    """Write the backup and return its path; a crash on the way leaves no file of that name.

    Raises:
        ToolFailed: pg_dump refused.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name:
        folder = Path(name) / "parts"
        folder.mkdir()
        dump = str(folder / "database.dump")
        _run(database, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", dump, database.name)
        if files.is_dir():
            shutil.copytree(files, folder / "files")
        lines = [f"{key}={value}\n" for key, value in sorted(keys.items())]
        (folder / "keys.env").write_text("".join(lines), encoding="utf-8")
        manifest = {"format": FORMAT, "made_at": at.isoformat(), "parts": _parts(folder)}
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        partial = Path(name) / "archive"
        partial.touch(mode=0o600)
        with tarfile.open(partial, "w") as archive:
            archive.add(folder / "manifest.json", "manifest.json")
            for part in manifest["parts"]:  # type: ignore[attr-defined]
                archive.add(folder / part, part)
        partial.replace(target)
    return target


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the archive's plain files into the folder; nothing may point out of it."""
    for member in archive:
        path = (folder / member.name).resolve()
        content = archive.extractfile(member) if member.isreg() else None
        if content is None or not path.is_relative_to(folder.resolve()):
            raise tarfile.TarError(f"unexpected entry {member.name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)


@contextmanager
def opened(backup: Path) -> Iterator[Path]:
    """Unpack a backup into a folder that goes away, once every part is known to be whole.

    Raises:
        NoBackup: it is none, of another format, or damaged.
    """
    with tempfile.TemporaryDirectory(prefix="anlan-restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(backup) as archive:
                _unpack(archive, folder)
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            expected = dict(manifest["parts"])
        except (OSError, tarfile.TarError, ValueError, KeyError) as error:
            raise NoBackup("%(file)s is no backup: %(words)s", file=backup.name, words=str(error)) from error
        if manifest.get("format") != FORMAT:
            raise NoBackup(
                "%(file)s has format %(found)s, expected %(wanted)d",
                file=backup.name,
                found=manifest.get("format"),
                wanted=FORMAT,
            )
        found = _parts(folder)
        damaged = sorted(part for part in expected | found if expected.get(part) != found.get(part))
        if damaged:
            raise NoBackup("%(file)s is damaged at %(parts)s", file=backup.name, parts=", ".join(damaged[:5]))
        yield folder


def keys_in(folder: Path) -> dict[str, str]:
    """Return the keys of an opened backup."""
    lines = (folder / "keys.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line)


def restore(*, folder: Path, database: Database, files: Path, replace: bool) -> None:
    """Put an opened backup in place.

    Raises:
        NotEmpty: tables or files are there and `replace` was not asked for.
        ToolFailed: pg_restore refused.
    """
    with database.connect() as connection:
        drops_needed = drops.statements(connection)
        occupied = bool(drops_needed) or (files.is_dir() and any(files.iterdir()))
        if occupied and not replace:
            raise NotEmpty(
                "The database %(name)s or the files' folder holds data; say --replace to lose them", name=database.name
            )
        for statement in drops_needed:
            connection.execute(statement)
        for extension in EXTENSIONS:
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    listing = _without_extensions(folder)
    _run(
        database,
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        "--use-list",
        str(listing),
        "--dbname",
        database.name,
        str(folder / "database.dump"),
    )
    _replace_files(folder / "files", files)


def _without_extensions(folder: Path) -> Path:
    """Return pg_restore's list of contents without the extensions, which an ordinary role may not make."""
    dump, listing = folder / "database.dump", folder / "contents.list"
    done = subprocess.run(  # noqa: S603
        [program("pg_restore"), "--list", str(dump)], capture_output=True, text=True, check=True
    )
    kept = [line for line in done.stdout.splitlines() if not any(word in line for word in NOT_OURS)]
    listing.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return listing


def _replace_files(source: Path, files: Path) -> None:
    files.mkdir(parents=True, exist_ok=True)
    for old in files.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    if source.is_dir():
        shutil.copytree(source, files, dirs_exist_ok=True)
