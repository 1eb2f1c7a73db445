"""Briefings for neighbourhood teams in PDF."""
