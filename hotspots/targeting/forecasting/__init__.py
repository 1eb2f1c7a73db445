"""Forecast of incidents at each spot."""
