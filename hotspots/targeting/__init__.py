"""Where: spots, hotspots, forecasts, concerns, patrol areas and their ranks."""
