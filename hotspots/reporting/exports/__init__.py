"""Lists of areas for spreadsheets and GIS."""
