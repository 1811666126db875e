"""The broker's own way of keeping passwords: a file with one line an account.

A line is `name:$7$iterations$salt$hash`, salt and hash in base64, the hash PBKDF2-HMAC-SHA512 of 64 bytes, as
`mosquitto_passwd` 2.0 writes it.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from hmac import compare_digest

# As mosquitto itself counts. The keys are random and long: more rounds would only make the broker slow when all
# devices come back at once after a fall of the power.
ITERATIONS = 101
_BYTES = 64


def entry(password: str, *, salt: bytes) -> str:
    """Return what the broker keeps of a password.

    Args:
        password: as the device sends it.
        salt: random, at least 12 bytes.

    >>> entry("secret", salt=bytes(12))[:24]
    '$7$101$AAAAAAAAAAAAAAAA$'
    """
    return f"$7${ITERATIONS}${b64encode(salt).decode()}${_hash(password, salt, ITERATIONS)}"


def matches(password: str, kept: str) -> bool:
    """Return whether a password is the one of which the broker keeps `kept`."""
    parts = kept.split("$")
    if len(parts) != 5 or parts[:2] != ["", "7"] or not parts[2].isdecimal() or parts[2].strip("0") == "":
        return False
    try:
        salt = b64decode(parts[3], validate=True)
    except Error:
        return False
    return compare_digest(_hash(password, salt, int(parts[2])), parts[4])


def accounts_file(entries: Mapping[str, str]) -> str:
    r"""Return the content of the file, by name.

    Raises:
        ValueError: a name or an entry would break its line.

    >>> accounts_file({"D2": "$7$b", "D1": "$7$a"})
    'D1:$7$a\nD2:$7$b\n'
    """
    for name, kept in entries.items():
        if not name or not kept or {":", "\n", "\r", "\0"} & set(name + kept):
            raise ValueError(f"the account {name!r} cannot be written into a line")
    return "".join(f"{name}:{entries[name]}\n" for name in sorted(entries))


def entries_in(content: str) -> dict[str, str]:
    r"""Return the entries of a file by name.

    >>> entries_in("D1:$7$a\n")
    {'D1': '$7$a'}
    """
    return dict(line.split(":", 1) for line in content.splitlines() if ":" in line)


def _hash(password: str, salt: bytes, iterations: int) -> str:
    return b64encode(hashlib.pbkdf2_hmac("sha512", password.encode(), salt, iterations, _BYTES)).decode()
