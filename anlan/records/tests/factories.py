"""An object with a panel, and a file that is sent to it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.accounts.tests.factories import TOWNSHIP
from anlan.records.core.panels import Subject

BRIDGE = Subject("tests.bridge", 7, "石桥", TOWNSHIP, "/bridges/7/", may_write=True)


def uploaded(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
