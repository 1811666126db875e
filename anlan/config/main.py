"""The `anlan` command."""

import sys

from anlan.config.environment import point_at


def main() -> None:
    """Run a management command under our name."""
    point_at("anlan.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
