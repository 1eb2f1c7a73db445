"""What is wrong with settings, inputs or tables, in sentences a reader can act on."""


class HotspotsError(ValueError):
    """Anything that is wrong with what we were given, rather than with our code."""


class ParameterError(HotspotsError):
    """A setting or an argument is outside what it may be."""


class SchemaError(HotspotsError):
    """A table does not have the columns, types, keys or CRS it is declared with."""


class SourceError(HotspotsError):
    """An input file cannot be used."""
