"""Writes THIRD_PARTY.md: every package that ships with or runs under Anlan, with its licence.

Usage: third_party.py   (after `make lock`)
"""

import json
import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from secrets_file import ROOT

HEAD = """# Packages used

Anlan itself is licensed under Apache-2.0. It runs on the packages below; their licences are theirs. The list is made
by `scripts/third_party.py` from the locks.

System packages, installed by apt and not part of this project: PostgreSQL (PostgreSQL licence), PostGIS (GPL-2.0),
GDAL (MIT), GEOS (LGPL-2.1), Pango (LGPL-2.0), HarfBuzz (MIT), Noto Sans CJK (OFL-1.1).

"""


def locked() -> list[str]:
    """Return the names in the lock of what runs in production."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)), key=str.lower)


def licence_of(package: Distribution) -> str:
    """Return the package's licence in few words: its SPDX expression, its classifiers, or its own words."""
    data = package.metadata
    if "License-Expression" in data:
        return data["License-Expression"]
    classifiers = [text for text in data.get_all("Classifier") or [] if text.startswith("License ::")]
    named = [text.rpartition(":: ")[2] for text in classifiers if not text.endswith("OSI Approved")]
    words = (data.get_all("License") or [""])[0].strip().splitlines()
    return ", ".join(named) or (words[0][:60] if words else "see the package")


def python_rows() -> list[str]:
    """Return one table row a Python package; those for other systems or Pythons only are left out."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {re.split(r"[\[<>=]", text)[0].lower() for text in settings["project"]["dependencies"]}
    rows = []
    for name in locked():
        try:
            licence = licence_of(distribution(name))
        except PackageNotFoundError:
            continue
        rows.append(f"| {name} | {licence} | {'yes' if name.lower() in asked else ''} |")
    return rows


def npm_rows() -> list[str]:
    """Return one table row a package of the browser's part."""
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    asked = lock["packages"][""].get("dependencies", {})
    return [
        f"| {path.rpartition('node_modules/')[2]} | {entry.get('license', 'see the package')} "
        f"| {'yes' if path.rpartition('node_modules/')[2] in asked else ''} |"
        for path, entry in sorted(lock["packages"].items())
        if path and not entry.get("dev")
    ]


def main() -> None:
    """Write the file."""
    table = "| package | licence | asked for by name |\n|---|---|---|\n"
    parts = ["## Python\n", table + "\n".join(python_rows()), "\n\n## In the browser\n", table + "\n".join(npm_rows())]
    (ROOT / "THIRD_PARTY.md").write_text(HEAD + "\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
