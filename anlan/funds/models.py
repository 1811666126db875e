"""Sources of money, and the purposes that each is bound to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.funds.core.checking import FIRST_YEAR, LAST_YEAR, LONGEST_NAME, LONGEST_NUMBER
from anlan.funds.core.values import DIMENSION_NAMES, GIVER_NAMES, UNIT_LEVELS
from anlan.ground.fields import DivisionCodeField, FenField
from anlan.ground.versions import Versioned

GIVER_CHOICES = [(giver.value, _(name)) for giver, name in GIVER_NAMES.items()]
DIMENSIONS = [dimension.value for dimension in DIMENSION_NAMES]
LEVELS = [level.value for level in UNIT_LEVELS]
COUNTY = r"^[0-9]{4}(?!00)[0-9]{2}0{6}$"
ACCOUNT = r"^([0-9]{3}([0-9]{2}){0,2})?$"


class SourceQuerySet(models.QuerySet["Source"]):
    def standing(self) -> "SourceQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Source(Versioned):
    """Money given for one year by one document; `received_on` null is promised and not there yet."""

    county_code = DivisionCodeField(db_index=True, verbose_name=_("county"))
    name = models.CharField(max_length=LONGEST_NAME, verbose_name=_("name"))
    given_by = models.CharField(max_length=10, choices=GIVER_CHOICES, verbose_name=_("given by"))
    document_number = models.CharField(
        max_length=LONGEST_NUMBER, default="", blank=True, verbose_name=_("document number")
    )
    year = models.PositiveSmallIntegerField(verbose_name=_("year"))
    account_code = models.CharField(max_length=7, default="", blank=True, verbose_name=_("budget account"))
    amount_fen = FenField(verbose_name=_("amount"))
    received_on = models.DateField(null=True, verbose_name=_("received on"))
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=300, default="", verbose_name=_("reason"))

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="source_county_is_a_code", condition=Q(county_code__regex=COUNTY)),
            models.CheckConstraint(name="source_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="source_giver_is_known", condition=Q(given_by__in=list(dict(GIVER_CHOICES)))),
            models.CheckConstraint(
                name="source_year_is_possible", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)
            ),
            models.CheckConstraint(name="source_account_is_a_code", condition=Q(account_code__regex=ACCOUNT)),
            models.CheckConstraint(name="source_amount_is_above_zero", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="source_withdrawn_says_why",
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
            ),
            models.UniqueConstraint(
                name="source_once_a_document",
                fields=["county_code", "year", "document_number", "name"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def division_code(self) -> str:
        """Return whose money it is, for the audit trail."""
        return str(self.county_code)


class Earmark(models.Model):
    """A purpose of a source: with several, each stands for itself. Areas are prefixes of division codes."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="earmarks")
    dimensions = ArrayField(models.CharField(max_length=12), default=list)
    measures = ArrayField(models.CharField(max_length=40), default=list)
    areas = ArrayField(models.CharField(max_length=12), default=list)
    unit_levels = ArrayField(models.CharField(max_length=10), default=list)
    note = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="earmark_dimensions_are_known", condition=Q(dimensions__contained_by=DIMENSIONS)
            ),
            models.CheckConstraint(name="earmark_levels_are_known", condition=Q(unit_levels__contained_by=LEVELS)),
            models.CheckConstraint(
                name="earmark_binds_to_something",
                condition=~Q(dimensions=[], measures=[], areas=[], unit_levels=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.note}"
