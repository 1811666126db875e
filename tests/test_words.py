"""Every string of templates, Python and TypeScript is in the catalogue; and the check that says so can say no."""

import ast
from pathlib import Path

import collected
import messages
import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "anlan" / "places" / "views.py"


def literals_in(template: str) -> list[str]:
    parser = collected.Literals(messages.ALLOWED)
    parser.feed(collected.without_tags(template))
    return [text for _, text in parser.found]


def faults_of(**entry: object) -> list[str]:
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add(**entry)
    return [fault.what for fault in messages.entry_faults(HERE, catalogue)]


def test_everything_that_a_person_reads_has_its_chinese():
    assert [str(fault) for fault in messages.check()] == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>你好</p>", ["你好"]),
        ('<a title="Close">×</a>', ["Close"]),
        ('<input placeholder="Name">', ["Name"]),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<input type="hidden" value="Send">', []),
        ("<p>{% translate 'Hello' %}, {{ person.name }}!</p>", []),
        ("<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>", []),
        ("{# Hello #}<p>{% comment %}Hello{% endcomment %}12 km²</p>", []),
        ("<script>const hello = 1;</script>", []),
    ],
)
def test_text_outside_a_translation_tag_is_found(template, found):
    assert literals_in(template) == found


def test_an_empty_entry_is_a_fault():
    assert faults_of(id="Save", string="") == ["no Chinese for: Save"]


def test_an_uncertain_entry_is_a_fault():
    assert faults_of(id="Save", string="保存", flags=["fuzzy"]) == ["uncertain Chinese for: Save"]


def test_chinese_with_other_values_is_a_fault():
    invented = faults_of(id="%(count)d villages", string="%(number)d 个村")
    left_out = faults_of(id="%(count)d villages", string="若干村")

    assert invented == ["the Chinese has values that the English has not: %(count)d villages"]
    assert left_out == ["the Chinese leaves values out: %(count)d villages"]


def test_a_refusal_is_collected_by_whatever_name_it_has():
    tree = ast.parse("class Closed(Refusal): ...\nclass LateAnswer(Closed): ...\nclass Other(ValueError): ...")

    assert collected.refusals([tree]) == {"Refusal", "Closed", "LateAnswer"}


def test_the_browsers_words_are_collected(tmp_path, monkeypatch):
    source = tmp_path / "frontend" / "src" / "map.ts"
    source.parent.mkdir(parents=True)
    source.write_text("label(t(\"Loading the map\"), format('no'), t('It\\'s late'))", encoding="utf-8")
    monkeypatch.setattr(collected, "ROOT", tmp_path)

    assert [message.text for message in collected.script_messages()] == ["Loading the map", "It's late"]
