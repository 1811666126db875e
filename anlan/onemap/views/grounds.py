"""The site's own base map: one file of tiles, of which the browser reads what it needs."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from anlan.onemap import access
from anlan.onemap.core.grounds import HOSTS
from anlan.onemap.core.ranges import NoSuchPart, part_asked
from anlan.web.http import Request
from anlan.web.middleware import POLICY

MOST_AT_ONCE = 4 * 1024 * 1024
TILES = "application/vnd.pmtiles"


@require_safe
@login_required
def ground(request: Request) -> HttpResponse:
    access.require_reader(request.user)
    path = Path(settings.PMTILES)
    if not settings.PMTILES or not path.is_file():
        raise Http404
    state = path.stat()
    tag = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", tag) == tag else ""
    response = get_conditional_response(request, etag=tag) or _part_of(path, state.st_size, asked)
    response["ETag"], response["Accept-Ranges"], response["Cache-Control"] = tag, "bytes", "private, no-cache"
    return response


def _part_of(path: Path, size: int, header: str) -> HttpResponse:
    """Return the part asked for; of a request for everything, or for very much, only as far as it is bearable."""
    try:
        part = part_asked(header or "bytes=0-", size)
    except NoSuchPart:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    length = min(part.length, MOST_AT_ONCE)
    with path.open("rb") as file:
        file.seek(part.first)
        content = file.read(length)
    told = f"bytes {part.first}-{part.first + len(content) - 1}/{size}"
    return HttpResponse(content, status=206, content_type=TILES, headers={"Content-Range": told})


def with_grounds(response: HttpResponse) -> HttpResponse:
    """Return the page with leave to draw the map service that the site has a key for."""
    if settings.TIANDITU_KEY:
        hosts = " ".join(HOSTS)
        policy = POLICY.replace("img-src 'self'", f"img-src 'self' {hosts}")
        response["Content-Security-Policy"] = policy.replace("connect-src 'self'", f"connect-src 'self' {hosts}")
    return response
