"""Lights of a harbour: the harmless part of the demonstration."""


def colour(side):
    return {"port": "red", "starboard": "green"}[side]
