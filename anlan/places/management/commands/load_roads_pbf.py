"""`anlan load_roads_pbf FILE --county CODE`: a county's road network from an OpenStreetMap file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now
from django.utils.translation import gettext as _

from anlan.kernel.codes import check_code
from anlan.kernel.refusal import Refusal
from anlan.places.actions import load_road_file
from anlan.places.osm import ENDINGS
from anlan.places.queries import road_quality
from anlan.web.templatetags.shown import refusal_text

BAD_INPUT = 2
MOST_NAMED = 20


class Command(BaseCommand):
    """Makes the network, then tells how good it is; a file that holds no roads of the county changes nothing."""

    help = "Make a county's road network from an OpenStreetMap file (.osm.pbf, .osm.gz, .osm)"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and whose roads it holds."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", required=True, help="the county's code, 6 or 12 digits")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, join, keep, and tell."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(_("%(file)s: no such file") % {"file": file}, returncode=BAD_INPUT)
        if file.suffix.lower() not in ENDINGS:
            values = {"file": file.name, "endings": ", ".join(ENDINGS)}
            raise CommandError(_("%(file)s: expected a file that ends in %(endings)s") % values, returncode=BAD_INPUT)
        try:
            county = check_code(options["county"])
            load_road_file(actor=None, county_code=county, file=file, name=file.name, at=now())
        except Refusal as refused:
            raise CommandError(refusal_text(refused), returncode=BAD_INPUT) from refused
        self._tell(county)

    def _tell(self, county: str) -> None:
        quality = road_quality(county)
        if quality is None:
            return
        text = _("%(km).0f km of road in %(pieces)d pieces and %(heaps)d connected parts")
        self.stdout.write(text % {"km": quality.length_km, "pieces": quality.piece_count, "heaps": quality.heap_count})
        if quality.unreached:
            names = ", ".join(name for _code, name in quality.unreached[:MOST_NAMED])
            text = _("%(count)d villages are not reached by road: %(names)s")
            self.stdout.write(text % {"count": len(quality.unreached), "names": names})
