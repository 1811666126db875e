"""What was ticked on a page: keys joined by colons, the version that was seen last."""

from django.http import HttpRequest

from anlan.web.http import BadVersion


def ticked(request: HttpRequest, name: str, parts: int) -> list[list[str]]:
    """Return the ticked boxes of a name, each as its parts.

    Raises:
        BadVersion: the form was not made by us.
    """
    chosen = [value.split(":") for value in request.POST.getlist(name)]
    if any(len(found) != parts or not found[-1].isdecimal() or not found[0].isdecimal() for found in chosen):
        raise BadVersion("The form is incomplete; reload the page and try again")
    return chosen
