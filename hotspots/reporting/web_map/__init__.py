"""The interactive map of a report: one self-contained HTML file."""
