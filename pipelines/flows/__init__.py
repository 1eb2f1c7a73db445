"""Prefect flows, one module each."""
