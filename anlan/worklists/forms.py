"""A task by hand: what a person types, checked to be kind."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.accounts import queries as accounts
from anlan.accounts.queries import department_names
from anlan.places import queries as places
from anlan.web.http import Person
from anlan.worklists.actions.putting import HandTask
from anlan.worklists.core.levels import is_own_list


class TaskForm(forms.Form):
    """What is to be done, by which unit or which of its people, until when."""

    title = forms.CharField(label=_("What is to be done"), max_length=150)
    unit = forms.ChoiceField(label=_("Unit"))
    department = forms.ChoiceField(label=_("Department"), required=False)
    person = forms.TypedChoiceField(
        label=_("Person"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Left open, it stands on the unit's list and anybody there can take it."),
    )
    due_on = forms.DateField(label=_("Due on"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, giver: Person, unit: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["unit"].choices = units_of(giver, today)  # type: ignore[attr-defined]
        departments = department_names()
        self.fields["department"].choices = [("", _("all departments")), *departments.items()]  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", _("the whole unit")), *people_of(giver, unit)]  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return due_on

    def task(self) -> HandTask:
        """Return the task as the action takes it."""
        typed = self.cleaned_data
        return HandTask(typed["title"], typed["unit"], typed["department"], typed["person"], typed["due_on"])


def units_of(giver: Person, today: date) -> list[tuple[str, str]]:
    """Return the units to whom the person may give work, by code."""
    prefixes = accounts.scope_of(giver, "tasks.manage").prefixes
    return [(unit.code, unit.name) for prefix in prefixes for unit in places.units_within(prefix, today)]


def people_of(giver: Person, unit: str) -> list[tuple[int, str]]:
    """Return the unit's own people and those of departments, nobody for a unit that the person gives no work to."""
    if not unit or not giver.can("tasks.manage", unit):
        return []
    holders = accounts.people_in(unit, capability="tasks.read")
    return [(person.pk, person.name) for person in holders if _is_at_work_in(person, unit)]


def _is_at_work_in(person: Person, unit: str) -> bool:
    grants = accounts.scope_of(person, "tasks.read").grants
    return any(is_own_list([grant], unit, grant.department) for grant in grants)
