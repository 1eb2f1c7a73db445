"""Errors in settings, inputs or tables, with messages that say what to do."""


class HotspotsError(ValueError):
    """Base class of errors in what the project was given, as opposed to bugs in its code."""


class ParameterError(HotspotsError):
    """Raised when a setting or argument is outside its limits."""


class SchemaError(HotspotsError):
    """Raised when a table lacks the columns, types, keys or CRS of its declaration."""


class SourceError(HotspotsError):
    """Raised when an input file cannot be used."""
