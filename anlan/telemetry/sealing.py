"""A station's new password while the order that sets it waits: readable by whoever holds the site's key alone."""

from collections.abc import Mapping
from typing import Any

from anlan.ground.fields import decrypt, encrypt

SECRET = "password"  # noqa: S105  the name of a key


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order's content as it may lie in the database."""
    return {**content, SECRET: encrypt(content[SECRET]).hex()} if SECRET in content else dict(content)


def unsealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content again.

    Raises:
        ImproperlyConfigured: it was sealed with another key.
    """
    return {**content, SECRET: decrypt(bytes.fromhex(content[SECRET]))} if SECRET in content else dict(content)
