"""The shell around every page: base templates, refusals, tables, uploads, jobs. No subject matter."""
