"""How a token is found again: by the hash of its text. The text has 256 bits of chance, so it needs no salt."""

import hashlib


def token_hash(text: str) -> str:
    """Return what is stored of a token.

    >>> token_hash("anlan_x")[:8]
    '2da81396'
    """
    return hashlib.sha256(text.encode()).hexdigest()
