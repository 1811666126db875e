"""An agreement between two units, and what is followed: tasks, deliverables, visits, value, yearly checks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.allocation.core.pairing_life import (
    AGREEMENT_NAMES,
    CLOSED_WITH_REASON,
    DUTY_NAMES,
    LIVE,
    OVER,
    WITH_BOTH_SIDES,
    AgreementState,
    DutyState,
)
from anlan.allocation.models.pairing import CODE, PairingRound, Side
from anlan.ground.fields import DivisionCodeField, FenField
from anlan.ground.versions import Versioned

MOST_LOAD = 9
ALL_LIVE, ALL_OVER = sorted(LIVE), sorted(OVER)
BOTH_CONFIRMED = Q(helper_confirmed_by_id__isnull=False, helped_confirmed_by_id__isnull=False)
AGREEMENT_CHOICES = [(str(state), _(name)) for state, name in AGREEMENT_NAMES.items()]
DUTY_CHOICES = [(str(state), _(name)) for state, name in DUTY_NAMES.items()]


class DutyKind(models.TextChoices):
    TASK = "task", _("task")
    DELIVERABLE = "deliverable", _("deliverable")


class ValueKind(models.TextChoices):
    MONEY = "money", _("money")
    GOODS = "goods", _("goods and equipment")
    WORK = "work", _("people's work")
    TRAINING = "training", _("training")
    OTHER = "other", _("other")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def live(self) -> "AgreementQuerySet":
        return self.filter(state__in=ALL_LIVE)


class Agreement(Versioned):
    """Two units that help each other for a time. A live one takes one of its helper's places."""

    round = models.ForeignKey(PairingRound, on_delete=models.PROTECT, related_name="agreements")
    previous = models.OneToOneField("self", on_delete=models.PROTECT, related_name="following", null=True)
    county_code = DivisionCodeField()
    helper = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    helper_code = DivisionCodeField()
    helper_name = models.CharField(max_length=80, verbose_name=_("who helps"))
    helped = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    helped_code = DivisionCodeField()
    helped_name = models.CharField(max_length=80, verbose_name=_("who is helped"))
    helper_place = models.PositiveSmallIntegerField()
    most_helped = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    distance_km = models.FloatField(null=True)
    visits_a_year = models.PositiveSmallIntegerField()
    starts_on = models.DateField(verbose_name=_("from"))
    ends_on = models.DateField(verbose_name=_("until"))
    state = models.CharField(max_length=12, choices=AGREEMENT_CHOICES, default=AgreementState.PROPOSED)
    proposed_at = models.DateTimeField()
    helper_confirmed_at = models.DateTimeField(null=True)
    helper_confirmed_by_id = models.BigIntegerField(null=True)
    helper_confirmed_by_name = models.CharField(max_length=80, default="")
    helped_confirmed_at = models.DateTimeField(null=True)
    helped_confirmed_by_id = models.BigIntegerField(null=True)
    helped_confirmed_by_name = models.CharField(max_length=80, default="")
    closed_on = models.DateField(null=True)
    closed_by_name = models.CharField(max_length=80, default="")
    close_reason = models.CharField(max_length=500, default="")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["helper_code"], opclasses=["varchar_pattern_ops"], name="agreement_of_helper"),
            models.Index(fields=["helped_code"], opclasses=["varchar_pattern_ops"], name="agreement_of_helped"),
        ]
        constraints = [
            models.CheckConstraint(name="agreement_state_is_known", condition=Q(state__in=list(AgreementState))),
            models.CheckConstraint(
                name="agreement_units_are_codes", condition=Q(helper_code__regex=CODE, helped_code__regex=CODE)
            ),
            models.CheckConstraint(name="agreement_of_two", condition=~Q(helper_code=F("helped_code"))),
            models.CheckConstraint(name="agreement_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(name="agreement_visits_1_to_12", condition=Q(visits_a_year__range=(1, 12))),
            models.CheckConstraint(
                name="agreement_agreed_by_both",
                condition=Q(state__in=sorted(WITH_BOTH_SIDES)) & BOTH_CONFIRMED
                | ~Q(state__in=sorted(WITH_BOTH_SIDES)) & ~BOTH_CONFIRMED,
            ),
            models.CheckConstraint(
                name="agreement_confirmed_by_two_people",
                condition=Q(helper_confirmed_by_id__isnull=True)
                | Q(helped_confirmed_by_id__isnull=True)
                | ~Q(helper_confirmed_by_id=F("helped_confirmed_by_id")),
            ),
            models.CheckConstraint(
                name="agreement_over_has_its_day",
                condition=Q(state__in=ALL_OVER, closed_on__isnull=False)
                | ~Q(state__in=ALL_OVER) & Q(closed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="agreement_closed_says_why",
                condition=~Q(state__in=sorted(CLOSED_WITH_REASON)) | ~Q(close_reason=""),
            ),
            # A helper's load: each live agreement sits on a place of its own, and no place lies beyond the limit.
            models.CheckConstraint(
                name="agreement_within_helper_load",
                condition=Q(helper_place__gte=1, helper_place__lte=F("most_helped"), most_helped__lte=MOST_LOAD),
            ),
            models.UniqueConstraint(
                name="agreement_place_of_helper_once",
                fields=["helper_code", "helper_place"],
                condition=Q(state__in=ALL_LIVE),
            ),
            models.UniqueConstraint(
                name="agreement_one_live_of_a_pair",
                fields=["helper_code", "helped_code"],
                condition=Q(state__in=ALL_LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_name} → {self.helped_name}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it: the unit that is helped."""
        return self.helped_code  # type: ignore[no-any-return]

    def code_of(self, side: str) -> str:
        """Return the code of one side's unit."""
        return str(self.helper_code if side == Side.HELPER else self.helped_code)

    def name_of(self, side: str) -> str:
        """Return the name of one side's unit."""
        return str(self.helper_name if side == Side.HELPER else self.helped_name)


class OfAgreement(models.Model):
    """Something followed under an agreement; who wrote it is a snapshot."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=80, default="")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.agreement.division_code


class Duty(OfAgreement, Versioned):
    """A task or a deliverable that one side owes; a deliverable is accepted by the other."""

    kind = models.CharField(max_length=12, choices=DutyKind.choices)
    side = models.CharField(max_length=8, choices=Side.choices)
    title = models.CharField(max_length=150)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=DUTY_CHOICES, default=DutyState.DUE)
    delivered_on = models.DateField(null=True)
    delivered_by_id = models.BigIntegerField(null=True)
    delivered_by_name = models.CharField(max_length=80, default="")
    remark = models.CharField(max_length=500, default="")
    accepted_on = models.DateField(null=True)
    accepted_by_id = models.BigIntegerField(null=True)
    accepted_by_name = models.CharField(max_length=80, default="")
    return_reason = models.CharField(max_length=500, default="")

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                name="duty_kind_side_and_state_are_known",
                condition=Q(kind__in=DutyKind.values, side__in=Side.values, state__in=list(DutyState)),
            ),
            models.CheckConstraint(name="duty_has_words", condition=~Q(title="")),
            models.CheckConstraint(
                name="duty_delivered_has_its_day",
                condition=Q(state__in=[DutyState.DELIVERED, DutyState.ACCEPTED], delivered_on__isnull=False)
                | Q(state__in=[DutyState.DUE, DutyState.STRUCK], delivered_on__isnull=True),
            ),
            models.CheckConstraint(
                name="duty_accepted_has_its_day",
                condition=Q(state=DutyState.ACCEPTED, accepted_on__isnull=False)
                | ~Q(state=DutyState.ACCEPTED) & Q(accepted_on__isnull=True),
            ),
            models.CheckConstraint(
                name="duty_accepted_by_another",
                condition=Q(accepted_by_id__isnull=True)
                | Q(delivered_by_id__isnull=True)
                | ~Q(accepted_by_id=F("delivered_by_id")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def other_side(self) -> str:
        """Return the side that it is owed to."""
        return Side.HELPED.value if self.side == Side.HELPER else Side.HELPER.value


class Visit(OfAgreement):
    """One side at the other's place; `is_outside` flags a place that does not lie in the helped unit."""

    visited_on = models.DateField()
    side = models.CharField(max_length=8, choices=Side.choices)
    people = models.PositiveSmallIntegerField()
    summary = models.CharField(max_length=1000)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    is_outside = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="visit_side_is_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(name="visit_by_somebody_who_says_what", condition=Q(people__gte=1) & ~Q(summary="")),
            models.CheckConstraint(
                name="visit_place_is_whole_and_on_earth",
                condition=Q(longitude__isnull=True, latitude__isnull=True, is_outside__isnull=True)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-90, 90),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.visited_on}"


class GivenValue(OfAgreement):
    """What one side gave the other: in fen, in kind with words, or both. `amount_fen` null is not yet priced."""

    side = models.CharField(max_length=8, choices=Side.choices)
    kind = models.CharField(max_length=10, choices=ValueKind.choices)
    words = models.CharField(max_length=300)
    amount_fen = FenField(null=True)
    given_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="given_value_side_and_kind_are_known",
                condition=Q(side__in=Side.values, kind__in=ValueKind.values),
            ),
            models.CheckConstraint(name="given_value_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="given_value_more_than_0", condition=Q(amount_fen__isnull=True) | Q(amount_fen__gt=0)
            ),
            models.CheckConstraint(
                name="given_money_has_an_amount", condition=~Q(kind=ValueKind.MONEY) | Q(amount_fen__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.words


class YearlyCheck(OfAgreement):
    """The county's word on one year of an agreement, with the figures as they stood."""

    year = models.PositiveSmallIntegerField()
    is_met = models.BooleanField()
    reason = models.CharField(max_length=500, default="")
    figures = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="yearly_check_once_a_year", fields=["agreement", "year"]),
            models.CheckConstraint(name="yearly_check_not_met_says_why", condition=Q(is_met=True) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.year}"


class PairingReminder(models.Model):
    """What an agreement was reminded of on a day, at most once."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    sent_on = models.DateField()
    visits = models.PositiveSmallIntegerField(default=0)
    deliverables = models.PositiveSmallIntegerField(default=0)
    checks = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="pairing_reminder_once_a_day", fields=["agreement", "sent_on"])]

    def __str__(self) -> str:
        return f"{self.agreement} {self.sent_on}"
