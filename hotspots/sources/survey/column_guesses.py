"""Guesses the column map of a survey export from its headings and answers.

Columns of issues and of free text are recognised by their content. An analyst must check the map before it is used.
Only headings and counts leave this module, never an answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from hotspots.categories import NOT_CLASSIFIED, UNKNOWN_ISSUES
from hotspots.sources.parsing import column_scores, dates
from hotspots.sources.parsing.column_scores import MIN_SCORE, FieldScores, Fit, Guess
from hotspots.sources.survey import answer_issues, coded_answers, personal_data
from hotspots.sources.survey.answer_issues import Options
from hotspots.sources.survey.survey_params import SurveyParams

MIN_SURE_SCORE = 0.65
ISSUE_SHARE, TICK_SHARE = 0.6, 0.95
MAX_OPTION_LENGTH, MIN_TEXT_LENGTH = 60, 25  # letters: the median of ticked answers, the mean of free text
# Fields of surveys that records of crime do not have.
ONLY_SURVEYS = ("channel", "frequency", "time_band", "reported_to_police", "consent", "email", "phone", "priority")
PHRASES: dict[str, dict[str, float]] = {
    "response_id": {"response id": 1, "response number": 1, "submission id": 1, "answer id": 1, "survey id": 0.7,
                    "record id": 0.9, "reference": 0.9, "ref": 0.9, "response": 0.6, "id": 0.7, "number": 0.4},
    "received_at": {"submitted": 1, "submission date": 1, "completed": 0.95, "completion": 0.95, "received": 1,
                    "timestamp": 1, "response date": 1, "survey date": 1, "answered": 0.9, "created": 0.8,
                    "start": 0.6, "end": 0.65, "date": 0.7},
    "channel": {"channel": 1, "mode": 0.8, "method": 0.8, "how completed": 0.9, "source": 0.7, "collected": 0.7,
                "collection": 0.7, "survey type": 0.7, "via": 0.8, "engagement type": 0.9},
    "postcode": {"postcode": 1, "post code": 1, "zip": 0.7},
    "easting": {"easting": 1, "east": 0.8, "x": 0.8}, "northing": {"northing": 1, "north": 0.8, "y": 0.8},
    "longitude": {"longitude": 1, "long": 0.9, "lon": 0.9, "lng": 0.9, "x": 0.7},
    "latitude": {"latitude": 1, "lat": 0.9, "y": 0.7},
    "street": {"street": 1, "street name": 1, "road": 0.9, "road name": 0.95},
    "ward": {"ward": 1, "electoral ward": 1, "division": 0.8},
    "parish": {"parish": 1, "parish council": 0.9},
    "town": {"town": 1, "village": 0.9, "nearest town": 1, "settlement": 0.9},
    "team": {"team": 0.9, "policing team": 1, "neighbourhood team": 1, "npt": 1, "lpt": 1, "snt": 1},
    "priority": {"priority": 1, "rank": 0.9, "important": 0.8, "importance": 0.9, "how concerned": 0.8},
    "frequency": {"frequency": 1, "how often": 1, "how frequently": 1, "often": 0.9},
    "time_band": {"time of day": 1, "when": 0.9, "what time": 1, "time band": 1, "part of day": 1},
    "reported_to_police": {"reported": 0.9, "report police": 1, "reported police": 1, "told police": 1,
                           "tell police": 0.9},
    "consent": {"consent": 1, "permission": 0.9, "agree": 0.8, "privacy": 0.8, "gdpr": 0.8},
    "member": {"member": 0.8, "membership number": 1, "member id": 1, "alert id": 0.9, "member number": 1},
    "email": {"email": 1, "e mail": 1, "mail": 0.7},
    "phone": {"phone": 0.9, "telephone": 1, "mobile": 0.9, "tel": 0.9, "landline": 0.8, "contact number": 1},
}  # fmt: skip
_EMPTY_WORDS = (
    "date time datetime of the and on at or what your you do did does is it this that have has to in we may i a an "
    "which please name where are for with us our my if yes no survey question issue happen use answer"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_NO_SENTENCES = ("e-mail addresses", "names", "IP addresses and devices")
_FREE_TEXT = re.compile(
    r"\b(comment|tell|describe|description|detail|explain|more|say|anything|message|feedback|text)\b"
)
_THREE_WORDS = re.compile(r"\s*(?:///)?[a-z]{2,}\.[a-z]{2,}\.[a-z]{2,}\s*")
_ABOUT_ISSUES = re.compile(r"\b(worr|concern|issue|problem|topic|matter|priorit)")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Guesses for a survey: a heading for each field, and the columns of issues, ticks and free text.

    `kinds` are the columns with personal data that are left out, and the kind of data.
    """

    guesses: list[Guess]
    issue_columns: list[str] = field(default_factory=list)
    tick_columns: dict[str, str] = field(default_factory=dict)
    text_columns: list[str] = field(default_factory=list)
    unlisted: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def is_survey(self) -> bool:
        """Return whether the file looks like a survey: a date, issues, and a field that only surveys have."""
        fields = {guess.field for guess in self.guesses}
        named = [*self.issue_columns, *self.text_columns]
        is_asked = any(_ABOUT_ISSUES.search(column_scores.plain_words(heading)) for heading in named)
        has_issues = bool(self.issue_columns or self.tick_columns or self.text_columns)
        is_only = bool(fields & set(ONLY_SURVEYS) or self.tick_columns or is_asked)
        return "received_at" in fields and has_issues and is_only


def propose(cells: pd.DataFrame) -> Proposal:
    """Return guesses for the columns of a file.

    Parameters
    ----------
    cells
        The first rows as text under the file's headings, as `any_format.first_cells` gives them.

    Raises
    ------
    SourceError
        The first row holds values, not headings.
    """
    column_scores.require_headings(list(cells.columns))
    options = Options(SurveyParams())
    asked = [
        name for name in cells.columns if max(_FIELDS.score(one, name, cells[name])[0] for one in PHRASES) < MIN_SCORE
    ]
    ticks = {name: code for name in asked if (code := _ticked_issue(name, cells[name], options))}
    guesses = _guess_fields(cells.drop(columns=list(ticks)))
    taken = {guess.heading for guess in guesses} | set(ticks)
    issues, texts, unlisted, kinds = [], [], {}, {}
    for name in (name for name in cells.columns if name not in taken):
        share, count = _issue_share(cells[name], options)
        kind = personal_data.kind_of_heading(name)
        is_asked = bool(_FREE_TEXT.search(column_scores.plain_words(name)))
        if share >= ISSUE_SHARE and not kind and not (is_asked and _is_free_text(name, cells[name])):
            issues.append(name)
            unlisted[name] = count
        elif not kind and _is_free_text(name, cells[name]):
            texts.append(name)
        elif column_scores.share_of(cells[name], lambda given: given.str.fullmatch(_THREE_WORDS)) > ISSUE_SHARE:
            kinds[name] = "three-word locations, which need a commercial service"
        elif kind or personal_data.kind_of_content(cells[name]):
            kinds[name] = kind or personal_data.kind_of_content(cells[name])
    return Proposal(
        guesses=guesses, issue_columns=issues, tick_columns=ticks, text_columns=texts, unlisted=unlisted, kinds=kinds
    )


def as_toml(
    proposal: Proposal, cells: pd.DataFrame, *, name: str, sheet: str = "", encoding: str = "utf-8"
) -> list[str]:
    """Return the map as lines of TOML; unsure and missing fields are marked."""
    quoted, found = column_scores.quoted, {guess.field: guess for guess in proposal.guesses}
    form = dates.most_common_format(cells[found["received_at"].heading]) if "received_at" in found else ""
    lines = column_scores.section_lines(
        "survey", name=name, date_format=form, sheet=sheet, encoding="" if encoding == "utf-8" else encoding
    )
    for key, columns in (("issue_columns", proposal.issue_columns), ("text_columns", proposal.text_columns)):
        lines += [f"{key} = [{', '.join(map(quoted, columns))}]"] if columns else []
    lines += [
        f"# '{heading}': options that are not on the list of issues: {count}. Map them in survey.issues."
        for heading, count in proposal.unlisted.items()
        if count
    ]
    lines += [f"# left out: '{heading}' ({kind})" for heading, kind in proposal.kinds.items()]
    lines += column_scores.column_lines("survey", proposal.guesses)
    if not {"longitude", "easting", "postcode", "street", "ward", "parish"} & set(found):
        lines.append(
            '# postcode = ""  # not found: or longitude and latitude, easting and northing, street, ward, parish'
        )
    if proposal.tick_columns:
        lines += ["", "[survey.tick_columns]"]
        lines += [f"{quoted(heading)} = {quoted(code)}" for heading, code in proposal.tick_columns.items()]
    return lines


def _guess_fields(cells: pd.DataFrame) -> list[Guess]:
    """Return the best heading for each field, in the order of the fields; each is used once."""
    guesses = _FIELDS.guess(cells, MIN_SURE_SCORE)
    if not {"longitude", "easting"} & set(guesses):
        guesses |= _swapped_degrees(cells)
    return [guesses[own] for own in PHRASES if own in guesses]


def _swapped_degrees(cells: pd.DataFrame) -> dict[str, Guess]:
    """Return longitude and latitude if their headings are clearly swapped."""
    named = {}
    for own in ("longitude", "latitude"):
        named[own] = [name for name in cells.columns if _FIELDS.heading_weight(own, name)[0] > MIN_SCORE]
    if [len(names) for names in named.values()] != [1, 1]:
        return {}
    found = {}
    for own, other in (("longitude", "latitude"), ("latitude", "longitude")):
        fit, _ = _FIELDS.fits[own](cells[named[other][0]])
        if fit > 0.8:
            why = f"the heading says {other}, the values are {own}s: the two are swapped"
            found[own] = Guess(field=own, heading=named[other][0], score=MIN_SURE_SCORE - 0.01, is_sure=False, why=why)
    return found if len(found) == 2 else {}


def _is_excluded(own: str, heading: str) -> bool:
    """Return whether a heading such as "Contact number" is no reference."""
    return own == "response_id" and bool(personal_data.kind_of_heading(heading))


def _ticked_issue(heading: str, values: pd.Series, options: Options) -> str:
    """Return the issue of a tick column; empty where it is none."""
    given = values.dropna().str.strip()
    asked = re.split(r"\s[-–:]\s|:\s|\[|\(", heading.rstrip("])"))[-1]
    option = options.of(asked)
    code = option.codes[0][0] if len(option.codes) == 1 else NOT_CLASSIFIED
    if code in UNKNOWN_ISSUES or given.empty or given.nunique() > 12:
        return ""
    plain = given.str.casefold()
    is_tick = plain.isin(answer_issues.UNTICKED) | plain.map(lambda text: coded_answers.is_yes_or_no(text) is not None)
    is_tick |= plain.str.fullmatch(r"\d") | (plain == asked.strip().casefold())
    return code if float(is_tick.mean()) >= TICK_SHARE else ""


def _issue_share(values: pd.Series, options: Options) -> tuple[float, int]:
    """Return the share of answers that are issues, if few and short, and the number of unlisted options."""
    given = values.dropna()
    counts = given.value_counts()
    if given.empty or given.str.len().median() > MAX_OPTION_LENGTH or len(counts) > max(60, 0.4 * len(given)):
        return 0.0, 0
    found = {text: options.of(text) for text in counts.index}
    known = [
        text for text, option in found.items() if option.codes[0][0] not in UNKNOWN_ISSUES or not option.is_unlisted
    ]
    return int(counts[known].sum()) / len(given), sum(option.is_unlisted for option in found.values())


def _is_free_text(heading: str, values: pd.Series) -> bool:
    """Return whether a column holds sentences."""
    given = values.dropna()
    is_asked = bool(
        _FREE_TEXT.search(column_scores.plain_words(heading))
    )  # then a name or an address in it is no matter
    if given.empty or (not is_asked and personal_data.kind_of_content(given) in _NO_SENTENCES):
        return False
    is_long = (
        float(given.str.len().mean()) >= MIN_TEXT_LENGTH and float(given.str.contains(" ", regex=False).mean()) > 0.6
    )
    return is_long and (is_asked or given.nunique() > 0.5 * len(given))


def _known(code: Callable[[pd.Series], pd.Series], words: str) -> Fit:
    """Return a test for answers that can be coded."""
    return column_scores.share_fit(lambda given: code(given).notna(), words)


def _worded(values: pd.Series) -> tuple[float, str]:
    share = column_scores.share_of(values, lambda given: given.str.contains(r"[A-Za-z]{3}", regex=True))
    return share * (
        float(values.dropna().str.len().mean() or 0) <= MAX_OPTION_LENGTH if len(values.dropna()) else 0
    ), "short words"


def _contacts(kind: str) -> Fit:
    """Return a test for answers with a kind of contact."""
    return lambda values: (float(personal_data.kind_of_content(values) == kind), f"the answers are {kind}")


def _channel(texts: pd.Series) -> pd.Series:
    return coded_answers.channels(texts).where(lambda channel: channel != "other")


_FIELDS = FieldScores(
    phrases=PHRASES,
    fits=column_scores.COORDINATE_FITS
    | dict.fromkeys(("street", "ward", "parish", "town", "team"), _worded)
    | dict.fromkeys(("response_id", "member"), column_scores.distinct)
    | dict.fromkeys(("reported_to_police", "consent"), _known(coded_answers.yes_or_no, "are yes or no"))
    | {
        "received_at": column_scores.ARE_DATES,
        "channel": _known(_channel, "name a channel"),
        "postcode": column_scores.ARE_POSTCODES,
        "priority": _known(coded_answers.ranks, "give a rank"),
        "frequency": _known(coded_answers.frequencies, "say how often"),
        "time_band": _known(coded_answers.time_bands, "say when"),
        "email": _contacts("e-mail addresses"),
        "phone": _contacts("telephone numbers"),
    },
    empty_words=_EMPTY,
    is_excluded=_is_excluded,
)
