"""Reporting: pages, maps, briefings, lists and public updates."""
