"""Values that every context shares and that know no framework.

Division codes, money, time spans, canonical JSON and the one way to refuse.
"""
