"""News of telemetry."""

ALARM_CHANGED = "telemetry.alarm_changed"  # alarm_id
