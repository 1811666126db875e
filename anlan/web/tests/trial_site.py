"""A small site for the browser's part of the pages: the built files and given answers, under our own policy."""

import json
import mimetypes
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from anlan.web.middleware import POLICY

BUILT = Path(__file__).parents[1] / "static" / "built"
HEAD = """<!doctype html><html lang="zh-hans"><head><meta charset="utf-8"><title>Trial</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/built/app.css">
<script type="module" src="/built/zh-hans.js"></script><script type="module" src="/built/app.js"></script>
<script type="module" src="/built/map.js" data-maplibre="/built/maplibre.js" data-worker="/built/maplibre-worker.js">
</script><script type="module" src="/built/charts.js"></script></head><body>"""


class TrialSite:
    """Answers with what a test puts in; `failures` counts how often a path still fails, `slow` tells its seconds."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, bytes]] = {}
        self.failures: dict[str, int] = {}
        self.slow: dict[str, float] = {}
        self.posted: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, path: str, body: str, **data: Mapping[str, Any]) -> str:
        """Put in a page with its JSON by id; return its address."""
        scripts = "".join(
            f'<script id="{key}" type="application/json">{json.dumps(value)}</script>' for key, value in data.items()
        )
        self.answers[path] = ("text/html; charset=utf-8", f"{HEAD}{scripts}{body}</body></html>".encode())
        return self.url + path

    def data(self, path: str, value: Mapping[str, Any]) -> str:
        """Put in a JSON answer; return its path."""
        self.answers[path] = ("application/json", json.dumps(value).encode())
        return path

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, path: str) -> tuple[int, str, bytes]:
        if self.failures.get(path, 0):
            self.failures[path] -= 1
            return 503, "text/plain", b"not now"
        time.sleep(self.slow.get(path, 0))
        if path in self.answers:
            return (200, *self.answers[path])
        file = BUILT / path.removeprefix("/built/")
        if path.startswith("/built/") and file.is_file():
            return 200, mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes()
        return 404, "text/plain", b"nothing here"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(*site._answer(self.path.split("?")[0]))

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                site.posted.append(self.rfile.read(length).decode())
                self._send(*site._answer(self.path.split("?")[0]))

            def _send(self, status: int, kind: str, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: Any) -> None:
                """Keep the test's output quiet."""

        return Handler
