"""Reads a force's own export of incidents, and its patrol log."""
