"""Tasking: who goes where and when, and what is passed on to whom."""
