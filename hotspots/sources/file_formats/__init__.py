"""Readers of CSV, workbooks, vector files and ZIP archives."""
