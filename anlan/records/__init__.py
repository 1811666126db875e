"""Files, comments, notices and history: the side panel that every object has.

An object is named by its kind ("assessment.answer") and number; the context that owns the kind registers its door.
"""
