"""Pages and addresses of telemetry."""
