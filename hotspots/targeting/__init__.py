"""Targeting: spots, hotspots, forecasts, patrol areas and their ranks."""
