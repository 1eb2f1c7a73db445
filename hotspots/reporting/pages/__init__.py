"""The page to open first."""
