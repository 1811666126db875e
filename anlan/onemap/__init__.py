"""One map: puts the layers of all contexts together into one live picture, on a desk and on the wall.

It owns no matter of its own: what is drawn, found and listed comes through registries that each context fills.
"""
