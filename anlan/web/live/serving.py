"""The process `live`: a plain ASGI application that streams what the hub hands out, run by uvicorn."""

import asyncio
import gc
import logging
import resource
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

from anlan.web.live import wire
from anlan.web.live.asking import Asked, asked_in
from anlan.web.live.hub import Audience, Hub, Viewer
from anlan.web.live.people import AWAY, asked, look_again, reach_of_session
from anlan.web.live.reading import page_after, read_for
from anlan.web.live.sequencing import sequence

LOG = logging.getLogger("anlan.live")
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
BEAT_S = 15.0
# Every send lets go of the interpreter; threads that ask the database for newcomers give it back to the streams soon.
SWITCH_S = 0.0002
SOONEST_MS, SPREAD_MS, STEP_MS = 1000, 2000, 37  # who was cut off with thousands of others comes back a little apart


class LiveApp:
    """Answers `/live/events` with a stream and `/live/healthz` with how it is."""

    def __init__(self, hub: Hub, beat_s: float = BEAT_S) -> None:
        self._hub = hub
        self._beat_s = beat_s
        self._count = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        request = asked_in(scope)
        if refusal := self._refusal(request):
            await _answer(send, refusal, request)
        elif request.path == "/live/healthz":
            await _answer(send, 200, request, b"ok" if self._hub.is_connected else b"ok, waiting for the database")
        else:
            await self._stream(request, receive, send)

    def _refusal(self, request: Asked) -> int:
        if request.path not in {"/live/events", "/live/healthz"}:
            return 404
        if request.method not in {"GET", "HEAD"}:
            return 405
        if request.path == "/live/events" and not request.is_for_us:
            return 400
        return 403 if request.is_from_elsewhere else 0

    async def _stream(self, request: Asked, receive: Receive, send: Send) -> None:
        """Let the person in, or say why not."""
        try:
            reach = await asked(reach_of_session, request.session_key) if request.session_key else None
        except AWAY:
            await _answer(send, 503, request)
            return
        if reach is None or self._hub.number is None:
            await _answer(send, 401 if reach is None else 503, request)
            return
        viewer = Viewer(request.session_key, reach, floor=request.since or 0)
        viewer.checked_at = asyncio.get_running_loop().time()
        headers = [*wire.HEADERS, *request.permission]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if request.method == "HEAD":
            await send({"type": "http.response.body"})
            return
        await self._watched(viewer, request.since, receive, send)

    async def _watched(self, viewer: Viewer, since: int | None, receive: Receive, send: Send) -> None:
        """Stream until the page goes, the stream ends, or the page does not keep up."""
        audience = self._hub.join(viewer)
        watch = asyncio.create_task(_until_gone(receive, viewer))
        try:
            async with asyncio.timeout(None) as viewer.deadline:
                await self._begin(viewer, since, audience, send)
                await self.go_on(viewer, send)
                await send({"type": "http.response.body", "body": viewer.take()})
        except TimeoutError:
            LOG.info("a page did not keep up and was cut off")
        except AWAY:
            LOG.warning("a page came back while the database was away")
            await send({"type": "http.response.body"})
        finally:
            self._hub.leave(viewer)
            watch.cancel()

    async def _begin(self, viewer: Viewer, since: int | None, audience: Audience, send: Send) -> None:
        """Send what comes before the first live event: a greeting, or everything after the page's number."""
        here = self._hub.number or 0
        self._count += 1
        greeting = wire.retry(SOONEST_MS + STEP_MS * self._count % SPREAD_MS)
        if since is None:
            viewer.floor = here
            await _more(send, greeting + wire.hello(here))
            return
        await _more(send, greeting)
        prefixes = viewer.reach.prefixes("")
        is_behind = True
        while is_behind:
            page = await asked(page_after, since, here, prefixes)
            if page.misses(since):
                viewer.take()
                viewer.floor = self._hub.number or 0
                await _more(send, wire.reset(viewer.floor))
                return
            if frames := b"".join(event.frame for event in page.events if audience.sees(event)):
                await _more(send, frames)
            is_behind = page.is_full
            since = page.events[-1].number if is_behind else since

    async def go_on(self, viewer: Viewer, send: Send) -> None:
        """Send what the hub hands out, a sign of life when there is nothing, until the stream ends."""
        while not viewer.is_over:
            try:
                async with asyncio.timeout(self._beat_s):
                    await viewer.waiting.wait()
            except TimeoutError:
                await _more(send, wire.beat(max(viewer.floor, self._hub.number or 0)))
            else:
                await _more(send, viewer.take())


async def _until_gone(receive: Receive, viewer: Viewer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.end()


async def _more(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _answer(send: Send, status: int, request: Asked, body: bytes = b"") -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), *request.permission]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class LiveServer(uvicorn.Server):
    """Ends the streams before it waits for them."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: Any = None) -> None:
        """Close the door, then the streams."""
        self._hub.close()
        await super().shutdown(sockets)


async def serve(*, host: str, port: int, upkeep_s: float) -> None:
    """Stream until a signal ends the process."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each viewer is an open file
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()  # what was imported is not looked through again while streams wait
    hub = Hub()
    config = uvicorn.Config(
        LiveApp(hub),
        host=host,
        port=port,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=4096,
        timeout_graceful_shutdown=6,
    )
    async with asyncio.TaskGroup() as group:
        beside = [group.create_task(work) for work in (read_for(hub), sequence(upkeep_s), look_again(hub, upkeep_s))]
        await LiveServer(config, hub).serve()
        for task in beside:
            task.cancel()
