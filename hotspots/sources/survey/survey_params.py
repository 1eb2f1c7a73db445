"""Settings of a survey: the column map of its export, and its own issues and words."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from hotspots import categories
from hotspots.errors import ParameterError
from hotspots.sources.file_formats import any_format, file_content
from hotspots.sources.file_formats.any_format import Reading
from hotspots.sources.parsing import column_scores, dates

FIELDS = (
    "response_id", "received_at", "channel", "longitude", "latitude", "easting", "northing", "postcode", "street",
    "ward", "parish", "town", "team", "priority", "frequency", "time_band", "reported_to_police", "consent", "member",
    "email", "phone", "grid_reference",
)  # fmt: skip
# Contacts, only ever hashed, to recognise answers from the same respondent; in order of preference.
CONTACTS = ("member", "email", "phone")


@dataclass(frozen=True, kw_only=True)
class SurveyParams:
    """Column map of a survey export, and the survey's own issues and words.

    Attributes
    ----------
    name
        Name of the survey in reports.
    columns
        Maps fields to headings of the export; `received_at` is required. A location is a point (longitude and latitude,
        easting and northing, or a grid reference of six figures or more), a postcode, a street (best with the town), a
        ward, a parish or a team. `member`, `email` and `phone` are never stored: a keyed hash of the first one given
        links the answers of a respondent. If `consent` is mapped, answers without consent are set aside.
    issue_columns
        Headings of columns with one selected issue or a list of them, in order of priority.
    tick_columns
        Maps headings of columns about a single issue (ticked, answered yes or ranked) to issue codes.
    text_columns
        Headings of columns with free text. Issues are detected in the text; only the issue, its owner and the matching
        words of the reference lists are stored.
    issues
        Maps answers in the export to issue codes, in addition to the labels of the codes.
    own_issues
        Maps the force's own issue codes to the standard codes under which they are counted and referred.
    own_words
        Maps words in free text to issue codes, written as in reference/issue_words.csv: `a|b` for either, ` + ` for
        both.
    repeat_days
        Days within which the same issue from the same respondent at the same place counts once.
    same_answer_minutes
        Minutes within which an identical answer (the same issues, texts and location, from the same respondent or from
        none) counts once. Answers that give no time of day are all kept, and 0 keeps all.
    date_format
        Format of `received_at`, as in `datetime.strptime`. Other British formats, ISO 8601 and Excel's day numbers are
        also recognised.
    encoding
        Encoding of text files.
    sheet
        Sheet of a workbook to read; if empty, the sheet with the mapped headings.
    """

    name: str = "survey"
    columns: dict[str, str] = field(default_factory=dict)
    issue_columns: tuple[str, ...] = ()
    tick_columns: dict[str, str] = field(default_factory=dict)
    text_columns: tuple[str, ...] = ()
    issues: dict[str, str] = field(default_factory=dict)
    own_issues: dict[str, str] = field(default_factory=dict)
    own_words: dict[str, str] = field(default_factory=dict)
    repeat_days: int = 90
    same_answer_minutes: int = 10
    date_format: str = "%d/%m/%Y %H:%M"
    encoding: str = "utf-8"
    sheet: str = ""

    def __post_init__(self) -> None:
        """Check fields, issue codes and the period of repeats."""
        for name in ("issue_columns", "text_columns"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        strange = sorted(set(self.columns) - set(FIELDS))
        if strange:
            raise ParameterError(f"survey.columns: '{strange[0]}' is not a field; expected one of {', '.join(FIELDS)}.")
        for name, codes in self._codes().items():
            unknown = sorted(set(codes) - set(categories.ISSUES))
            if unknown:
                raise ParameterError(
                    f"survey.{name}: '{unknown[0]}' is not an issue code; docs/reference/issue_codes.md lists them."
                )
        if self.columns and "received_at" not in self.columns:
            raise ParameterError("survey.columns: 'received_at' is needed.")
        for pair in (("longitude", "latitude"), ("easting", "northing")):
            if len(set(pair) & set(self.columns)) == 1:
                raise ParameterError(f"survey.columns: '{pair[0]}' and '{pair[1]}' go together; one is missing.")
        dates.require_format(self.date_format, "survey.date_format")
        file_content.require_encoding(self.encoding, "survey.encoding")
        if self.repeat_days < 0:
            raise ParameterError(f"survey.repeat_days must be at least 0, got {self.repeat_days}.")
        if self.same_answer_minutes < 0:
            raise ParameterError(f"survey.same_answer_minutes must be at least 0, got {self.same_answer_minutes}.")

    def _codes(self) -> dict[str, list[str]]:
        """Return the issue codes to check, by setting, with the force's own codes replaced by standard ones."""
        given = {"own_issues": self.own_issues, "issues": self.issues, "tick_columns": self.tick_columns,
                 "own_words": self.own_words}  # fmt: skip
        return {name: [self.our_issue(code) if name != "own_issues" else code for code in codes.values()]
                for name, codes in given.items()}  # fmt: skip

    def our_issue(self, code: str) -> str:
        """Return the standard code under which an issue is counted."""
        return self.own_issues.get(code, code)

    @property
    def headings(self) -> tuple[str, ...]:
        """Return every heading that the export must have."""
        return tuple(
            dict.fromkeys((*self.columns.values(), *self.issue_columns, *self.tick_columns, *self.text_columns))
        )

    def matching_share(self, path: Path) -> float:
        """Return the share of the mapped headings that a file has, 0 to 1, ignoring case and punctuation."""
        if not self.headings or path.suffix.lower() not in any_format.SUFFIXES:
            return 0.0
        found = {
            column_scores.plain_words(name) for name in any_format.read_headings(path, self.headings, self.reading)
        }
        wanted = {column_scores.plain_words(name) for name in self.headings}
        return len(wanted & found) / len(wanted)

    def spelt_as_in(self, path: Path) -> "SurveyParams":
        """Return the map with headings as the file spells them, ignoring case and punctuation."""
        found = any_format.read_headings(path, self.headings, self.reading)
        spelt = {column_scores.plain_words(name): name for name in reversed(found)}
        own = {
            name: name if name in found else spelt.get(column_scores.plain_words(name), name) for name in self.headings
        }
        return replace(
            self,
            columns={field: own[name] for field, name in self.columns.items()},
            issue_columns=tuple(own[name] for name in self.issue_columns),
            tick_columns={own[name]: code for name, code in self.tick_columns.items()},
            text_columns=tuple(own[name] for name in self.text_columns),
        )

    @property
    def reading(self) -> Reading:
        """Return the file options of the settings."""
        return Reading(encoding=self.encoding, sheet=self.sheet)
