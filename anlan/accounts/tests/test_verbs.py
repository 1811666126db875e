"""Every verb that the code writes into the audit trail has its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext, override

from anlan.accounts.core.trail import VERBS

ANLAN = Path(__file__).resolve().parents[2]
WRITERS = {"audit": 1, "audit_many": 1}  # function → where the verb stands


def trees() -> Iterator[ast.Module]:
    for path in sorted(ANLAN.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield ast.parse(path.read_text(encoding="utf-8"))


def literals(node: ast.expr | None) -> set[str]:
    """Return the texts that an expression may come to: a literal, a marked one, one of two."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "mark":
        return literals(node.args[0])
    return set()


def verbs_in(tree: ast.Module) -> set[str]:
    """Return the verbs of a module: told to the trail, or to a function that passes its `verb` on."""
    writers = dict(WRITERS)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            writers |= {node.name: names.index("verb")} if "verb" in names else {}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            place = writers.get(ast.unparse(node.func).split(".")[-1])
            if place is not None and len(node.args) > place:
                found |= literals(node.args[place])
            for keyword in node.keywords:
                found |= literals(keyword.value) if keyword.arg == "verb" else set()
    return found


def test_every_verb_of_the_audit_trail_has_its_words():
    written = {verb for tree in trees() for verb in verbs_in(tree)}

    assert written - VERBS == set()
    assert "answer verified" in written


def test_every_verb_reads_in_chinese():
    with override("zh-hans"):
        assert [verb for verb in sorted(VERBS) if gettext(verb) == verb] == []
