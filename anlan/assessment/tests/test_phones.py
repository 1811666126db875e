"""Phones fill in offline: the form is made by pyxform, what comes back is taken once and told where it is not."""

import csv
import hashlib
import io
import json
from base64 import b64encode
from xml.etree.ElementTree import tostring

import pytest
from defusedxml.ElementTree import fromstring
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from anlan.accounts.actions.own import make_token
from anlan.accounts.tests.factories import PASSWORD, TOWNSHIP, alice, bob, carol
from anlan.assessment.actions import rounds
from anlan.assessment.models import Answer, Note, OwnForm, Submission
from anlan.assessment.tests.county import MORNING, NEXT_VILLAGE, VILLAGE, answer, ready, say, water_officer
from anlan.assessment.tests.xlsforms import xlsform
from anlan.records import queries as records

pytestmark = pytest.mark.django_db
XFORMS = "{http://www.w3.org/2002/xforms}"
LIST = "{http://openrosa.org/xforms/xformsList}"


def basic(name: str, secret: str = PASSWORD) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"}


def forms_of(client, row, name="bob"):
    listed = client.get(reverse("openrosa-forms", args=[row.pk]), **basic(name))
    assert listed.status_code == 200, listed.content
    return {form.findtext(f"{LIST}formID"): form for form in fromstring(listed.content)}


def empty_instance(client, row, level="village", name="bob"):
    """Return a new instance of the downloaded form, as a phone would begin it."""
    form = forms_of(client, row, name)[f"anlan_{row.pk}_{level}"]
    got = client.get(form.findtext(f"{LIST}downloadUrl"), **basic(name))
    model = fromstring(got.content).find(f".//{XFORMS}instance")
    return model[0]


def filled(instance, number=1, **values):
    """Fill an instance in; return its XML."""
    for name, text in {"instanceID": f"uuid:{number:032}", **values}.items():
        found = next(element for element in instance.iter() if element.tag.rpartition("}")[2] == name)
        found.text = text
    return tostring(instance, encoding="utf-8")


def send(client, row, xml, name="bob", **files):
    parts = {"xml_submission_file": SimpleUploadedFile("s.xml", xml, "text/xml"), **files}
    return client.post(reverse("openrosa-submission", args=[row.pk]), parts, **basic(name))


def photo(name="a.jpg") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (20, 10), "green").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def test_form_to_phone_to_database(client):
    row, _ = ready(), bob()
    instance = empty_instance(client, row)

    sent = send(client, row, filled(instance, unit=VILLAGE, CAP_V_01="12", CAP_V_05="0.9", PRO_V_01="2026-03-01"))

    assert sent.status_code == 201
    assert sent["X-OpenRosa-Version"] == "1.0"
    assert answer(row, VILLAGE, "CAP-V-01").value == 12
    assert answer(row, VILLAGE, "CAP-V-05").value == 0.9
    assert answer(row, VILLAGE, "PRO-V-01").day.isoformat() == "2026-03-01"
    assert answer(row, VILLAGE, "CAP-V-01").way == "phone"


def test_every_kind_of_answer_makes_the_way_from_the_form_to_the_database(client):
    row, officer = ready(), bob()
    for level, unit in (("village", VILLAGE), ("township", TOWNSHIP)):
        leaves = row.system_version.leaves.filter(level=level)
        texts = {"boolean": "yes", "number": "3", "ratio": "0.5", "date": "2026-03-01"}
        values = {leaf.code.replace("-", "_"): texts[leaf.kind] for leaf in leaves}

        sent = send(client, row, filled(empty_instance(client, row, level), len(level), unit=unit, **values))

        assert sent.status_code == 201
        assert Submission.objects.get(division__code=unit).problems == []
        assert Answer.objects.filter(division__code=unit, author_ids=[officer.pk]).count() == leaves.count()


def test_the_list_tells_the_hash_of_what_is_downloaded(client):
    row, _ = ready(), bob()
    form = forms_of(client, row)[f"anlan_{row.pk}_village"]

    got = client.get(form.findtext(f"{LIST}downloadUrl"), **basic("bob"))

    assert form.findtext(f"{LIST}hash") == f"md5:{hashlib.md5(got.content, usedforsecurity=False).hexdigest()}"


def test_the_form_offers_only_ones_own_units_and_departments(client):
    row, _, _ = ready(), bob(), water_officer()

    text = tostring(empty_instance_root(client, row, "bob"), encoding="unicode")
    water = tostring(empty_instance_root(client, row, "frank"), encoding="unicode")

    assert VILLAGE in text
    assert NEXT_VILLAGE not in text
    assert "PRO_V_05" in water
    assert "CAP_V_01" not in water


def empty_instance_root(client, row, name):
    form = forms_of(client, row, name)[f"anlan_{row.pk}_village"]
    return fromstring(client.get(form.findtext(f"{LIST}downloadUrl"), **basic(name)).content)


def test_nothing_but_the_unit_is_required_and_bounds_are_those_of_the_leaf(client):
    row, _ = ready(), bob()
    root = empty_instance_root(client, row, "bob")

    binds = {bind.get("nodeset").rpartition("/")[2]: bind for bind in root.iter(f"{XFORMS}bind")}

    assert [name for name, bind in binds.items() if bind.get("required")] == ["unit"]
    assert binds["CAP_V_01"].get("constraint") == ". >= 0 and . <= 1000"
    assert binds["CAP_V_01_photo"].get("relevant") == " /data/capability/CAP_V_01  != ''"
    assert "selected( /data/departments , 'water')" in binds["PRO_V_05"].get("relevant")


def test_labels_are_chinese_with_an_english_translation(client):
    row, _ = ready(), bob()
    root = empty_instance_root(client, row, "bob")

    languages = {one.get("lang"): one.get("default") for one in root.iter(f"{XFORMS}translation")}

    assert languages == {"中文 (zh)": "true()", "English (en)": None}


def test_the_same_form_sent_twice_is_taken_once(client):
    row, _ = ready(), bob()
    xml = filled(empty_instance(client, row), unit=VILLAGE, CAP_V_01="12")

    assert [send(client, row, xml).status_code for _ in range(2)] == [201, 201]

    assert Submission.objects.count() == 1
    assert answer(row, VILLAGE, "CAP-V-01").version == 1


def test_a_photo_becomes_evidence_of_its_answer_even_when_it_comes_later(client):
    row, _ = ready(), bob()
    xml = filled(empty_instance(client, row), unit=VILLAGE, CAP_V_01="12", CAP_V_01_photo="a.jpg")
    send(client, row, xml)

    sent = send(client, row, xml, **{"a.jpg": photo()})
    again = send(client, row, xml, **{"a.jpg": photo()})

    assert (sent.status_code, again.status_code) == (201, 201)
    files = records.files_of("assessment.answer", answer(row, VILLAGE, "CAP-V-01").pk)
    assert [file.name for file in files] == ["a.jpg"]


def test_what_cannot_be_read_is_listed_and_the_rest_is_taken(client):
    row, _ = ready(), bob()

    sent = send(client, row, filled(empty_instance(client, row), unit=VILLAGE, CAP_V_01="-3", CAP_V_05="37"))

    assert sent.status_code == 201
    assert Answer.objects.count() == 0
    assert {one["question"] for one in Submission.objects.get().problems} == {"CAP_V_01", "CAP_V_05"}


def test_an_offline_form_never_overwrites_what_somebody_else_entered(client):
    row, _ = ready(), bob()
    instance = empty_instance(client, row)
    say(alice(), row, VILLAGE, "CAP-V-01", 5)

    send(client, row, filled(instance, unit=VILLAGE, CAP_V_01="12"))

    assert answer(row, VILLAGE, "CAP-V-01").value == 5
    problem = Submission.objects.get().problems[0]
    assert problem["values"] == {"name": "Alice", "theirs": "5", "mine": "12"}


def test_a_closed_round_leaves_the_form_on_the_phone(client):
    row, _ = ready(), bob()
    xml = filled(empty_instance(client, row), unit=VILLAGE, CAP_V_01="12")
    rounds.close_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)

    assert send(client, row, xml).status_code == 403
    assert Submission.objects.count() == 0


@pytest.mark.parametrize("unit", [NEXT_VILLAGE, "999902101201", "3.2E+11", ""])
def test_another_township_s_unit_is_refused(client, unit):
    row, _ = ready(), bob()

    sent = send(client, row, filled(empty_instance(client, row), unit=unit, CAP_V_01="12"))

    assert sent.status_code == 403


BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><data id="x"><unit>&b;</unit></data>'


@pytest.mark.parametrize(
    "xml", [BOMB, b"", b"<data", b"<data/>", b"\xff\xfe\x00", b"<data>" + b" " * 1_100_000 + b"</data>"]
)
def test_no_form_is_no_form(client, xml):
    row, _ = ready(), bob()

    assert send(client, row, xml or b" ").status_code == 403


def test_a_head_request_tells_where_and_how_much(client):
    row, _ = ready(), bob()

    told = client.head(reverse("openrosa-submission", args=[row.pk]), **basic("bob"))

    assert told.status_code == 204
    assert told["Location"].endswith(f"/openrosa/{row.pk}/submission")
    assert int(told["X-OpenRosa-Accept-Content-Length"]) == 10 * 1024 * 1024


def test_a_phone_logs_in_by_token_or_password_and_not_otherwise(client):
    row, officer = ready(), bob()
    _, text = make_token(actor=officer, name="手机", days=30, at=MORNING.replace(year=2050))
    url = reverse("openrosa-forms", args=[row.pk])

    assert client.get(url).status_code == 401
    assert client.get(url)["WWW-Authenticate"].startswith("Basic")
    assert client.get(url, **basic("bob", "wrong")).status_code == 401
    assert client.get(url, **basic("alice", text)).status_code == 401
    assert client.get(url, HTTP_AUTHORIZATION="Basic ???").status_code == 401
    assert client.get(url, **basic("bob", text)).status_code == 200


def test_guessing_a_password_locks_the_name_at_that_address(client):
    row, _ = ready(), bob()
    url = reverse("openrosa-forms", args=[row.pk])

    for _ in range(5):
        client.get(url, **basic("bob", "wrong"))

    assert client.get(url, **basic("bob")).status_code in (401, 403, 429)


def test_a_stranger_s_phone_sees_no_forms(client):
    row, _ = ready(), carol()

    assert client.get(reverse("openrosa-forms", args=[row.pk]), **basic("carol")).status_code == 404


def test_the_xlsform_can_be_downloaded(client):
    row, officer = ready(), bob()
    client.force_login(officer)

    got = client.get(reverse("survey-xlsform", args=[row.pk, f"anlan_{row.pk}_village"]))

    book = load_workbook(io.BytesIO(b"".join(got)))
    assert book.sheetnames == ["survey", "choices", "settings"]
    assert "label::中文 (zh)" in [cell.value for cell in book["survey"][1]]


KOBO = [
    {"_uuid": "a1", "unit": VILLAGE, "capability/CAP_V_01": "12", "capability/CAP_V_05": 0.8},
    {"meta/instanceID": "uuid:a2", "unit": VILLAGE, "capability/CAP_V_02": "2"},
]


def as_csv(encoding="utf-8-sig") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["KEY", "unit", "capability-CAP_V_01", "note-备注"])
    writer.writerow(["uuid:a1", VILLAGE, "12", "道路不通"])
    writer.writerow(["uuid:a3", VILLAGE, "", ""])
    return out.getvalue().encode(encoding)


def bring_in(client, row, name, content, **more):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("survey-phone-import", args=[row.pk]), {"file": file, **more})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("kobo.json", json.dumps(KOBO).encode()),
        ("kobo.json", json.dumps({"results": KOBO}).encode()),
        (
            "central.json",
            json.dumps(
                {"value": [{"__id": "uuid:a1", "unit": VILLAGE, "capability": {"CAP_V_01": 12}}, {**KOBO[1]}]}
            ).encode(),
        ),
        ("central.csv", as_csv()),
        ("central.csv", as_csv("gb18030")),
    ],
)
def test_exports_come_in_once_however_they_were_written(client, name, content):
    row, officer = ready(), bob()
    client.force_login(officer)

    first = bring_in(client, row, name, content)
    second = bring_in(client, row, name, content)

    assert (first.context["done"].new, first.context["done"].known) == (2, 0)
    assert (second.context["done"].new, second.context["done"].known) == (0, 2)
    assert answer(row, VILLAGE, "CAP-V-01").value == 12


def test_a_form_that_came_by_phone_is_not_taken_again_from_an_export(client):
    row, officer = ready(), bob()
    send(client, row, filled(empty_instance(client, row), 7, unit=VILLAGE, CAP_V_01="12"))
    client.force_login(officer)

    done = bring_in(client, row, "k.json", json.dumps([{"_uuid": f"{7:032}", "unit": VILLAGE}]).encode())

    assert done.context["done"].known == 1


def test_a_form_of_an_export_that_cannot_be_taken_is_told_by_its_number(client):
    row, officer = ready(), bob()
    client.force_login(officer)
    records_ = [{"_uuid": "b1", "unit": NEXT_VILLAGE}, {"_uuid": "b2", "unit": VILLAGE, "CAP_V_01": "1"}]

    done = bring_in(client, row, "k.json", json.dumps(records_).encode()).context["done"]

    assert [number for number, _ in done.refused] == [1]
    assert done.new == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.json", b"[1]"), ("a.json", b"{"), ("a.json", b"[]"), ("a.json", b'[{"unit": "1"}]'), ("a.csv", b"KEY\n")],
)
def test_what_is_no_export_is_refused(client, name, content):
    row, officer = ready(), bob()
    client.force_login(officer)

    assert bring_in(client, row, name, content).status_code == 422


OWN = [
    {"type": "text", "name": "unit", "label": "区划代码"},
    {"type": "integer", "name": "CAP_V_01", "label": "队伍人数"},
    {"type": "text", "name": "road", "label": "道路情况"},
]


def import_own(client, row, questions, level="village"):
    file = SimpleUploadedFile("own.xlsx", xlsform(questions))
    return client.post(reverse("own-forms", args=[row.system_version.system_id]), {"file": file, "level": level})


def test_an_own_form_s_questions_stand_for_leaves_or_stay_notes(client):
    row, officer, analyst = ready(), bob(), alice()
    client.force_login(analyst)
    assert import_own(client, row, OWN).status_code == 302
    client.logout()

    own = client.get(forms_of(client, row)["own"].findtext(f"{LIST}downloadUrl"), **basic("bob")).content
    instance = fromstring(own).find(f".//{XFORMS}instance")[0]
    send(client, row, filled(instance, unit=VILLAGE, CAP_V_01="9", road="塌方"))

    assert answer(row, VILLAGE, "CAP-V-01").value == 9
    note = Note.objects.get()
    assert (note.question, note.text, note.author_name) == ("道路情况", "塌方", officer.name)


def test_a_question_is_mapped_on_the_page(client):
    row, _, analyst = ready(), bob(), alice()
    client.force_login(analyst)
    import_own(client, row, [OWN[0], {"type": "integer", "name": "team", "label": "队伍"}])
    form = OwnForm.objects.get()

    saved = client.post(reverse("own-form", args=[form.pk]), {"leaf:team": "CAP-V-01", "is_offered": "on"})

    assert saved.status_code == 302
    assert {one["name"]: one["leaf"] for one in OwnForm.objects.get().questions}["team"] == "CAP-V-01"


def test_a_broken_reference_is_told_with_pyxform_s_words_and_row(client):
    row, _, analyst = ready(), bob(), alice()
    client.force_login(analyst)

    got = import_own(client, row, [*OWN, {"type": "text", "name": "why", "label": "x", "relevant": "${nothing} = 1"}])

    assert got.status_code == 422
    assert "[row : 5]" in got.content.decode()
    assert OwnForm.objects.count() == 0


def test_an_own_form_without_a_unit_is_refused(client):
    row, _, analyst = ready(), bob(), alice()
    client.force_login(analyst)

    assert import_own(client, row, OWN[1:]).status_code == 422
