"""A page of the map as PDF: title, picture, legend, scale, who printed it and when."""

from base64 import b64encode
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from PIL import Image

from anlan.ground.paper import pdf_of
from anlan.onemap.core.printing import BadPicture, MapPage, size_of_png

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


def map_pdf(page: MapPage, picture: bytes) -> bytes:
    """Return the page as PDF.

    Raises:
        BadPicture: the picture is no PNG, or not of a map's size.
    """
    address = f"data:image/png;base64,{b64encode(_clean(picture)).decode()}"
    css = Markup((TEMPLATES / "map.css").read_text(encoding="utf-8"))  # noqa: S704 (our own file)
    html = _environment().get_template("map.html").render(page=page, picture=address, css=css)
    return pdf_of(html)


def _clean(picture: bytes) -> bytes:
    """Return the picture written anew: nothing but its dots goes into the page."""
    size_of_png(picture)
    stream = BytesIO()
    try:
        # Looked through first: once WeasyPrint is loaded, a picture that breaks off is read without complaint.
        with Image.open(BytesIO(picture), formats=["PNG"]) as image:
            image.verify()
        with Image.open(BytesIO(picture), formats=["PNG"]) as image:
            image.convert("RGB").save(stream, "PNG")
    except (OSError, ValueError, SyntaxError):
        raise BadPicture("The picture is no PNG") from None
    return stream.getvalue()
