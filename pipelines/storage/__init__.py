"""Tables and records stored between flows."""
