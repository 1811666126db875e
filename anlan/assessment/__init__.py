"""What each unit can do: indicator systems, survey rounds, answers, scores, reports and priced needs.

Owns the way from a question asked to a need priced; allocation begins where a need ends.
"""
