"""The Chinese of everything that a person reads.

Ids are English and stand in code and templates; each context keeps its own catalogue in
`locale/zh_Hans/LC_MESSAGES/django.po`, and a word in any of them serves all.

Usage:
    messages.py check              list what is missing, empty, uncertain or does not fit, exit 1 if anything is
    messages.py collect [PATH …]   add missing ids, empty, to the catalogues of these contexts (default: all)
    messages.py compile            write the .mo files, and the browser's catalogue
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import collected
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from collected import ROOT, Fault, Message

PLACEHOLDER = re.compile(r"%\((\w+)\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w+)\}|%[sdf]")
BROWSER = ROOT / "anlan" / "web" / "static" / "built" / "zh-hans.js"
HEADER = b"""msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
# Words that are the same in every language.
ALLOWED = frozenset(
    {"Anlan", "km", "km²", "CSV", "JSON", "PDF", "API", "OpenAPI", "ODK", "KoboCollect", "English", "YAML", "SHA-256"}
    | {"XLSForm", "xlsx", "json", "SHA", "CR", "max", "λmax"}
)
# Chinese that is data and not a message: what people type, names of issued documents and of languages, our own name.
EXEMPT = (
    "anlan/demo/",
    "anlan/places/core/words.py",
    "anlan/config/api.py",
    "anlan/config/settings.py",
    "anlan/assessment/actions/publication.py",
    "anlan/assessment/core/entry.py",
    "anlan/assessment/documents/own_form.py",
    "anlan/assessment/documents/phone_form.py",
    "anlan/assessment/documents/tables.py",
)


def catalogue_of(context: Path) -> Path:
    """Return where the context keeps its Chinese."""
    return context / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def catalogues() -> dict[Path, Catalog]:
    """Return every catalogue by its file."""
    found = {}
    for path in sorted((ROOT / "anlan").glob("*/locale/zh_Hans/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            found[path] = read_po(file, locale="zh_Hans")
    return found


def every_message() -> tuple[list[Message], list[Fault]]:
    """Return what code, templates and scripts say, and faults met on the way."""
    messages, faults = collected.python_messages()
    return [*messages, *collected.template_messages(), *collected.script_messages()], faults


def key_of(text: object, context: str | None) -> tuple[str, str | None]:
    """Return what a message is found by: its singular and context."""
    return (text[0] if isinstance(text, (tuple, list)) else str(text)), context or None


def names_in(text: str) -> set[str]:
    """Return the placeholders of a message."""
    return {match[1] or match[2] or match[0] for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def entry_faults(path: Path, catalogue: Catalog) -> Iterator[Fault]:
    """Yield what is wrong with entries of a catalogue."""
    for entry in catalogue:
        if not entry.id:
            continue
        singular, _ = key_of(entry.id, None)
        strings = list(entry.string) if isinstance(entry.string, (tuple, list)) else [entry.string]
        lineno = entry.lineno or 1
        if not all(strings):
            yield Fault(path, lineno, f"no Chinese for: {singular}")
        elif entry.fuzzy:
            yield Fault(path, lineno, f"uncertain Chinese for: {singular}")
        elif any(names_in(str(text)) - names_in(singular) for text in strings):
            yield Fault(path, lineno, f"the Chinese has values that the English has not: {singular}")
        elif not isinstance(entry.id, (tuple, list)) and names_in(singular) - names_in(str(strings[0])):
            yield Fault(path, lineno, f"the Chinese leaves values out: {singular}")


def check() -> list[Fault]:
    """Return everything that would reach a person untranslated."""
    messages, faults = every_message()
    held = {key_of(entry.id, entry.context) for catalogue in catalogues().values() for entry in catalogue if entry.id}
    missing = {key_of(message.text, message.context): message for message in reversed(messages)}
    faults += [
        Fault(message.path, message.line, f"not in any catalogue: {message.text}")
        for key, message in missing.items()
        if key not in held
    ]
    for path, catalogue in catalogues().items():
        faults += entry_faults(path, catalogue)
    faults += collected.template_literals(ALLOWED)
    faults += collected.python_literals(EXEMPT)
    faults += collected.script_literals()
    return sorted(faults, key=lambda fault: (fault.path, fault.line))


def collect(chosen: list[Path]) -> int:
    """Add missing ids to the catalogues of the chosen contexts, empty; return how many."""
    known = catalogues()
    held = {key_of(entry.id, entry.context) for catalogue in known.values() for entry in catalogue if entry.id}
    added: dict[Path, int] = {}
    for message in every_message()[0]:
        context, key = collected.context_of(message.path), key_of(message.text, message.context)
        if key in held or (chosen and context not in chosen):
            continue
        held.add(key)
        path = catalogue_of(context)
        catalogue = known.setdefault(path, Catalog(locale="zh_Hans", project="Anlan", fuzzy=False))
        identity = (message.text, message.plural) if message.plural else message.text
        catalogue.add(identity, context=message.context, locations=[(message.place.rpartition(":")[0], message.line)])
        added[path] = added.get(path, 0) + 1
    for path in added:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER)
            write_po(file, known[path], width=110, no_location=True, omit_header=True)
        print(f"{path.relative_to(ROOT)}: {added[path]} new")
    return sum(added.values())


def compile_all() -> None:
    """Write each .mo that is older than its .po, and the browser's words as a script."""
    chinese = {}
    for path, catalogue in catalogues().items():
        compiled = path.with_suffix(".mo")
        chinese.update({key_of(entry.id, entry.context): entry.string for entry in catalogue if entry.id})
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            with compiled.open("wb") as file:
                write_mo(file, catalogue)
    words = {message.text: chinese.get((message.text, None), "") for message in collected.script_messages()}
    content = f"globalThis.anlanWords = {json.dumps(words, ensure_ascii=False, sort_keys=True, indent=0)};\n"
    if words and (not BROWSER.exists() or BROWSER.read_text(encoding="utf-8") != content):
        BROWSER.parent.mkdir(parents=True, exist_ok=True)
        BROWSER.write_text(content, encoding="utf-8")


def main() -> int:
    """Carry out the command named on the command line."""
    command, *paths = sys.argv[1:] or [""]
    if command == "compile":
        compile_all()
    elif command == "collect":
        print(f"{collect([Path(path).resolve() for path in paths])} messages to translate")
    elif command == "check":
        faults = check()
        print("\n".join(map(str, faults)) or "Every message has its Chinese")
        return 1 if faults else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
