"""Indicator systems and their versions."""

from django.db.models import QuerySet

from anlan.assessment.models import IndicatorSystem


def systems() -> QuerySet[IndicatorSystem]:
    """Return every system, by name."""
    return IndicatorSystem.objects.order_by("name_zh", "pk")
