"""Who gets what: classes of units, measures and strategies, the plan that spends a budget best, pairing and siting.

Owns the judgement of what each unit is, what may help it, what a year's money buys and who helps whom.
"""
