from django.db import migrations

# The shapes of tiles in Web Mercator, kept by the database beside those in degrees. The models do not name
# them: whoever asks for a division does not want to carry them.
# A county has some hundred divisions and rivers and some thousand roads: the tables are rewritten in a moment, once.
FORWARD = """
-- squawk-ignore-file adding-field-with-default, require-concurrent-index-creation
ALTER TABLE places_division
    ADD COLUMN outline_3857 geometry(MultiPolygon, 3857)
        GENERATED ALWAYS AS (ST_Transform(outline, 3857)) STORED,
    ADD COLUMN label_3857 geometry(Point, 3857)
        GENERATED ALWAYS AS (ST_PointOnSurface(ST_Transform(outline, 3857))) STORED;
CREATE INDEX division_outline_3857 ON places_division USING gist (outline_3857);
ALTER TABLE places_river
    ADD COLUMN lines_3857 geometry(MultiLineString, 3857) GENERATED ALWAYS AS (ST_Transform(lines, 3857)) STORED;
CREATE INDEX river_lines_3857 ON places_river USING gist (lines_3857);
ALTER TABLE places_road
    ADD COLUMN line_3857 geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(line, 3857)) STORED;
CREATE INDEX road_line_3857 ON places_road USING gist (line_3857);
"""
BACKWARD = """
ALTER TABLE places_road DROP COLUMN line_3857;
ALTER TABLE places_river DROP COLUMN lines_3857;
ALTER TABLE places_division DROP COLUMN outline_3857, DROP COLUMN label_3857;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0003_road_network")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
