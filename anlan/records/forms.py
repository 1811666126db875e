"""What comes with a form of the panel."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from anlan.kernel.refusal import Refusal


class NoFile(Refusal):
    """The form came without a file."""


def file_in(request: HttpRequest) -> UploadedFile:  # type: ignore[type-arg]
    """Return the file that came with the form.

    Raises:
        NoFile: none was chosen.
    """
    file = request.FILES.get("file")
    if file is None:
        raise NoFile("Choose a file first")
    return file
