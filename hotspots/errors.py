"""Errors in settings, inputs or tables, with messages that say what to do."""


class HotspotsError(ValueError):
    """Base class of errors in settings, inputs and tables, as opposed to bugs."""


class ParameterError(HotspotsError):
    """Error in a setting or argument: its value is invalid."""


class SchemaError(HotspotsError):
    """Error in a table: it differs from its declaration in columns, types, key or CRS."""


class SourceError(HotspotsError):
    """Error in an input file: it cannot be read or used."""
