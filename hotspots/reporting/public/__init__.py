"""Public figures and updates, after disclosure control."""
