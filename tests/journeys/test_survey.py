"""From the round to the needs list, by five people: the main job of a county's bureau."""

import base64
import re
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils.timezone import localdate, now
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from anlan.accounts.actions.own import make_token
from anlan.accounts.tests.factories import TOWNSHIP, VILLAGE
from anlan.assessment.core.default_system import default_system
from anlan.assessment.models import Answer, AnswerStatus
from anlan.kernel.codes import Level
from tests.journeys.conftest import NEIGHBOUR, NEIGHBOUR_VILLAGE, VILLAGE_TWO, press

pytestmark = pytest.mark.django_db(transaction=True)
FILL = {"boolean": "是", "number": "1", "ratio": "0.5", "date": "2025-03-01"}


def open_round(page: Page) -> int:
    """Prepare and open a round as the analyst does."""
    page.goto("/survey/")
    page.fill("input[name=name]", "2026年度摸底")
    page.fill("input[name=opens_on]", localdate().isoformat())
    page.fill("input[name=closes_on]", (localdate() + timedelta(days=30)).isoformat())
    press(page, "/survey/new/")
    page.wait_for_url(re.compile(r"/survey/\d+/$"))
    press(page, "/open/")
    return int(page.url.rstrip("/").rpartition("/")[2])


def fill_form(page: Page, round_id: int, code: str, department: str) -> None:
    """Answer every question of one form; each is saved as its field is left."""
    page.goto(f"/survey/{round_id}/units/{code}/{department}/")
    fields = page.locator("form.list-group-item [name=value]")
    for place in range(fields.count()):
        field = fields.nth(place)
        with page.expect_response(lambda answer: "/answers/" in answer.url) as saved:
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option("是")
            else:
                field.fill("2025-03-01" if field.get_attribute("type") == "date" else "0.5" if is_ratio(field) else "1")
                field.blur()
        assert saved.value.status == 200


def is_ratio(field) -> bool:
    code = (field.get_attribute("id") or "").removeprefix("in-")
    return next(leaf for leaf in default_system().leaves if leaf.code == code).kind == "ratio"


def hand_in_everything(page: Page, round_id: int, code: str) -> None:
    """Hand in every form of a township that was begun."""
    page.goto(f"/survey/{round_id}/fill/{code}/")
    forms = page.locator("a[href*='/units/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for address in forms:
        page.goto(address)
        button = page.locator("form[action$='/hand-in/'] button")
        if button.count():
            with page.expect_navigation():
                button.click()


def return_workbook(page: Page, round_id: int, code: str, unit: str) -> None:
    """Download the township's workbook, fill in one unit's row, send it back and take it over."""
    page.goto(f"/survey/{round_id}/workbook/{code}/")
    with page.expect_download() as kept:
        page.locator("a[href*='/file/']").first.click()
    book = load_workbook(BytesIO(kept.value.path().read_bytes()))
    for sheet in book.worksheets[1:4]:
        fill_rows(sheet, unit)
    out = BytesIO()
    book.save(out)
    files = {"name": "filled.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}
    page.locator("input[type=file]").set_input_files(files=[files])
    press(page, "/upload/")
    with page.expect_navigation():
        page.locator("button[form=commit]").click()


def fill_rows(sheet, unit: str) -> None:
    leaves = {leaf.code: leaf for leaf in default_system().leaves}
    for head in range(1, 15):
        columns = {sheet.cell(head, column).value: column for column in range(1, sheet.max_column + 1)}
        if leaves.keys() & columns.keys():
            break
    else:
        return
    for row in range(head + 1, sheet.max_row + 1):
        if unit not in [sheet.cell(row, column).value for column in range(1, 4)]:
            continue
        for code in leaves.keys() & columns.keys():
            sheet.cell(row, columns[code]).value = FILL[leaves[code].kind.value]


def send_from_phone(address: str, round_id: int, person, unit: str) -> tuple[int, int]:
    """Fetch the village form and send it filled in, twice, as a phone does; return both statuses."""
    _token, text = make_token(actor=person, name="ODK Collect", days=30, at=now())
    key = base64.b64encode(f"{person.username}:{text}".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "X-OpenRosa-Version": "1.0"}

    def ask(path: str, body: bytes | None = None, **more: str):
        link = path if path.startswith("http") else f"{address}{path}"
        request = urllib.request.Request(link, data=body, headers={**headers, **more})  # noqa: S310
        return urllib.request.urlopen(request, timeout=20)  # noqa: S310

    listed = ask(f"/openrosa/{round_id}/formList").read().decode()
    links = re.findall(r"<downloadUrl>([^<]+)</downloadUrl>", listed)
    forms = {link: ask(link).read().decode() for link in links}
    xform = next(text for text in forms.values() if "DIG-V-01" in text or "DIG_V_01" in text)
    instance = filled_instance(xform, unit)
    body = (
        b'--cut\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n'
        b"Content-Type: text/xml\r\n\r\n" + instance.encode() + b"\r\n--cut--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=cut"}
    first, again = (ask(f"/openrosa/{round_id}/submission", body, **kind).status for _ in range(2))
    return first, again


def filled_instance(xform: str, unit: str) -> str:
    """Return the form's empty instance with unit, instance id and one answer put in."""
    instance = re.search(r"<instance>\s*(<(\w+)[^>]*\bid=.*?</\2>)\s*</instance>", xform, re.DOTALL)
    assert instance, xform[:2000]
    text = instance[1]
    text = re.sub(r"<(\w*instanceID)\s*/>", r"<\1>uuid:journey-1</\1>", text)
    text = re.sub(r"<(unit|division|code)\s*/>", rf"<\1>{unit}</\1>", text)
    return re.sub(r"<(DIG[-_]V[-_]02)\s*/>", r"<\1>0.4</\1>", text)


def verify(page: Page, round_id: int, code: str) -> None:
    """Accept everything that waits in a township."""
    page.goto(f"/survey/{round_id}/verify/{code}/")
    with page.expect_navigation():
        page.locator("button[form=accept]").click()


def assess(page: Page, round_id: int, work: Callable[[], None]) -> str:
    """Close the round, assess it, wait for the worker, and return the address of what was found."""
    page.goto(f"/survey/{round_id}/")
    press(page, "/close/")
    page.goto(f"/survey/{round_id}/")
    press(page, "/assess/")
    work()
    page.goto(f"/survey/{round_id}/")
    page.locator("main a[href^='/assessments/']").last.click()
    page.wait_for_load_state("networkidle")
    return page.url.split("?")[0]


def issued(page: Page, found: str, work: Callable[[], None]) -> dict[str, bytes]:
    """Publish what was found and return every document issued, by its name."""
    page.goto(f"{found}reports/")
    press(page, "/publish/")
    work()
    page.goto(f"{found}reports/")
    documents = {}
    for link in page.locator("main a[href^='/reports/']").all():
        with page.expect_download() as kept:
            link.click()
        documents[kept.value.suggested_filename] = kept.value.path().read_bytes()
    return documents


def test_from_a_round_to_the_report_and_the_needs_list(window, work, cast, live_server):
    alice, bob, ben, dan = (window(name) for name in ("alice", "bob", "ben", "dan"))

    round_id = open_round(alice)
    bob.goto("/")
    expect(bob.locator("main")).to_contain_text("2026年度摸底")
    for department in sorted({leaf.department for leaf in default_system().at_level(Level.TOWNSHIP)}):
        fill_form(bob, round_id, TOWNSHIP, department)
    return_workbook(bob, round_id, TOWNSHIP, VILLAGE)
    sent = send_from_phone(str(live_server), round_id, cast["bob"], VILLAGE_TWO)
    hand_in_everything(bob, round_id, TOWNSHIP)
    verify(ben, round_id, TOWNSHIP)
    answers = Answer.objects.filter(round=round_id)
    ways, verified = set(answers.values_list("way", flat=True)), answers.filter(status=AnswerStatus.VERIFIED).count()
    found = assess(alice, round_id, work)
    expect(alice.locator("main table").first).to_contain_text("柳溪镇")
    documents = issued(dan, found, work)

    assert sent == (201, 201)
    assert ways == {"web", "workbook", "phone"}
    assert verified == 26 + 24 + 1  # the township by web, a village by workbook, one answer by phone
    assert {name.rpartition(".")[2] for name in documents} == {"docx", "pdf", "xlsx"}
    assert any("基层应急能力评估报告" in name for name in documents)
    needs = next(content for name, content in documents.items() if "帮扶需求清单" in name)
    assert load_workbook(BytesIO(needs)).worksheets[0].max_row > 5


def test_a_township_officer_cannot_see_another_township(window):
    round_id = open_round(window("alice"))
    nora = window("nora")

    own = nora.goto(f"/survey/{round_id}/fill/{NEIGHBOUR}/")
    statuses = {
        address: nora.goto(address).status
        for address in (
            f"/survey/{round_id}/fill/{TOWNSHIP}/",
            f"/survey/{round_id}/units/{VILLAGE}/emergency/",
            f"/survey/{round_id}/workbook/{TOWNSHIP}/",
            f"/survey/{round_id}/verify/{TOWNSHIP}/",
            f"/places/{TOWNSHIP}/",
            f"/places/{VILLAGE}/",
        )
    }
    nora.goto("/places/")

    assert own.status == 200
    assert set(statuses.values()) == {404}
    expect(nora.locator("main")).to_contain_text("芦塘镇")
    expect(nora.locator("main")).not_to_contain_text("柳溪镇")
    assert nora.goto(f"/places/{NEIGHBOUR_VILLAGE}/").status == 200


def test_a_form_is_filled_in_on_a_phone(window):
    round_id = open_round(window("alice"))
    bob = window("bob", width=390)

    bob.goto(f"/survey/{round_id}/units/{TOWNSHIP}/emergency/")
    field = bob.locator("#in-ORG-T-02")
    field.fill("九")
    field.blur()
    suggestion = bob.locator("[data-fill='#in-ORG-T-02']")
    expect(suggestion).to_be_visible()
    suggestion.click()
    expect(bob.locator("#ORG-T-02")).to_contain_text(re.compile(r"\d\d:\d\d"))
    bob.reload()

    expect(bob.locator("#in-ORG-T-02")).to_have_value("9")
    assert bob.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
