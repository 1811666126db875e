"""One text for one content, so that a hash names what a result was computed from."""

import hashlib
import json
from typing import Any


def canonical_json(content: Any) -> str:
    """Return JSON with sorted keys, no spaces and real characters.

    Raises:
        ValueError: the content holds NaN or infinity.
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_of(content: Any) -> str:
    """Return the hex SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
