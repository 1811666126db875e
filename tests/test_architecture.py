"""The rules of docs/architecture.md and docs/conventions.md that a linter cannot say."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest
from django.apps import apps

from anlan.config.environment import VARIABLES

ROOT = Path(__file__).resolve().parents[1]
FACE = {"queries", "actions", "access", "events", "core"}
LIBRARIES = {"kernel", "ground", "web"}
MODULE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 50, 15
CLOCKS = {"now", "today", "utcnow", "time", "localdate", "localtime"}
CLOCK_OWNERS = {"timezone", "datetime", "date", "time"}
MAY_READ_THE_CLOCK = {"views", "api", "tasks", "receivers", "management", "middleware", "admin"}
VAGUE = {"util", "utils", "helper", "helpers", "common", "service", "services", "manager", "managers", "base"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def layers() -> list[set[str]]:
    """Return the tower, high to low, as pyproject.toml has it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in settings["tool"]["importlinter"]["contracts"] if one["name"] == "The tower")
    return [set(layer.split(" | ")) for layer in contract["layers"]]


def height(context: str) -> int:
    """Return how high the context stands; the lowest is 0."""
    return next(index for index, layer in enumerate(reversed(layers())) if context in layer)


@cache
def modules() -> dict[Path, ast.Module]:
    """Return every module of ours but tests and migrations."""
    paths = [path for path in (ROOT / "anlan").rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)}


def inside(path: Path) -> set[str]:
    """Return the parts of a module's path below its context."""
    return set(path.relative_to(ROOT / "anlan").with_suffix("").parts[1:])


def functions() -> Iterator[tuple[Path, Function]]:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield path, node


def lines_of_body(function: Function) -> int:
    """Return the lines of a function after its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_contexts_meet_only_by_their_faces():
    graph = grimp.build_graph("anlan")

    trespasses = []
    for importer in sorted(graph.modules):
        source = importer.split(".")
        if len(source) < 3 or "tests" in source:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            target = imported.split(".")
            foreign = len(target) > 1 and target[1] not in LIBRARIES | {source[1], "config"}
            if foreign and (len(target) < 3 or target[2] not in FACE):
                trespasses.append(f"{importer} imports {imported}")

    assert trespasses == []


def test_documents_are_made_without_a_database():
    touching = [
        f"{path.relative_to(ROOT)}:{node.lineno} imports {node.module}"
        for path, tree in modules().items()
        if "documents" in inside(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and re.match(r"django\.(db|contrib)|psycopg|anlan\.\w+\.models", node.module or "")
    ]

    assert touching == []


def test_foreign_keys_point_down():
    upward = []
    for model in apps.get_models():
        if not model.__module__.startswith("anlan."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and field.related_model
            if field.auto_created or not target or not target.__module__.startswith("anlan."):
                continue
            source_context, target_context = model.__module__.split(".")[1], target.__module__.split(".")[1]
            if source_context != target_context and height(target_context) >= height(source_context):
                upward.append(f"{model.__name__}.{field.name} points to {target_context}.{target.__name__}")

    assert upward == []


def test_modules_stay_short():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    assert {str(path.relative_to(ROOT)): count for path, count in lengths.items() if count > MODULE_LINES} == {}


def test_functions_stay_short():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path, node in functions()
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]

    assert long == []


def test_views_translate_in_call_once_translate_out():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines_of_body(node)} lines"
        for path, node in functions()
        if "views" in inside(path)
        and node.args.args
        and node.args.args[0].arg == "request"
        and lines_of_body(node) > VIEW_LINES
    ]

    assert long == []


def test_the_clock_is_read_at_the_edge_only():
    found = []
    for path, tree in modules().items():
        if inside(path) & MAY_READ_THE_CLOCK:
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
                continue
            words = ast.unparse(node.func).split(".")
            if words[-1] in CLOCKS and (
                len(words) == 1 and words[0] == "now" or words[-2:-1] and words[-2] in CLOCK_OWNERS
            ):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {'.'.join(words)}()")

    assert found == []


def test_chance_comes_in_as_an_argument():
    unseeded = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (ast.unparse(node.func).endswith("default_rng") and not node.args and not node.keywords)
            or ast.unparse(node.func).startswith("random.")
        )
    ]

    assert unseeded == []


def test_names_say_what_they_know():
    files = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    words = {
        word.lower()
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for word in re.findall(r"[A-Z][a-z]+", node.name)[-1:]
    }

    assert files & VAGUE == set()
    assert words & VAGUE - {"manager"} == set()  # Django's own word, where a table needs one


def test_every_context_says_what_it_owns():
    silent = [
        folder.name
        for folder in sorted((ROOT / "anlan").iterdir())
        if (folder / "__init__.py").exists()
        and not ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
    ]

    assert silent == []


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_deployment_names_every_variable(name):
    text = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")

    assert re.search(rf"^#? ?{name}=", text, re.MULTILINE)


def test_deployment_names_no_other_variable():
    text = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^#? ?([A-Z0-9_]+)=", text, re.MULTILINE)) == set(VARIABLES)


def test_each_process_of_the_procfile_runs_in_every_deployment():
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8")
    names = set(re.findall(r"^(\w+):", procfile, re.MULTILINE))
    composed = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")

    assert names <= set(re.findall(r"^  (\w+):", composed, re.MULTILINE))
    assert names <= {path.stem.removeprefix("anlan-") for path in (ROOT / "deploy" / "systemd").glob("*.service")}
