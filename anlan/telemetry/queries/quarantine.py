"""What could not be taken in: who may see it, and how its bytes read."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from anlan.accounts import queries as accounts
from anlan.kernel.codes import PREFIX_LENGTH, Level
from anlan.telemetry.models import Device, Parcel, Quarantined, QuarantineState
from anlan.web.http import Person

MANAGE = "telemetry.manage"
LINE_BYTES, MOST_BYTES, MOST_REASONS = 16, 4096, 12
PRINTABLE = range(0x20, 0x7F)


@dataclass(frozen=True, slots=True)
class DumpLine:
    """Sixteen bytes as people read them."""

    offset: str
    hexadecimal: str
    text: str


def manages_a_county(person: Person) -> bool:
    """Tell whether the person looks after the stations of a whole county or more."""
    prefixes = accounts.scope_of(person, MANAGE).prefixes
    return any(len(prefix) <= PREFIX_LENGTH[Level.COUNTY] for prefix in prefixes)


def quarantined_for(person: Person) -> QuerySet[Quarantined]:
    """Return what lies in the quarantine as far as the person looks after it; of unknown devices for a county only."""
    own = accounts.scope_of(person, MANAGE).q("division_code")
    return Quarantined.objects.filter(own | Q(division_code="") if manages_a_county(person) else own)


def waiting_for(person: Person) -> QuerySet[Quarantined]:
    """Return what waits for the person."""
    return quarantined_for(person).filter(state=QuarantineState.WAITING)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many messages wait, with one of them."""

    reason: str
    count: int
    example: Quarantined


def reasons_for(person: Person) -> list[Reason]:
    """Return for which reasons messages wait for the person, the commonest first."""
    counted = waiting_for(person).values("reason").annotate(count=Count("pk"), last=Max("pk"))
    told = list(counted.order_by("-count", "reason")[:MOST_REASONS])
    examples = Quarantined.objects.in_bulk([each["last"] for each in told])
    return [Reason(each["reason"], each["count"], examples[each["last"]]) for each in told]


def device_of(person: Person, row: Quarantined) -> Device | None:
    """Return the device that a message came from, as far as it is known and the person sees it."""
    scope = accounts.scope_of(person, MANAGE)
    return Device.objects.filter(scope.q("station__division_code"), code=row.device_code).first()


def dump_of(payload: bytes) -> list[DumpLine]:
    """Return the first 4 kB of the bytes, sixteen a line."""
    return list(_lines(payload[:MOST_BYTES]))


def _lines(payload: bytes) -> Iterator[DumpLine]:
    for offset in range(0, len(payload), LINE_BYTES):
        part = payload[offset : offset + LINE_BYTES]
        text = "".join(chr(byte) if byte in PRINTABLE else "·" for byte in part)
        yield DumpLine(f"{offset:04X}", part.hex(" ").upper(), text)


def text_of(payload: bytes) -> str:
    """Return the bytes as text where they are text, else nothing."""
    try:
        text = payload[:MOST_BYTES].decode()
    except UnicodeDecodeError:
        return ""
    return text if all(letter.isprintable() or letter in "\r\n\t" for letter in text) else ""


def unjudged_for(person: Person) -> QuerySet[Parcel]:
    """Return the parcels over which judging fell, for whoever looks after a county: they are of no division."""
    return Parcel.objects.exclude(fault="") if manages_a_county(person) else Parcel.objects.none()
