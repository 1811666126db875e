"""Every method page that a docstring cites is there, with the equation that it cites."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CITED = re.compile(r"docs/methods/([a-z0-9-]+)\.md(?:,\s+(?:equation|equations)\s+\((\d+)\))?")


def citations() -> list[tuple[str, str, str]]:
    """Return module, page and number of the equation of each citation; "" where none is named."""
    found = []
    for path in sorted((ROOT / "anlan").rglob("*.py")):
        for page, number in CITED.findall(path.read_text(encoding="utf-8")):
            found.append((str(path.relative_to(ROOT)), page, number))
    return found


def test_every_page_that_is_cited_is_there():
    absent = {(module, page) for module, page, _n in citations() if not (ROOT / f"docs/methods/{page}.md").exists()}

    assert absent == set()


def test_every_equation_that_is_cited_stands_on_its_page():
    absent = []
    for module, page, number in citations():
        path = ROOT / f"docs/methods/{page}.md"
        if number and path.exists() and not re.search(rf"\({number}[a-z]?\)", path.read_text(encoding="utf-8")):
            absent.append((module, page, number))

    assert absent == []


def test_every_page_stands_in_the_index():
    index = (ROOT / "docs/methods/README.md").read_text(encoding="utf-8")

    assert [page.name for page in sorted((ROOT / "docs/methods").glob("*.md")) if f"({page.name})" not in index] == [
        "README.md"
    ]
