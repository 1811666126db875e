"""News of the shell."""

JOB_ENDED = "web.job_ended"  # job_id, person_id (None: the system's own), title, values, is_done
