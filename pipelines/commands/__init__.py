"""Commands that are no flow: check, compare, doctor and init."""
