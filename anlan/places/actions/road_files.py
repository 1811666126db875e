"""Files of roads that people send: taken over by a worker, whole or not at all."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from anlan.kernel.refusal import mark
from anlan.places.actions.lines import load_roads
from anlan.places.actions.road_nets import join_roads, load_road_file
from anlan.places.core.checking import BadRows
from anlan.places.core.geojson import lines_in
from anlan.places.models import RoadNet
from anlan.places.osm import ENDINGS
from anlan.web.http import Person
from anlan.web.jobs import request_job
from anlan.web.models import Job, Upload
from anlan.web.uploads import MEGABYTE, content_of, keep_upload, settle_upload

ROADS = "places.roads"  # the purpose of the uploads
MOST_BYTES = 200 * MEGABYTE
GEOJSON = (".geojson", ".json")
ROAD_ENDINGS = (*ENDINGS, *GEOJSON)


@transaction.atomic
def request_road_file(*, actor: Person, county_code: str, file: "UploadedFile[bytes]", at: datetime) -> Job:
    """Keep a file that was sent and have a worker take it over as the county's roads.

    Raises:
        BadUpload: it is empty, too large or of another kind.
    """
    upload = keep_upload(
        actor=actor,
        purpose=ROADS,
        file=file,
        endings=ROAD_ENDINGS,
        most_bytes=MOST_BYTES,
        about={"county_code": county_code},
        at=at,
    )
    return request_job(
        actor=actor,
        task="places.load_road_file",
        title=mark("Roads of %(name)s"),
        values={"name": upload.name},
        at=at,
        upload_id=upload.pk,
        county_code=county_code,
        actor_id=actor.pk,
    )


@transaction.atomic
def take_road_file(*, actor: Person, county_code: str, upload: Upload, at: datetime) -> RoadNet:
    """Make the county's network from a file that was sent: a map file, or drawn roads as GeoJSON.

    Raises:
        AlreadySettled: it was taken over before.
        NoCounty, BadRoadFile, BadGeoJson, BadRows: it is none, or has no roads of the county.
    """
    settle_upload(upload=upload, state="committed", at=at)
    content = content_of(upload)
    if not upload.name.lower().endswith(GEOJSON):
        return load_road_file(actor=actor, county_code=county_code, file=content, name=upload.name, at=at)
    file = lines_in(content, "roads", is_gcj02=False)
    if file.problems:
        raise BadRows(file.problems)
    load_roads(actor=actor, county_code=county_code, rows=file.roads, at=at)
    return join_roads(actor=actor, county_code=county_code, at=at)
