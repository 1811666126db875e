"""Every word of the project that a person reads, found where it stands: Python, templates, TypeScript.

Python: `_()`, `gettext()` and their kin, `mark()`, and the first argument of `Refusal` or any class
derived from it. Templates: whatever Django's own translation tags hold. TypeScript: `t("…")`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop", "mark"}
PLURAL = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
HAN = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}")
READ_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "label"}
SILENT_TAGS = {"script", "style", "code", "kbd", "svg"}


@dataclass(frozen=True, slots=True)
class Message:
    """A catalogue id and where it stands."""

    text: str
    path: Path
    line: int
    plural: str | None = None
    context: str | None = None

    @property
    def place(self) -> str:
        """Return file and line."""
        return f"{self.path.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a person would see untranslated."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.what}"


def context_of(path: Path) -> Path:
    """Return the context that keeps the file's words: `web` for the browser's part, `ground` for the kernel's.

    Catalogues are found by application, and the kernel is none.
    """
    parts = path.relative_to(ROOT).parts
    context = "web" if parts[0] == "frontend" else parts[1]
    return ROOT / "anlan" / {"kernel": "ground"}.get(context, context)


def python_files() -> list[Path]:
    """Return the project's own modules, without tests and migrations."""
    found = (ROOT / "anlan").rglob("*.py")
    return sorted(path for path in found if not {"tests", "migrations"} & set(path.parts))


def template_files() -> list[Path]:
    """Return the pages' templates and the documents' templates that are text."""
    return sorted(path for suffix in ("html", "txt") for path in (ROOT / "anlan").glob(f"*/templates/**/*.{suffix}"))


def script_files() -> list[Path]:
    """Return the browser's part, without its tests."""
    return sorted(path for path in (ROOT / "frontend" / "src").rglob("*.ts") if ".test." not in path.name)


def name_of(node: ast.expr) -> str:
    """Return the last part of a dotted name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def refusals(trees: Iterable[ast.Module]) -> set[str]:
    """Return the names of `Refusal` and of every class derived from it."""
    bases = {
        node.name: {name_of(base) for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"Refusal"}
    while more := {name for name, parents in bases.items() if parents & known} - known:
        known |= more
    return known


def text_at(call: ast.Call, position: int) -> str | None:
    """Return the literal text at that place of the call."""
    if len(call.args) <= position:
        return None
    node = call.args[position]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def message_in(call: ast.Call, path: Path, known: set[str]) -> Message | None:
    """Return the message that the call holds."""
    name = name_of(call.func)
    context = text_at(call, 0) if name in WITH_CONTEXT else None
    text = text_at(call, 1 if name in WITH_CONTEXT else 0)
    plural = text_at(call, 1) if name in PLURAL else None
    if name not in SINGLE | PLURAL | WITH_CONTEXT | known or not text:
        return None
    return Message(text, path, call.lineno, plural=plural, context=context)


def own_words(tree: ast.Module, known: set[str]) -> Iterator[ast.Call]:
    """Yield the calls by which a refusal passes its own words to the class it derives from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in known:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__":
                    yield call


def python_messages() -> tuple[list[Message], list[Fault]]:
    """Return the messages of every module, and messages that no catalogue can hold."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in python_files()}
    known = refusals(trees.values())
    messages, faults = [], []
    for path, tree in trees.items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in calls:
            if message := message_in(call, path, known):
                messages.append(message)
            elif name_of(call.func) in SINGLE | known and call.args and isinstance(call.args[0], ast.JoinedStr):
                faults.append(Fault(path, call.lineno, "an f-string is no message; name the values instead"))
        for call in own_words(tree, known):
            if text := text_at(call, 0):
                messages.append(Message(text, path, call.lineno))
    return messages, faults


def arguments_after(text: str, start: int) -> list[str | None] | None:
    """Return the literal arguments of the call whose opening bracket stands at `start`."""
    for end in (match.end() for match in re.compile(r"\)").finditer(text, start)):
        try:
            call = ast.parse("f" + text[start:end], mode="eval").body
        except SyntaxError:
            continue
        if isinstance(call, ast.Call):
            return [text_at(call, position) for position in range(len(call.args))]
    return None


def template_messages() -> list[Message]:
    """Return the messages of every template."""
    from django.utils.translation.template import templatize

    found = []
    for path in template_files():
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for match in re.finditer(r"\b(gettext|ngettext|pgettext|npgettext|_)(?=\()", code):
            words = arguments_after(code, match.end()) or [None]
            context = words.pop(0) if "pgettext" in match[1] else None
            plural = words[1] if match[1].startswith("n") else None
            if words[0]:
                line = code.count("\n", 0, match.start()) + 1
                found.append(Message(words[0], path, line, plural=plural, context=context))
    return found


def script_messages() -> list[Message]:
    """Return the messages of the browser's part."""
    call = re.compile(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
    found = []
    for path in script_files():
        code = path.read_text(encoding="utf-8")
        for match in call.finditer(code):
            text = ast.literal_eval(f'"{match[1]}"' if match[1] is not None else f"'{match[2]}'")
            found.append(Message(text, path, code.count("\n", 0, match.start()) + 1))
    return found


class Literals(HTMLParser):
    """Finds the text that stands in a page outside every translation tag."""

    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = allowed
        self.found: list[tuple[int, str]] = []
        self.silent: list[str] = []

    def look_at(self, text: str) -> None:
        """Keep the text if it has words of ours."""
        if not self.silent and any(word not in self.allowed for word in LETTERS.findall(text)):
            self.found.append((self.getpos()[0], " ".join(text.split())[:60]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes that a person reads or hears."""
        values = dict(attrs)
        wanted = READ_ATTRIBUTES | ({"value"} if values.get("type") in {"submit", "button"} else set())
        for name in wanted & set(values):
            self.look_at(values[name] or "")
        if tag in SILENT_TAGS:
            self.silent.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes; the tag holds no text."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag whose text nobody reads."""
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        """Look at the text."""
        self.look_at(data)


def without_tags(template: str) -> str:
    """Return the template with everything that Django fills in taken out, line by line as it was."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    for pattern in (
        r"\{#.*?#\}",
        r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}",
        r"\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}",
        r"\{%.*?%\}",
        r"\{\{.*?\}\}",
    ):
        template = re.sub(pattern, blank, template, flags=re.DOTALL)
    return template


def template_literals(allowed: frozenset[str]) -> list[Fault]:
    """Return the text of templates that no catalogue holds."""
    faults = []
    for path in template_files():
        parser = Literals(allowed)
        parser.feed(without_tags(path.read_text(encoding="utf-8")))
        faults += [Fault(path, line, f"text outside a translation tag: {text}") for line, text in parser.found]
    return faults


def documentation(tree: ast.Module) -> set[int]:
    """Return the docstrings' nodes."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }


def python_literals(exempt: Iterable[str]) -> list[Fault]:
    """Return Chinese text in modules: it belongs in the catalogue."""
    ids = {message.text for message in python_messages()[0]}
    faults = []
    for path in python_files():
        if any(path.relative_to(ROOT).as_posix().startswith(prefix) for prefix in exempt):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = documentation(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in skipped:
                continue
            if HAN.search(node.value) and node.value not in ids:
                faults.append(Fault(path, node.lineno, f"Chinese outside the catalogue: {node.value[:40]}"))
    return faults


def script_literals() -> list[Fault]:
    """Return Chinese text in TypeScript, comments aside."""
    faults = []
    for path in script_files():
        code = re.sub(r"/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), path.read_text("utf-8"), flags=re.DOTALL)
        for number, line in enumerate(code.splitlines(), 1):
            if HAN.search(line.partition("//")[0]):
                faults.append(Fault(path, number, f"Chinese outside the catalogue: {line.strip()[:40]}"))
    return faults
