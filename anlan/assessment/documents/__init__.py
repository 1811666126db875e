"""Files made from and read into the core's values: workbooks, reports, needs lists. No database."""
