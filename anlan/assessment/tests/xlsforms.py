"""Small XLSForms by hand."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

COLUMNS = ("type", "name", "label", "relevant")


def xlsform(questions: Sequence[Mapping[str, str]], form_id: str = "own") -> bytes:
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(COLUMNS)
    for question in questions:
        survey.append([question.get(column, "") for column in COLUMNS])
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id"))
    settings.append(("道路调查", form_id))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
