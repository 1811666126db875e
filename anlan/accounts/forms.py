"""Forms of the accounts: what a person types, checked to be kind; actions and the database decide."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.accounts.core.areas import areas_within
from anlan.accounts.core.people import Ending, Move, NewPerson
from anlan.accounts.core.roles import ROLE_NAMES, Post, Role, roles_to_appoint
from anlan.accounts.models import Department, User
from anlan.accounts.queries import Holding, scope_of
from anlan.kernel.codes import BadCode, check_code
from anlan.kernel.refusal import Refusal
from anlan.web.templatetags.shown import refusal_text

TOKEN_DAYS = (30, 90, 180, 365)
HIDDEN = {"autocomplete": "current-password"}
CHOSEN = {"autocomplete": "new-password"}


class RefusableForm(forms.Form):
    """A form that shows what an action refused."""

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal above the fields."""
        self.add_error(None, refusal_text(refused))


class LogInForm(forms.Form):
    """Log-in name and password."""

    username = forms.CharField(
        label=_("Log-in name"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(label=_("Password"), max_length=128, strip=False, widget=forms.PasswordInput(HIDDEN))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.person: User | None = None

    def clean_username(self) -> str:
        """Return the name as it is stored, so that failures of one name count together however it is typed."""
        username: str = self.cleaned_data["username"]
        return username.lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "username" in cleaned and "password" in cleaned:
            found = authenticate(self.request, username=cleaned["username"], password=cleaned["password"])
            self.person = found if isinstance(found, User) else None
            if self.person is None:
                raise forms.ValidationError(_("Log-in name and password do not fit together. Mind capital letters."))
        return cleaned


class PasswordForm(forms.Form):
    """A new password, typed twice; the present one too, unless it was handed over and must go."""

    present = forms.CharField(label=_("Present password"), strip=False, widget=forms.PasswordInput(HIDDEN))
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=128,
        help_text=_("At least 8 characters, of three kinds: small letters, capital letters, digits, other signs."),
        widget=forms.PasswordInput(CHOSEN),
    )
    again = forms.CharField(label=_("New password once more"), strip=False, widget=forms.PasswordInput(CHOSEN))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.must_change_password:
            del self.fields["present"]

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.person.check_password(present):
            raise forms.ValidationError(_("This is not your present password."))
        return present

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        if self.person.check_password(password):
            raise forms.ValidationError(_("This is the present password; choose another one."))
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two new passwords differ."))
        return again


class TokenForm(RefusableForm):
    """What the token is for and how long it lives."""

    name = forms.CharField(label=_("What uses it"), max_length=60)
    days = forms.TypedChoiceField(
        label=_("Valid for, in days"), coerce=int, initial=90, choices=[(days, days) for days in TOKEN_DAYS]
    )


class PostFields(RefusableForm):
    """Role, area and department of a post, as far as the administrator may fill it."""

    role = forms.ChoiceField(label=_("Role"))
    area = forms.CharField(
        label=_("Area in charge"),
        max_length=60,
        help_text=_("Name or code of the county, township or village; choose from the list."),
        widget=forms.TextInput({"list": "areas", "autocomplete": "off"}),
    )
    department = forms.ChoiceField(
        label=_("Department"), required=False, help_text=_("For department officers: their part of the work.")
    )

    def __init__(self, *args: Any, administrator: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_to_appoint(administrator.posts)
        departments = [(row.pk, row.name) for row in Department.objects.order_by("order")]
        self._choose("role", [("", "—"), *((role.value, _(ROLE_NAMES[role])) for role in Role if role in roles)])
        self._choose("department", [("", gettext("None: the whole area's work")), *departments])
        self.areas = areas_within(scope_of(administrator, "accounts.manage").prefixes)

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_area(self) -> str:
        """Return the code of the area, however it was written."""
        text: str = self.cleaned_data["area"].strip()
        named = [code for code, name in self.areas if name == text]
        if len(named) > 1:
            raise forms.ValidationError(_("Several places are called %(name)s; give the code.") % {"name": text})
        if self.areas and not named and not text[:1].isdigit():
            raise forms.ValidationError(
                _("No place of your area is called %(name)s; take one of the list.") % {"name": text}
            )
        try:
            code = check_code(named[0] if named else text)
        except BadCode as refused:
            raise forms.ValidationError(refusal_text(refused)) from None
        if self.areas and code not in {known for known, _name in self.areas}:
            raise forms.ValidationError(_("No place of your area has the code %(code)s.") % {"code": code})
        return code

    @property
    def post(self) -> Post:
        """Return the post that was asked for."""
        cleaned = self.cleaned_data
        return Post(Role(cleaned["role"]), cleaned["area"], cleaned["department"] or None)


class PersonForm(PostFields):
    """Somebody new with a first post."""

    username = forms.CharField(
        label=_("Log-in name"), max_length=40, help_text=_("Small letters, digits, also . - _ after the first sign.")
    )
    name = forms.CharField(label=_("Full name"), max_length=40)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    field_order = ("name", "username", "phone", "role", "area", "department")

    @property
    def person(self) -> NewPerson:
        """Return who is to get an account."""
        cleaned = self.cleaned_data
        return NewPerson(cleaned["username"], cleaned["name"], cleaned["phone"], self.post)


class SuccessorField(forms.TypedChoiceField):
    """Who takes over the open work: nobody, or one of the administrator's people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Open tasks go to"), required=False, coerce=int, empty_value=None, **kwargs)

    def offer(self, successors: list[tuple[int, str]]) -> None:
        """Let the administrator choose among these."""
        self.choices = [("", gettext("nobody: back to the unit's list")), *successors]


class MoveForm(PostFields):
    """A further post, or one instead of another."""

    posting = forms.TypedChoiceField(label=_("Instead of"), required=False, coerce=int, empty_value=None)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    successor = SuccessorField()
    field_order = ("posting", "role", "area", "department", "starts_on", "successor")

    def __init__(self, *args: Any, holdings: list[Holding], successors: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(one.pk, f"{_(one.role_name)} · {one.area_name}") for one in holdings if not one.is_over]
        self._choose("posting", [("", gettext("nothing: a further post")), *held])
        self.fields["successor"].offer(successors)  # type: ignore[attr-defined]

    @property
    def move(self) -> Move:
        """Return the move that was asked for."""
        cleaned = self.cleaned_data
        return Move(cleaned["posting"], self.post, cleaned["starts_on"], cleaned["successor"])


class EndForm(RefusableForm):
    """The last day of a post and who takes over."""

    ends_on = forms.DateField(
        label=_("No longer held from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    successor = SuccessorField()

    def __init__(self, *args: Any, successors: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].offer(successors)  # type: ignore[attr-defined]

    def ending(self, posting_id: int) -> Ending:
        """Return the end that was asked for."""
        ends_on: date = self.cleaned_data["ends_on"]
        return Ending(posting_id, ends_on, self.cleaned_data["successor"])


class DisableForm(RefusableForm):
    """Who takes over when an account is closed."""

    successor = SuccessorField()

    def __init__(self, *args: Any, successors: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].offer(successors)  # type: ignore[attr-defined]


class PhoneForm(forms.Form):
    """What the whole number is needed for."""

    purpose = forms.CharField(label=_("What do you need the number for?"), max_length=200)
