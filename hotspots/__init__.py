"""Hotspots of anti-social behaviour and burglary: analysis on tables, without folders, clock or engine.

Modules are imported by name (``from hotspots.targeting import clusters``); this package imports none of
them, so ``import hotspots`` costs nothing.
"""

__version__ = "0.1.0"
