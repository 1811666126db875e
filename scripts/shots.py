"""`make shots`: every page that a role can reach by links, in both languages and both widths, as pictures.

The site of the demo must run (`make demo`). Pages are found by following links from the start page; of addresses that
differ in codes and numbers alone the first is taken. Pictures stand in var/shots/<role>/, with an index.html beside.
"""

import html
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import chromium
import server
from playwright.sync_api import Browser, Page, sync_playwright
from secrets_file import ROOT, VAR

SHOTS = VAR / "shots"
LANGUAGES = {"zh-hans": "zh", "en": "en"}
WIDTHS = (1280, 390)
LEFT_OUT = re.compile(r"/(logout|static|files|export|download|language|api|media)\b|\.(xlsx|docx|pdf|csv|json)$")
MOST_PAGES = 60


@dataclass(frozen=True, slots=True)
class Login:
    """A person of the demo."""

    role: str
    username: str
    password: str


def logins() -> list[Login]:
    """Return one person a role, as the demo tells."""
    command = [str(ROOT / ".venv" / "bin" / "anlan"), "load_demo", "--logins", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Login(entry["role"], entry["username"], entry["password"]) for entry in json.loads(done.stdout)]


def shape(address: str) -> str:
    """Return the address with codes and numbers taken out: pages of one shape are one page."""
    path = urlsplit(address).path
    return re.sub(r"(?<=/)[0-9a-f-]*\d[0-9a-f-]*(?=/|$)", "n", path)


def log_in(page: Page, address: str, login: Login) -> None:
    """Fill in the log-in page."""
    page.goto(f"{address}/login/")
    page.fill("input[name=username]", login.username)
    page.fill("input[name=password]", login.password)
    page.locator("form:has(input[name=password]) button:not([type=button])").click()
    page.wait_for_load_state("networkidle")
    if page.locator("input[name=password]").count():
        raise SystemExit(f"{login.username} could not log in")


def links_on(page: Page, address: str) -> list[str]:
    """Return the addresses of our own pages that this page links to."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return [
        link.split("#")[0] for link in found if link.startswith(address) and not LEFT_OUT.search(urlsplit(link).path)
    ]


def walk(page: Page, address: str) -> dict[str, str]:
    """Return one address a shape of page, found by following links from the start page."""
    pages: dict[str, str] = {}
    waiting = [f"{address}/"]
    while waiting and len(pages) < MOST_PAGES:
        link = waiting.pop(0)
        if shape(link) in pages:
            continue
        # Asked first without a window: what is a file would begin a download there.
        answer = page.request.get(link)
        if answer.ok and "html" in answer.headers.get("content-type", ""):
            page.goto(link)
            pages[shape(link)] = link
            waiting += links_on(page, address)
    return pages


def take(browser: Browser, address: str, login: Login) -> list[Path]:
    """Take every picture of one person."""
    folder = SHOTS / login.role
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    log_in(page, address, login)
    pages = walk(page, address)
    for language, short in LANGUAGES.items():
        context.add_cookies([{"name": "anlan_language", "value": language, "url": address}])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for form, link in pages.items():
                page.goto(link)
                page.wait_for_load_state("networkidle")
                name = form.strip("/").replace("/", "_") or "home"
                path = folder / f"{name}-{short}-{width}.png"
                page.screenshot(path=path, full_page=True)
                taken.append(path)
    context.close()
    return taken


def write_index(taken: list[Path]) -> Path:
    """Write a page with all pictures."""
    figures = "\n".join(
        f'<figure><img loading="lazy" width="390" src="{html.escape(str(path.relative_to(SHOTS)))}">'
        f"<figcaption>{html.escape(str(path.relative_to(SHOTS)))}</figcaption></figure>"
        for path in taken
    )
    style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif}figure{margin:0}"
    index = SHOTS / "index.html"
    index.write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{figures}", encoding="utf-8")
    return index


def main() -> int:
    """Take the pictures of every role, or of those named on the command line."""
    address = f"http://127.0.0.1:{server.port()}"
    if server.health(address):
        print("The site does not run; `make demo` first.", file=sys.stderr)
        return 1
    if chromium.program() is None:
        print(f"{chromium.NONE_HERE}; run `make setup-tests`.", file=sys.stderr)
        return 1
    chosen = [login for login in logins() if not sys.argv[1:] or login.role in sys.argv[1:]]
    taken = []
    with sync_playwright() as playwright:
        browser = chromium.launched(playwright, *chromium.DRAWN_BY_SOFTWARE)
        for login in chosen:
            taken += take(browser, address, login)
            print(f"{login.role}: {len(taken)} pictures so far", flush=True)
        browser.close()
    print("All pictures:", write_index(taken))
    return 0


if __name__ == "__main__":
    sys.exit(main())
