"""Files of telemetry: the register by Excel, readings as text."""
