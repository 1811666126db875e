"""Print the SQL of every migration of ours as JSON: all by one start of Django, since there are many."""

import io
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Print an object: path of the migration → its SQL."""
    import django
    from django.core.management import call_command

    from anlan.config.environment import point_at

    point_at("anlan.config.settings")
    django.setup()
    written = {}
    for path in sorted((ROOT / "anlan").glob("*/migrations/0*.py")):
        out = io.StringIO()
        call_command("sqlmigrate", path.parents[1].name, path.stem, stdout=out, no_color=True)
        written[str(path.relative_to(ROOT))] = out.getvalue()
    json.dump(written, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
