"""Residents' concerns, counted and compared with recorded incidents."""
