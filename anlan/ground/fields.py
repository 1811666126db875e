"""Fields that say what they hold: fen, division codes, encrypted personal data."""

import hashlib
import hmac
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

NONCE_BYTES = 12


class FenField(models.BigIntegerField):  # type: ignore[type-arg]
    """Money in whole fen."""


class DivisionCodeField(models.CharField):  # type: ignore[type-arg]
    """A twelve-digit division code, indexed for prefix tests."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 12
        super().__init__(*args, **kwargs)


def _key() -> bytes:
    key = bytes.fromhex(settings.FIELD_KEY)
    if len(key) != 32:
        raise ImproperlyConfigured("ANLAN_FIELD_KEY must be 64 hexadecimal digits")
    return key


def encrypt(text: str) -> bytes:
    """Return nonce + AES-256-GCM ciphertext."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key()).encrypt(nonce, text.encode(), None)


def decrypt(stored: bytes) -> str:
    """Return the text.

    Raises:
        ImproperlyConfigured: the data was written with another key.
    """
    try:
        return AESGCM(_key()).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], None).decode()
    except InvalidTag:
        raise ImproperlyConfigured("ANLAN_FIELD_KEY is not the key that this data was written with") from None


def keyed_hash(text: str) -> str:
    """Return a hash that finds an encrypted value again without revealing it."""
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Personal data, encrypted in the database. Empty text is stored as empty bytes."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = encrypt(value) if value else b""
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | None:
        if value is None:
            return None
        return decrypt(bytes(value)) if value else ""

    def to_python(self, value: Any) -> Any:
        return value


def mask_phone(phone: str) -> str:
    """Return 138****1234; short numbers keep their last two digits."""
    if len(phone) < 8:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def mask_id_number(number: str) -> str:
    """Return 1101**********1234."""
    return f"{number[:4]}{'*' * max(len(number) - 8, 0)}{number[-4:]}" if len(number) > 8 else "*" * len(number)
