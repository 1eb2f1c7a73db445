"""Write numbers as words of a sentence: "1 incident", "2,400 burglaries", "62 %"."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun in the singular or plural.

    Parameters
    ----------
    plural
        Needed where it is not the noun with an s.

    Examples
    --------
    >>> counted(1, "area"), counted(1200, "area"), counted(0, "burglary", "burglaries")
    ('1 area', '1,200 areas', '0 burglaries')
    """
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage.

    Examples
    --------
    >>> percent(0.62), percent(0.615, 1)
    ('62 %', '61.5 %')
    """
    return f"{100 * share:,.{decimals}f} %"
