"""Classifier of residents' free text by issue and owner."""
