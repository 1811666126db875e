"""What is missing or misconfigured, in words, with what to do about it: the checks of `anlan doctor`."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from anlan.config.backups import EXTENSIONS, program
from anlan.ground.audit import verify_audit
from anlan.ground.fields import EncryptedTextField
from anlan.kernel.refusal import Refusal
from anlan.web.live import is_sequenced
from anlan.web.templatetags.shown import refusal_text

OLDEST_SERVER = 150000
ROOM_BYTES = 2 * 1024**3
SILENCE = timedelta(seconds=60)
SHORTEST_KEY = 32


class State(Enum):
    """How a check went."""

    FINE = "✓"
    DOUBTFUL = "!"
    BROKEN = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw."""

    state: State
    what: str
    advice: str = ""


def fine(what: str) -> Finding:
    """Return that all is well."""
    return Finding(State.FINE, what)


def secret_key(_at: datetime) -> Finding:
    """Look at the key that signs sessions."""
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        return Finding(State.BROKEN, _("ANLAN_SECRET_KEY is missing or short"), _("Set at least 32 random characters"))
    return fine(_("ANLAN_SECRET_KEY is set"))


def field_key(_at: datetime) -> Finding:
    """Look at the key that encrypts personal data, and whether it fits what is stored."""
    try:
        right_size = len(bytes.fromhex(settings.FIELD_KEY)) == 32
    except ValueError:
        right_size = False
    if not right_size:
        return Finding(
            State.BROKEN,
            _("ANLAN_FIELD_KEY is not 64 hexadecimal digits"),
            _("Set the key that the stored data was written with, or a new one for a new county"),
        )
    try:
        for model in apps.get_models():
            for field in model._meta.fields:
                if isinstance(field, EncryptedTextField):
                    model._default_manager.exclude(**{field.name: b""}).values_list(field.name, flat=True).first()
    except ImproperlyConfigured:
        return Finding(
            State.BROKEN,
            _("ANLAN_FIELD_KEY is not the key that the stored data was written with"),
            _("Take the key from the backup's keys"),
        )
    return fine(_("ANLAN_FIELD_KEY fits the stored data"))


def openness(_at: datetime) -> Finding:
    """Look at what a stranger would get to see."""
    if settings.DEBUG:
        return Finding(State.BROKEN, _("ANLAN_DEBUG shows the source of errors to everybody"), _("Set it to 0"))
    if "*" in settings.ALLOWED_HOSTS:
        return Finding(State.DOUBTFUL, _("ANLAN_ALLOWED_HOSTS allows every name"), _("Name the hosts that users type"))
    if not settings.SESSION_COOKIE_SECURE and not set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost"}:
        return Finding(State.DOUBTFUL, _("Cookies travel over plain http"), _("Serve by https and set ANLAN_HTTPS=1"))
    return fine(_("The site answers to %(hosts)s") % {"hosts": ", ".join(settings.ALLOWED_HOSTS)})


def server(_at: datetime) -> Finding:
    """Look at the database server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
        version, encoding = cursor.fetchone() or (0, "")
        cursor.execute("SELECT extname FROM pg_extension")
        present = {row[0] for row in cursor.fetchall()}
    absent = sorted(set(EXTENSIONS) - present)
    if version < OLDEST_SERVER or encoding != "UTF8":
        return Finding(
            State.BROKEN,
            _("PostgreSQL is %(version)s with %(encoding)s") % {"version": version // 10000, "encoding": encoding},
            _("Use 15 or newer with UTF8"),
        )
    if absent:
        commands = " ".join(f"CREATE EXTENSION {name};" for name in absent)
        return Finding(
            State.BROKEN,
            _("The database lacks %(names)s") % {"names": ", ".join(absent)},
            _("Its administrator runs: %(commands)s") % {"commands": commands},
        )
    return fine(_("PostgreSQL %(version)s with PostGIS") % {"version": version // 10000})


def migrations(_at: datetime) -> Finding:
    """Look whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(
            State.BROKEN, _("%(count)d migrations are not applied") % {"count": len(waiting)}, _("Run: anlan migrate")
        )
    return fine(_("Every migration is applied"))


def files(_at: datetime) -> Finding:
    """Look at the folder of uploaded files and the room on its disk."""
    folder = Path(settings.MEDIA_ROOT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Finding(
            State.BROKEN,
            _("%(folder)s cannot be written: %(words)s") % {"folder": folder, "words": error},
            _("Give it to the account that runs the site"),
        )
    free = shutil.disk_usage(folder).free
    if free < ROOM_BYTES:
        return Finding(
            State.DOUBTFUL,
            _("%(size)d MB are free on the disk of the files") % {"size": free // 1024**2},
            _("Make room: backups and uploads need it"),
        )
    return fine(_("Files are kept in %(folder)s") % {"folder": folder})


def pages(_at: datetime) -> Finding:
    """Look whether styles, scripts and the Chinese catalogue were built."""
    package = Path(__file__).resolve().parents[1]
    catalogues = list(package.glob("*/locale/*/LC_MESSAGES/*.po"))
    if not all(path.with_suffix(".mo").exists() for path in catalogues):
        return Finding(
            State.BROKEN, _("Chinese catalogues are not compiled"), _("Run: python scripts/messages.py compile")
        )
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return Finding(State.BROKEN, _("Styles and scripts are not collected"), _("Run: make setup, then: make demo"))
    return fine(_("Styles, scripts and catalogues are built"))


def reports(_at: datetime) -> Finding:
    """Look whether PDF reports can be made, and in Chinese."""
    try:
        import weasyprint  # noqa: F401  loading it looks for the libraries
    except OSError as error:
        return Finding(
            State.BROKEN,
            _("PDF reports cannot be made: %(words)s") % {"words": error},
            _("Install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        )
    if not any(Path("/usr/share/fonts").rglob("NotoSansCJK*")):
        return Finding(State.BROKEN, _("No Chinese font is installed"), _("Install fonts-noto-cjk"))
    return fine(_("PDF reports can be made in Chinese"))


def backup_tools(_at: datetime) -> Finding:
    """Look for pg_dump."""
    try:
        program("pg_dump")
        program("pg_restore")
    except Refusal as refusal:
        return Finding(State.DOUBTFUL, _("Backups cannot be made"), refusal_text(refusal))
    return fine(_("Backups can be made"))


def worker(at: datetime) -> Finding:
    """Look whether a worker takes jobs, and whether jobs failed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        seen = (cursor.fetchone() or [None])[0]
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        failed = (cursor.fetchone() or [0])[0]
    if seen is None or at - seen > SILENCE:
        return Finding(
            State.DOUBTFUL,
            _("No worker runs: reminders, imports and the audit seal wait"),
            _("Start it: anlan up, or the service anlan-worker"),
        )
    if failed:
        return Finding(
            State.DOUBTFUL,
            _("%(count)d jobs failed for good") % {"count": failed},
            _("Their errors are in the worker's log"),
        )
    return fine(_("A worker takes jobs"))


def live_stream(_at: datetime) -> Finding:
    """Look whether open pages are told what happens."""
    if not is_sequenced():
        return Finding(
            State.DOUBTFUL,
            _("Nothing streams to open pages: maps and the big screen stand still"),
            _("Start it: anlan up, or the service anlan-live"),
        )
    return fine(_("Open pages are told what happens"))


def audit_trail(_at: datetime) -> Finding:
    """Walk the audit trail's chain."""
    verdict = verify_audit()
    if verdict.broken_at is not None:
        return Finding(
            State.BROKEN,
            _("The audit trail does not hold from seal %(number)d on") % {"number": verdict.broken_at},
            _("Somebody changed it, or ANLAN_SECRET_KEY was replaced"),
        )
    return fine(
        _("The audit trail holds: %(sealed)d sealed, %(unsealed)d waiting")
        % {"sealed": verdict.sealed, "unsealed": verdict.unsealed}
    )


CHECKS: tuple[Callable[[datetime], Finding], ...] = (
    secret_key,
    openness,
    server,
    migrations,
    field_key,
    files,
    pages,
    reports,
    backup_tools,
    worker,
    live_stream,
    audit_trail,
)


def examine(*, at: datetime) -> list[Finding]:
    """Make every check; one that cannot be made is itself a finding."""
    findings = []
    for check in CHECKS:
        try:
            findings.append(check(at))
        except DatabaseError as error:
            words = str(error).strip().splitlines()[0]
            findings.append(
                Finding(
                    State.BROKEN,
                    _("The database does not answer: %(words)s") % {"words": words},
                    _("Look at DATABASE_URL; run: anlan migrate"),
                )
            )
    return findings
