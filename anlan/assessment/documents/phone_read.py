"""What phones filled in: an instance as it is sent, or many in an export of ODK Central or KoboToolbox."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from anlan.assessment.documents.tables import decode, read_table
from anlan.kernel.refusal import Refusal

MOST_XML = 1024 * 1024
IDS = ("instanceID", "KEY", "__id", "_uuid")  # ODK, its Central, its OData, KoboToolbox
FORMS = ("_xform_id_string", "formid")


class BadInstance(Refusal):
    """What was sent is no filled-in form."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One filled-in form: what was answered by question name, groups left out."""

    instance_id: str
    form_id: str
    values: Mapping[str, str]
    content: str


def read_instance(content: bytes) -> Instance:
    """Return the instance in a submission's XML.

    Raises:
        BadInstance: it is too large, no XML, has entities, or no instance id.
    """
    if len(content) > MOST_XML:
        raise BadInstance("The form is larger than any survey; it was not read")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise BadInstance("What was sent is no filled-in form that can be read") from None
    values = dict(_leaves(root))
    return Instance(_id_in(values), root.get("id", ""), values, content.decode("utf-8", "replace"))


def _leaves(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        if len(child):
            yield from _leaves(child)
        elif child.text and child.text.strip():
            yield child.tag.rpartition("}")[2], child.text.strip()


def read_export(name: str, content: bytes) -> list[Instance]:
    """Return the instances in an export: CSV, .xlsx or JSON.

    Raises:
        BadInstance: it is none, or a row has no instance id.
        BadTable: the table cannot be read.
    """
    if name.lower().endswith(".json"):
        records = _json_records(content)
    else:
        table = read_table(content)
        records = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    if not records:
        raise BadInstance("The export holds no filled-in form")
    return [_instance(record) for record in records]


def _json_records(content: bytes) -> list[dict[str, Any]]:
    try:
        told = json.loads(decode(content).text)
    except ValueError:
        raise BadInstance("The export is no JSON that can be read") from None
    if isinstance(told, dict):
        told = told.get("results", told.get("value", [told]))
    if not isinstance(told, list) or not all(isinstance(record, dict) for record in told):
        raise BadInstance("The export is no list of filled-in forms")
    return told


def _instance(record: Mapping[str, Any]) -> Instance:
    values = dict(_flat(record))
    form_id = next((values[name] for name in FORMS if values.get(name)), "")
    return Instance(_id_in(values), form_id, values, json.dumps(values, ensure_ascii=False))


def _flat(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names without their groups: org/ORG_T_02 (Kobo), org-ORG_T_02 (Central) and nested ones alike."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        elif value not in (None, "") and not isinstance(value, list):
            text = str(value).strip()
            yield name, text
            short = name.rpartition("/")[2].rpartition("-")[2]
            if short != name:
                yield short, text


def _id_in(values: Mapping[str, str]) -> str:
    """Return the instance id in one form, however the export writes it.

    Raises:
        BadInstance: there is none; without it sending twice could not be told.
    """
    found = next((values[name] for name in IDS if values.get(name)), "")
    if not found:
        raise BadInstance("A filled-in form has no instance id (instanceID, KEY, _uuid)")
    return f"uuid:{found.removeprefix('uuid:')}"[:120]
