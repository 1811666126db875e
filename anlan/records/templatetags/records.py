"""The way from any page to an object's side panel."""

from typing import Any

from django import template

from anlan.records import queries

register = template.Library()


@register.inclusion_tag("records/panel_link.html")
def panel(kind: str, pk: int) -> dict[str, Any]:
    """Show how many comments and files an object has; a click loads its panel in place, or as a page without htmx."""
    return {
        "kind": kind,
        "pk": pk,
        "comments": queries.comment_count(kind, pk),
        "files": queries.file_count(kind, pk),
    }
