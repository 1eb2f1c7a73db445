"""Briefings for neighbourhood teams as PDF."""
