"""States of a task, whose list it is on, and how late it is."""
