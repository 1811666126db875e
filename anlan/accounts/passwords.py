"""What a password must be like, and one that is handed over once."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLASSES = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
NEEDED = 3
# No letters and digits that are mistaken for each other when read aloud or copied from paper.
PARTS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")
PART_LENGTH = 4


class ThreeClassesValidator:
    """Wants three of: small letters, capitals, digits, other signs."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(any(map(belongs, password)) for belongs in CLASSES) < NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("Use at least three of: small letters, capital letters, digits, other signs.")


def temporary_password() -> str:
    """Return a password for handing over: three groups, easy to read aloud, 55 bits of chance."""
    return "-".join("".join(secrets.choice(part) for letter in range(PART_LENGTH)) for part in PARTS)
