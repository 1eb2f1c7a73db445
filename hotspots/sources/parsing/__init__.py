"""Coordinates, dates, names, offence types and shares, parsed from text."""
