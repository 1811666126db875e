"""A county's own XLSForm: checked and turned into an XForm by pyxform, its questions listed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from anlan.assessment.core.values import Leaf
from anlan.assessment.documents.phone_form import UNIT, question_name
from anlan.assessment.documents.workbook_file import DAMAGE, check_file
from anlan.kernel.refusal import Refusal

SILENT = frozenset({"group", "repeat", "note", "survey", "start", "end", "today", "deviceid", "username", "calculate"})


class BadForm(Refusal):
    """The workbook is no XLSForm that pyxform accepts."""


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question of an own form: a leaf's, or a note's where `leaf` is empty."""

    name: str
    label: str
    kind: str
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class OwnXForm:
    """An own form ready for phones."""

    form_id: str
    title: str
    xform: str
    questions: tuple[FormQuestion, ...]


def read_own_form(content: bytes, leaves: Sequence[Leaf]) -> OwnXForm:
    """Return the form in an XLSForm; a question named like a leaf is that leaf's.

    Raises:
        BadWorkbook: the file is no .xlsx, too large, a bomb or with macros.
        BadForm: pyxform refuses it, told with the row, or no question says which unit it is about.
    """
    check_file(content)
    try:
        made = convert(content, file_type=".xlsx")
    except PyXFormError as refused:
        raise BadForm("The form is not accepted: %(reason)s", reason=str(refused)) from refused
    except DAMAGE as refused:
        raise BadForm("The form cannot be read; save it again and try once more") from refused
    told: Mapping[str, Any] = made._pyxform or {}
    by_name = {question_name(leaf.code): leaf.code for leaf in leaves} | {leaf.code: leaf.code for leaf in leaves}
    questions = tuple(_questions(told.get("children", ()), by_name))
    if UNIT not in {question.name for question in questions}:
        raise BadForm("The form has no question named unit; it must ask for the twelve-digit division code")
    title = told.get("title") or told.get("id_string") or ""
    return OwnXForm(str(told.get("id_string") or ""), str(title), str(made.xform), questions)


def _questions(children: Sequence[Mapping[str, Any]], leaves: Mapping[str, str]) -> Iterator[FormQuestion]:
    for child in children:
        if child.get("name") == "meta":
            continue
        if "children" in child and child.get("type") in {"group", "repeat"}:
            yield from _questions(child["children"], leaves)
        elif child.get("type") not in SILENT:
            name = str(child["name"])
            yield FormQuestion(name, _label(child.get("label"), name), str(child.get("type")), leaves.get(name, ""))


def _label(told: Any, name: str) -> str:
    """Return the label, in Chinese where it has several languages."""
    if isinstance(told, Mapping):
        chinese = [text for language, text in told.items() if "zh" in language.lower() or "中文" in language]
        return str((chinese or list(told.values()))[0])
    return str(told or name)
