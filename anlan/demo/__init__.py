"""The fictional county 青岚县: its land, people and answers from one seed, and the command that loads them.

Nothing in it is a real place; the code prefix 999901 belongs to no county.
"""
