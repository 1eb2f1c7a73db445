"""Analysis of anti-social behaviour and burglary hotspots: tables in, tables out, without Prefect, folders or clock.

Import modules by name (``from hotspots.targeting import clusters``). The package itself imports none of them, so
``import hotspots`` is fast.
"""

__version__ = "0.1.0"
