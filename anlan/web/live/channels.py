"""The two bells of PostgreSQL: they carry nothing, they wake whoever reads the table."""

WRITTEN = "anlan_live_written"  # rows wait for their numbers
NUMBERED = "anlan_live_numbered"  # rows have got their numbers
SEQUENCER_LOCK = 0x4C495645  # one sequencer at a time
