"""People, their posts, log-ins, tokens; departments and modules."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Lower, Now, TruncDate
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anlan.accounts.core.roles import NEEDS_DEPARTMENT, ROLE_NAMES, Post, Role, grants_for
from anlan.accounts.core.scope import Areas
from anlan.ground.fields import DivisionCodeField, EncryptedTextField
from anlan.ground.versions import Versioned

ROLE_CHOICES = [(role.value, _(name)) for role, name in ROLE_NAMES.items()]


class Department(models.Model):
    """A department of the county's government; each fills in its own columns of a survey."""

    key = models.CharField(max_length=30, primary_key=True)
    name_zh = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class UserManager(BaseUserManager["User"]):
    """Finds people by their log-in name, however it was typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser, Versioned):
    """A person with a log-in. What they may do stands in their posts."""

    username = models.CharField(max_length=40, unique=True, verbose_name=_("log-in name"))
    name = models.CharField(max_length=40, verbose_name=_("name"))
    phone = EncryptedTextField(default=b"", verbose_name=_("phone"))
    phone_hash = models.CharField(max_length=64, default="", db_index=True)
    language = models.CharField(max_length=10, default="zh-hans")
    must_change_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(name="user_username_is_lower_case", condition=Q(username=Lower("username"))),
            models.CheckConstraint(
                name="user_is_active_or_disabled", condition=Q(is_active=True) ^ Q(disabled_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """Return the posts held today, read once for this copy of the person."""
        if not self.is_active:
            return ()
        rows = self.postings.held_today().order_by("pk").values_list("role", "area_code", "department")
        return tuple(Post(Role(role), code, department) for role, code, department in rows)

    @cached_property
    def division_code(self) -> str:
        """Return the area of the first post, or of the last one held, by which the audit trail files the person."""
        if self.posts:
            return self.posts[0].area_code
        return self.postings.order_by("-starts_on", "-pk").values_list("area_code", flat=True).first() or ""

    @cached_property
    def closed_modules(self) -> frozenset[str]:
        """Return the modules that are switched off, read once for this copy of the person."""
        return frozenset(Module.objects.filter(is_on=False).values_list("key", flat=True))

    def can(self, capability: str, code: str | None = None, department: str | None = None) -> bool:
        """Tell whether the person holds the capability: anywhere, or for the division and department named."""
        areas = Areas(grants_for(self.posts, capability))
        return bool(areas.grants) if code is None else areas.covers(code, department)


class PostingQuerySet(models.QuerySet["Posting"]):
    def held_on(self, day: Any) -> "PostingQuerySet":
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def held_today(self) -> "PostingQuerySet":
        # A door asks the database's clock: what is open now is no figure that anybody recomputes later.
        return self.held_on(TruncDate(Now()))


class Posting(models.Model):
    """A role in an area, from one day up to but not including another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES, verbose_name=_("role"))
    area_code = DivisionCodeField(verbose_name=_("area"))
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, verbose_name=_("department"))
    starts_on = models.DateField(verbose_name=_("from"))
    ends_on = models.DateField(null=True, verbose_name=_("until"))

    objects = PostingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area_code"], opclasses=["varchar_pattern_ops"], name="posting_area")]
        constraints = [
            models.CheckConstraint(name="posting_area_is_a_code", condition=Q(area_code__regex=r"^[0-9]{12}$")),
            # Equal days are a post given and taken on one day: held for no day at all.
            models.CheckConstraint(
                name="posting_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="posting_has_its_department",
                condition=~Q(role__in=sorted(role.value for role in NEEDS_DEPARTMENT)) | Q(department__isnull=False),
            ),
            ExclusionConstraint(
                name="posting_is_held_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("area_code", RangeOperators.EQUAL),
                    (Coalesce("department", Value("")), RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area_code}"


class LogIn(models.Model):
    """One attempt to log in. The session's key lets us end the session when the person is disabled."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="log_ins")
    username = models.CharField(max_length=40)
    at = models.DateTimeField()
    succeeded = models.BooleanField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="")
    session_key = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="log_in_of_person")]
        constraints = [
            models.CheckConstraint(
                name="log_in_success_names_its_person", condition=Q(succeeded=False) | Q(user__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.at:%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """A key for reading by program: only its hash is kept, its first letters tell it from others."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60, verbose_name=_("name"))
    prefix = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="api_token_expires_later", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return self.name


class Module(models.Model):
    """Whether a module is switched on; one without a row is on."""

    key = models.CharField(max_length=30, primary_key=True)
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.key
