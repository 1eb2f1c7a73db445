"""Boundaries, places, postcodes, LSOAs, streets and neighbourhood teams."""
