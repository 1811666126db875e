"""One list of work for each unit and person: due, done, returned, escalated when late, signed off.

Every context above puts its work here and learns from nobody else what is still to be done.
"""
