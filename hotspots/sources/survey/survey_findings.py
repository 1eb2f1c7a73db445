"""Findings about a survey export, with counts, for the quality page and for `hotspots check`.

Columns are named by their headings; cells are only counted.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from hotspots import findings, wording
from hotspots.sources.file_formats import any_format
from hotspots.sources.survey import personal_data
from hotspots.sources.survey.survey_params import CONTACTS, SurveyParams

MAX_HEADINGS = 12


def file_findings(path: Path, answers: pd.DataFrame, params: SurveyParams) -> list[dict[str, object]]:
    """Return the findings about one survey file, as `findings.finding` makes them.

    Parameters
    ----------
    path
        The file.
    answers
        The answers that `survey.read_answers` read from it.
    params
        The column map.
    """
    params = params.spelt_as_in(path)
    _, cells = any_format.first_cells(path, params.reading)
    name = path.name
    return [*_unread_columns(name, cells, params), *_contacts(name, answers, params), *_texts(name, answers)]


def _unread_columns(name: str, cells: pd.DataFrame, params: SurveyParams) -> list[dict[str, object]]:
    """Return findings about unmapped columns: those with personal data, and the others."""
    mapped = {" ".join(heading.split()) for heading in params.headings}
    rest = cells[[heading for heading in cells.columns if heading not in mapped]]
    kinds = personal_data.kinds_of_columns(rest)
    found = []
    if kinds:
        hold = wording.counted(len(kinds), "column holds", "columns hold")
        were = "was" if len(kinds) == 1 else "were"
        listed = _listed(f"{_quoted(heading)} ({kind})" for heading, kind in kinds.items())
        message = f"{name}: {hold} personal data and {were} left out: {listed}."
        found.append(findings.finding("personal_columns", message, "Nothing in them was stored."))
    others = [heading for heading in rest.columns if heading not in kinds]
    if others:
        are = wording.counted(len(others), "column is", "columns are")
        message = f"{name}: {are} not mapped: {_listed(map(_quoted, others))}."
        action = "It was not read." if len(others) == 1 else "They were not read."
        found.append(findings.finding("unmapped_columns", message, action, "survey.columns"))
    return found


def _contacts(name: str, answers: pd.DataFrame, params: SurveyParams) -> list[dict[str, object]]:
    """Return a finding about mapped contacts."""
    contacts = [params.columns[field] for field in CONTACTS if field in params.columns]
    if not contacts:
        return []
    given = int(answers["respondent_id"].notna().sum())
    give = "gives" if given == 1 else "give"
    total = wording.counted(len(answers), "answer")
    message = f"{name}: {given:,} of {total} {give} a contact in {_listed(map(_quoted, contacts))}."
    action = "Only a keyed hash was kept, to recognise answers from the same respondent."
    return [findings.finding("hashed_contacts", message, action, "survey.columns")]


def _texts(name: str, answers: pd.DataFrame) -> list[dict[str, object]]:
    """Return findings about free text, and about ticked issues that are not on our lists."""
    found = []
    texts, contacts = int(answers["has_text"].sum()), int(answers["has_contact"].sum())
    if texts:
        have = wording.counted(texts, "answer has", "answers have")
        contain = "contains" if contacts == 1 else "contain"
        message = f"{name}: {have} free text; {contacts:,} {contain} an e-mail address or telephone number."
        action = "Only issues, owners and words from our own lists were kept."
        found.append(findings.finding("free_text", message, action, "survey.text_columns"))
    unclear = int(answers["is_unclear"].sum())
    if unclear:
        message = f"{name}: no issue was recognised in {unclear:,} of {texts:,} free-text answers."
        they = "It is" if unclear == 1 else "They are"
        action = f"{they} listed as not classified, and not referred to anybody. Add the words residents use."
        found.append(findings.finding("unclear_texts", message, action, "survey.own_words"))
    by_words, unknown = int(answers["options_by_words"].sum()), int(answers["options_unknown"].sum())
    if by_words or unknown:
        are = wording.counted(by_words + unknown, "ticked issue is", "ticked issues are")
        message = f"{name}: {are} on no list: {by_words:,} recognised by the words, {unknown:,} not classified."
        action = "Map the survey's own words to issue codes."
        found.append(findings.finding("unlisted_issues", message, action, "survey.issues"))
    return found


def _quoted(heading: str) -> str:
    return f"'{heading}'"


def _listed(texts: Iterable[str]) -> str:
    """Return the first texts, and how many more there are."""
    first, *more = [*texts]
    shown = ", ".join([first, *more[: MAX_HEADINGS - 1]])
    return shown if len(more) < MAX_HEADINGS else f"{shown} and {len(more) - MAX_HEADINGS + 1} more"
