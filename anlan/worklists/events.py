"""News of the work lists."""

TASK_DONE = "worklists.task_done"  # task_id, key
TASK_RETURNED = "worklists.task_returned"  # task_id, key
TASK_ESCALATED = "worklists.task_escalated"  # task_id, key
