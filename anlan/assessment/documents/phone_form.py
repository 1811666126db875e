"""The survey as a form for ODK Collect and KoboCollect: an XLSForm, and the XForm that pyxform makes of it.

One form a level. Nothing is required but the unit: a question left alone is missing, never zero. The
way of writing and the bounds are those of web form and workbook; `core.entry` reads all three.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext, override
from pyxform.xls2xform import convert
from xlsxwriter import Workbook

from anlan.assessment.core.entry import COUNTED, EARLIEST
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Kind, Leaf, Unit
from anlan.assessment.core.workbook_values import WorkbookScope
from anlan.assessment.documents import workbook_words as words
from anlan.kernel.canonical import sha256_of
from anlan.kernel.codes import Level, ancestor_at
from anlan.kernel.refusal import mark

LANGUAGES = (("zh-hans", "中文 (zh)"), ("en", "English (en)"))
UNIT = "unit"
PHOTO = "_photo"
TYPES = {Kind.BOOLEAN: "select_one yes_no", Kind.RATIO: "decimal", Kind.DATE: "date"}
SURVEY_COLUMNS = ("type", "name", "label", "hint", "appearance", "relevant", "choice_filter", "required", "default")
CHECK_COLUMNS = ("constraint", "constraint_message", "parameters")
CHOICE_COLUMNS = ("list_name", "name", "label", "parent")
SETTINGS_COLUMNS = ("form_title", "form_id", "version", "default_language", "instance_name")
TRANSLATED = frozenset({"label", "hint", "constraint_message"})

TITLES = {
    Level.COUNTY: mark("%(round)s: county"),
    Level.TOWNSHIP: mark("%(round)s: townships"),
    Level.VILLAGE: mark("%(round)s: villages"),
}
WHICH_TOWNSHIP = mark("Which township is the village in?")
WHICH_UNIT = mark("Which unit is this about?")
WHICH_DEPARTMENTS = mark("Whose questions do you answer?")
HINT = mark("%(code)s. Target: %(target)s")
RATIO_HINT = mark("%(code)s. Target: %(target)s. A ratio: 37%% is written 0.37")
PHOTO_OF = mark("Photo or document: %(leaf)s")
TOO_LOW_OR_HIGH = mark("Outside what is possible: %(bounds)s")
NOT_LATER = mark("Not after the closing date %(day)s of the round")

Texts = dict[str, str]  # language → text
Row = dict[str, str | Texts]


@dataclass(frozen=True, slots=True)
class PhoneForm:
    """One form as phones list it."""

    form_id: str
    title: str
    version: str
    xlsform: bytes

    def file(self) -> BytesIO:
        """Return the XLSForm to download."""
        return BytesIO(self.xlsform)

    def xform(self) -> str:
        """Return the XForm that phones download."""
        return str(convert(self.xlsform, file_type=".xlsx").xform)


def question_name(leaf_code: str) -> str:
    """Return the name that a leaf's question has: a hyphen would be a minus in expressions.

    >>> question_name("ORG-T-02")
    'ORG_T_02'
    """
    return leaf_code.replace("-", "_")


def form_id_of(token: str, level: Level) -> str:
    """Return the id of a round's form for a level."""
    return f"anlan_{token}_{level.value}"


def make_phone_form(scope: WorkbookScope, level: Level, departments: Sequence[str]) -> PhoneForm:
    """Return the form for the units of a level; `departments` are those whose leaves are asked."""
    leaves = [leaf for leaf in scope.system.at_level(level) if leaf.department in departments]
    asked = sorted({leaf.department for leaf in leaves})
    survey = [*_head(scope, level, asked), *_questions(scope, leaves, asked)]
    choices = list(_choices(scope, level, asked))
    title = _both(TITLES[level], round=scope.round_name)["zh-hans"]
    version = sha256_of({"survey": survey, "choices": choices})[:12]
    settings: list[Row] = [
        {
            "form_title": title,
            "form_id": form_id_of(scope.token, level),
            "version": version,
            "default_language": LANGUAGES[0][1],
            "instance_name": "jr:choice-name(${unit}, '${unit}')",
        }
    ]
    sheets = (
        ("survey", (*SURVEY_COLUMNS, *CHECK_COLUMNS), survey),
        ("choices", CHOICE_COLUMNS, choices),
        ("settings", SETTINGS_COLUMNS, settings),
    )
    return PhoneForm(form_id_of(scope.token, level), title, version, _workbook(sheets))


def _both(message: str, **values: object) -> Texts:
    """Return a catalogue message in both languages."""
    texts = {}
    for language, _ in LANGUAGES:
        with override(language):
            text = gettext(message)
            texts[language] = text % values if values else text
    return texts


def _of_leaf(message: str, leaf: Leaf) -> Texts:
    texts = {}
    for language, _ in LANGUAGES:
        with override(language):
            values = {"code": leaf.code, "target": words.target_text(leaf), "leaf": words.leaf_name(leaf)}
            texts[language] = gettext(message) % values
    return texts


def _head(scope: WorkbookScope, level: Level, departments: Sequence[str]) -> Iterator[Row]:
    if level is Level.VILLAGE:
        yield {"type": "select_one townships", "name": "township", "label": _both(WHICH_TOWNSHIP)}
    unit: Row = {"type": "select_one units", "name": UNIT, "label": _both(WHICH_UNIT), "required": "yes"}
    if level is Level.VILLAGE:
        unit |= {"choice_filter": "parent=${township}"}
    if sum(one.level == level for one in scope.units) > 12:
        unit |= {"appearance": "minimal autocomplete"}
    yield unit
    if len(departments) > 1:
        yield {
            "type": "select_multiple departments",
            "name": "departments",
            "label": _both(WHICH_DEPARTMENTS),
            "default": " ".join(departments),
        }


def _questions(scope: WorkbookScope, leaves: Iterable[Leaf], departments: Sequence[str]) -> Iterator[Row]:
    by_dimension: dict[Dimension, list[Leaf]] = {dimension: [] for dimension in Dimension}
    for leaf in leaves:
        by_dimension[leaf.dimension].append(leaf)
    for dimension, asked in by_dimension.items():
        if not asked:
            continue
        yield {
            "type": "begin_group",
            "name": dimension.value,
            "label": _both(DIMENSION_NAMES[dimension]),
            "appearance": "field-list",
            "relevant": "${unit} != ''",
        }
        for leaf in asked:
            only_if = f"selected(${{departments}}, '{leaf.department}')" if len(departments) > 1 else ""
            yield _question(scope, leaf) | {"relevant": only_if}
            yield _photo(leaf)
        yield {"type": "end_group"}


def _question(scope: WorkbookScope, leaf: Leaf) -> Row:
    counted = "integer" if leaf.unit in COUNTED else "decimal"
    row: Row = {
        "type": TYPES.get(leaf.kind, counted),
        "name": question_name(leaf.code),
        "label": {"zh-hans": leaf.name_zh, "en": leaf.name_en},
        "hint": _of_leaf(RATIO_HINT if leaf.kind is Kind.RATIO else HINT, leaf),
    }
    if leaf.kind is Kind.DATE:
        closes = scope.closes_on.isoformat()
        row["constraint"] = f". <= date('{closes}') and . >= date('{EARLIEST.isoformat()}')"
        row["constraint_message"] = _both(NOT_LATER, day=closes)
    elif leaf.kind is not Kind.BOOLEAN and (bounds := _bounds(leaf)):
        row["constraint"] = " and ".join(f". {sign} {bound:g}" for sign, bound in bounds)
        row["constraint_message"] = _both(TOO_LOW_OR_HIGH, bounds=", ".join(f"{s} {b:g}" for s, b in bounds))
    return row


def _bounds(leaf: Leaf) -> list[tuple[str, float]]:
    top = 1.0 if leaf.maximum is None and leaf.kind is Kind.RATIO else leaf.maximum
    found = [(">=", leaf.minimum), ("<=", top)]
    return [(sign, bound) for sign, bound in found if bound is not None]


def _photo(leaf: Leaf) -> Row:
    """Evidence is asked for only where something was answered that it could show."""
    name = question_name(leaf.code)
    answered = "= 'yes'" if leaf.kind is Kind.BOOLEAN else "!= ''"
    return {
        "type": "image",
        "name": f"{name}{PHOTO}",
        "label": _of_leaf(PHOTO_OF, leaf),
        "relevant": f"${{{name}}} {answered}",
        "parameters": "max-pixels=1600",
    }


def _choices(scope: WorkbookScope, level: Level, departments: Sequence[str]) -> Iterator[Row]:
    for name in ("yes", "no"):
        yield {"list_name": "yes_no", "name": name, "label": _both(name)}
    units = [unit for unit in scope.units if unit.level == level]
    if level is Level.VILLAGE:
        yield from (_unit("townships", unit) for unit in _townships(scope, units))
    for unit in units:
        yield _unit("units", unit) | {"parent": unit.parent_code or ""}
    for department in departments if len(departments) > 1 else ():
        texts = {}
        for language, _ in LANGUAGES:
            with override(language):
                texts[language] = words.department_name(department)
        yield {"list_name": "departments", "name": department, "label": texts}


def _townships(scope: WorkbookScope, villages: Sequence[Unit]) -> list[Unit]:
    """Return the townships of the villages; one that is not the person's own still heads its villages."""
    known = {unit.code: unit for unit in scope.units}
    codes = dict.fromkeys(ancestor_at(unit.code, Level.TOWNSHIP) for unit in villages)
    return [known.get(code) or Unit(code, code, Level.TOWNSHIP, None) for code in codes]


def _unit(list_name: str, unit: Unit) -> Row:
    return {"list_name": list_name, "name": unit.code, "label": {"zh-hans": unit.name, "en": unit.name}}


def _workbook(sheets: Iterable[tuple[str, Sequence[str], Sequence[Row]]]) -> bytes:
    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    for name, columns, rows in sheets:
        sheet = book.add_worksheet(name)
        headings = [heading for column in columns for heading in _headings(column)]
        sheet.write_row(0, 0, [text for text, _, _ in headings])
        for position, row in enumerate(rows, 1):
            for place, (_, column, language) in enumerate(headings):
                value = row.get(column, "")
                sheet.write_string(position, place, value[language] if isinstance(value, dict) else value)
        sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def _headings(column: str) -> Iterator[tuple[str, str, str]]:
    """Yield heading, column and language; a translated column stands once a language."""
    if column not in TRANSLATED:
        yield column, column, ""
        return
    for language, name in LANGUAGES:
        yield f"{column}::{name}", column, language
