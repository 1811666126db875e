"""A round of pairing: its rules, the units on both sides, the pairs that were proposed, and what a hand changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.allocation.core.pairing_life import PAIRING_NAMES, PairingState
from anlan.ground.fields import DivisionCodeField
from anlan.ground.versions import Versioned

CODE = r"^[0-9]{12}$"
PAIRING_CHOICES = [(str(state), _(name)) for state, name in PAIRING_NAMES.items()]


class Side(models.TextChoices):
    HELPER = "helper", _("who helps")
    HELPED = "helped", _("who is helped")


class WishKind(models.TextChoices):
    PIN = "pin", _("pinned")
    BAR = "bar", _("barred")


class PairingRound(Versioned):
    """One proposal of pairs for a county; `solution` holds what the solver said of it."""

    county_code = DivisionCodeField()
    name = models.CharField(max_length=60, verbose_name=_("name"))
    assessment = models.ForeignKey("assessment.Assessment", on_delete=models.PROTECT, related_name="+")
    assessment_sha256 = models.CharField(max_length=64)
    rules = models.JSONField()
    state = models.CharField(max_length=12, choices=PAIRING_CHOICES, default=PairingState.DRAFT)
    solution = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=80, default="")
    solved_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_name = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pairing_round_name_once", fields=["county_code", "name"]),
            models.CheckConstraint(name="pairing_round_state_is_known", condition=Q(state__in=list(PairingState))),
            models.CheckConstraint(name="pairing_round_county_is_a_code", condition=Q(county_code__regex=CODE)),
            models.CheckConstraint(
                name="pairing_round_proposed_was_solved",
                condition=~Q(state__in=[PairingState.PROPOSED, PairingState.CONFIRMED]) | Q(solved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pairing_round_confirmed_has_its_time",
                condition=Q(state=PairingState.CONFIRMED, confirmed_at__isnull=False)
                | (~Q(state=PairingState.CONFIRMED) & Q(confirmed_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.county_code  # type: ignore[no-any-return]


class PairingUnit(models.Model):
    """A unit on one side of a round, as the solver saw it; `reason` says why it stayed without a partner."""

    round = models.ForeignKey(PairingRound, on_delete=models.CASCADE, related_name="units")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    code = DivisionCodeField()
    name = models.CharField(max_length=80)
    parent_name = models.CharField(max_length=80, default="")
    score = models.FloatField()
    dimensions = models.JSONField()
    places_left = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, default="")
    reason_values = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pairing_unit_once", fields=["round", "code"]),
            models.CheckConstraint(name="pairing_unit_side_is_known", condition=Q(side__in=Side.values)),
        ]

    def __str__(self) -> str:
        return self.name


class ProposedPair(models.Model):
    """Two units that the solver puts together: what the pair is worth, why, and who would have been next."""

    round = models.ForeignKey(PairingRound, on_delete=models.CASCADE, related_name="pairs")
    helper = models.ForeignKey(PairingUnit, on_delete=models.CASCADE, related_name="+")
    helped = models.ForeignKey(PairingUnit, on_delete=models.CASCADE, related_name="+")
    value = models.FloatField()
    parts = models.JSONField()
    distance_km = models.FloatField(null=True)
    reasons = models.JSONField()
    next_best_name = models.CharField(max_length=80, default="")
    is_pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="proposed_pair_once", fields=["helper", "helped"]),
            models.CheckConstraint(
                name="proposed_pair_distance_from_0", condition=Q(distance_km__isnull=True) | Q(distance_km__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper.name} → {self.helped.name}"


class PairWish(models.Model):
    """A hand's word in a round: this pair must be, or must not be."""

    round = models.ForeignKey(PairingRound, on_delete=models.CASCADE, related_name="wishes")
    kind = models.CharField(max_length=4, choices=WishKind.choices)
    helper_code = DivisionCodeField()
    helper_name = models.CharField(max_length=80)
    helped_code = DivisionCodeField()
    helped_name = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    wished_at = models.DateTimeField()
    wished_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pair_wish_once", fields=["round", "helper_code", "helped_code"]),
            models.CheckConstraint(name="pair_wish_kind_is_known", condition=Q(kind__in=WishKind.values)),
            models.CheckConstraint(name="pair_wish_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.helper_name} → {self.helped_name}"


class PairingConflict(models.Model):
    """Two units of a county that no round puts together, whichever of them would help."""

    county_code = DivisionCodeField()
    one_code = DivisionCodeField()
    one_name = models.CharField(max_length=80)
    other_code = DivisionCodeField()
    other_name = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    noted_at = models.DateTimeField()
    noted_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pairing_conflict_once", fields=["one_code", "other_code"]),
            models.CheckConstraint(name="pairing_conflict_in_order", condition=Q(one_code__lt=F("other_code"))),
            models.CheckConstraint(name="pairing_conflict_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.one_name} – {self.other_name}"  # noqa: RUF001  as Chinese writes two sides

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.county_code  # type: ignore[no-any-return]
