"""Indicator systems: drafts edited piece by piece, published as new versions, brought in and taken out as files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from anlan.accounts.tests.factories import alice, bob, carol
from anlan.assessment.actions import systems as actions
from anlan.assessment.actions.systems import NotADraft
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.system_content import BadSystem, system_content
from anlan.assessment.documents.system_file import BadSystemFile, content_from_file, system_workbook, system_yaml
from anlan.assessment.models import IndicatorSystem, SystemVersion
from anlan.assessment.system_forms import PARTS, form_for
from anlan.assessment.tests.county import MORNING
from anlan.ground.versions import Conflict

pytestmark = pytest.mark.django_db
CONTENT = system_content(default_system())


@pytest.fixture
def analyst():
    return alice()


@pytest.fixture
def published():
    return actions.load_system(actor=None, system=default_system(), at=MORNING)


@pytest.fixture
def draft(published, analyst):
    return actions.start_draft(actor=analyst, system_id=published.system_id, at=MORNING)


@pytest.fixture
def client(analyst):
    client = Client()
    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["anlan_language"] = "en"
    return client


def typed(part: str, content=CONTENT, **changes):
    """Return what the form of a part would send as it stands, with some fields typed anew."""
    form = form_for(part, content)
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items() if value is not False}
    return data | changes


def post(client, draft, part, **changes):
    content = SystemVersion.objects.get(pk=draft.pk).content
    data = typed(part, content, **changes) | {"version": draft.version}
    return client.post(reverse("system-edit", args=[draft.pk, part]), data)


@pytest.mark.parametrize("part", [*PARTS, "leaf.MAT-V-02"])
def test_every_part_of_the_editor_opens(client, draft, part):
    assert client.get(reverse("system-edit", args=[draft.pk, part])).status_code == 200


@pytest.mark.parametrize("part", [name for name in PARTS if name != "leaf"] + ["leaf.MAT-V-02"])
def test_a_part_saved_as_it_stands_changes_nothing(client, draft, part):
    response = post(client, draft, part)

    assert response.status_code == 302
    assert SystemVersion.objects.get(pk=draft.pk).sha256 == draft.sha256


def test_weights_that_do_not_sum_to_one_are_told_beside_their_field(client, draft):
    response = post(client, draft, "general", weight_org="21")

    assert response.status_code == 422
    assert "The weights sum to 101%, expected 100%." in response.content.decode()
    assert SystemVersion.objects.get(pk=draft.pk).version == draft.version


def test_a_new_leaf_needs_no_code_and_the_others_make_room(client, draft):
    leaf = typed("leaf") | {
        "code": "DIG-V-99",
        "name_zh": "村级无人机",
        "name_en": "Village drone",
        "dimension": "digital",
        "level": "village",
        "kind": "number",
        "unit": "set",
        "target": "1",
        "direction": "positive",
        "weight": "20",
        "department": "emergency",
        "unit_price": "8000",
    }

    response = client.post(reverse("system-edit", args=[draft.pk, "leaf"]), leaf | {"version": draft.version})

    assert response.status_code == 302
    content = SystemVersion.objects.get(pk=draft.pk).content
    group = [one for one in content["leaves"] if (one["dimension"], one["level"]) == ("digital", "village")]
    assert sum(one["weight"] for one in group) == pytest.approx(1)
    assert next(one for one in group if one["code"] == "DIG-V-99")["unit_price_fen"] == 800_000


def test_a_removed_leaf_goes_with_the_rules_that_name_it(client, draft):
    client.post(reverse("leaf-remove", args=[draft.pk, "MAT-V-02"]), {"version": draft.version})

    content = SystemVersion.objects.get(pk=draft.pk).content
    assert "MAT-V-02" not in str(content)
    group = [one for one in content["leaves"] if (one["dimension"], one["level"]) == ("materials", "village")]
    assert sum(one["weight"] for one in group) == pytest.approx(1)


def test_comparisons_that_contradict_each_other_name_the_pair(client, draft):
    response = post(client, draft, "comparisons", pair_0_1="9", pair_1_2="9", pair_0_2="1/9")

    text = response.content.decode()
    assert response.status_code == 422
    assert "The comparisons contradict each other (CR" in text
    assert "Organisation" in text


def test_consistent_comparisons_give_the_weights(client, draft):
    ones = {f"pair_{row}_{column}": "1" for row in range(5) for column in range(row + 1, 5)}

    post(client, draft, "comparisons", **ones)

    weights = SystemVersion.objects.get(pk=draft.pk).content["dimension_weights"]
    assert list(weights.values()) == pytest.approx([0.2] * 5)


def test_two_analysts_on_one_draft_are_told(client, draft):
    post(client, draft, "general", name_en="First")

    response = post(client, draft, "general", name_en="Second")

    assert response.status_code == 409
    assert SystemVersion.objects.get(pk=draft.pk).content["name_en"] == "First"


def test_publishing_a_draft_supersedes_the_version_before(client, draft, published):
    post(client, draft, "group.org.village", **{"target:ORG-V-02": "3"})
    draft.refresh_from_db()

    client.post(reverse("system-publish", args=[draft.pk]), {"version": draft.version})

    states = dict(SystemVersion.objects.values_list("number", "status"))
    assert states == {1: "superseded", 2: "published"}
    assert SystemVersion.objects.get(number=2).leaves.count() == 60


@pytest.mark.parametrize("verb", ["system-publish", "system-discard"])
def test_a_published_version_is_no_draft(client, published, verb):
    response = client.post(reverse(verb, args=[published.pk]), {"version": published.version})

    assert response.status_code == 409


def test_a_published_version_is_never_edited(published, analyst):
    with pytest.raises(NotADraft):
        actions.edit_draft(
            actor=analyst, version_id=published.pk, content=CONTENT, expected_version=published.version, at=MORNING
        )
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SystemVersion.objects.filter(pk=published.pk).update(content={})


def test_a_draft_can_be_thrown_away(client, draft):
    client.post(reverse("system-discard", args=[draft.pk]))

    assert not SystemVersion.objects.filter(pk=draft.pk).exists()


def test_content_that_is_no_system_is_refused_whole(draft, analyst):
    with pytest.raises(BadSystem, match="sum to"):
        actions.edit_draft(
            actor=analyst,
            version_id=draft.pk,
            content=CONTENT | {"dimension_weights": dict.fromkeys(CONTENT["dimension_weights"], 0.3)},
            expected_version=draft.version,
            at=MORNING,
        )


@pytest.mark.parametrize(("name", "write"), [("a.yaml", system_yaml), ("a.xlsx", system_workbook)])
def test_a_system_comes_back_from_its_file_as_it_was(draft, analyst, name, write):
    file = SimpleUploadedFile(name, write(CONTENT))

    back = actions.replace_from_file(
        actor=analyst, version_id=draft.pk, file=file, expected_version=draft.version, at=MORNING
    )

    assert back.sha256 == draft.sha256


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.docx", b"PK", "bring .yaml or .xlsx"),
        ("a.yaml", b"\xff\xfe\x00", "no YAML in UTF-8"),
        ("a.yaml", b"- 1", "holds no fields"),
        ("a.yaml", b"!!python/object/apply:os.system ['true']", "no YAML in UTF-8"),
    ],
)
def test_a_file_that_is_no_system_is_refused(name, content, why):
    with pytest.raises(BadSystemFile, match=why):
        content_from_file(name, content)


def test_both_files_are_handed_out(client, published):
    for ending in ("yaml", "xlsx"):
        response = client.get(reverse("system-file", args=[published.pk, ending]))

        assert content_from_file(f"a.{ending}", response.content)["key"] == "grassroots"


def test_the_difference_names_what_changed(client, draft):
    post(client, draft, "group.org.village", **{"target:ORG-V-02": "3"})

    found = client.get(reverse("system-difference", args=[draft.pk])).context["differences"]

    assert [(one.place, one.field, one.before, one.after) for one in found] == [("ORG-V-02", "target", 2.0, 3.0)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["system-version", "system-difference"])
def test_the_pages_open_in_both_languages(client, draft, name, language):
    client.cookies["anlan_language"] = language

    assert client.get(reverse(name, args=[draft.pk])).status_code == 200


def test_a_township_officer_reads_systems_and_edits_none(draft):
    client = Client()
    client.force_login(bob(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("system-version", args=[draft.pk])).status_code == 200
    assert client.get(reverse("system-edit", args=[draft.pk, "general"])).status_code == 404
    assert client.post(reverse("system-draft", args=[draft.system_id])).status_code == 404


def test_an_analyst_of_any_county_sees_the_systems(published):
    client = Client()
    client.force_login(carol(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("systems")).status_code == 200
    assert IndicatorSystem.objects.get().pk == published.system_id


def test_the_second_save_of_a_draft_carries_its_new_version(draft, analyst):
    actions.edit_draft(actor=analyst, version_id=draft.pk, content=CONTENT, expected_version=draft.version, at=MORNING)

    with pytest.raises(Conflict):
        actions.edit_draft(
            actor=analyst, version_id=draft.pk, content=CONTENT, expected_version=draft.version, at=MORNING
        )
