"""The process that judges: it takes committed parcels, one round a transaction, and tells the alarms."""
