"""What is odd about a survey's export, in sentences with counts: for the quality page and for `hotspots check`.

Columns are named by their headings; of what stands in them nothing is said but how often.
"""

from pathlib import Path

import pandas as pd

from hotspots import findings
from hotspots.sources.file_formats import any_format
from hotspots.sources.survey import personal_data
from hotspots.sources.survey.survey_params import CONTACTS, SurveyParams

MOST_HEADINGS = 12


def notice(path: Path, answers: pd.DataFrame, params: SurveyParams) -> list[dict]:
    """Findings about one survey file, as `findings.finding` makes them.

    Parameters
    ----------
    path
        The file.
    answers
        As `survey.read_answers` gave them.
    params
        The map.
    """
    params = params.spelt_as_in(path)
    _, cells = any_format.first_cells(path, params.reading)
    return [*_left_out(path.name, cells, params), *_hashed(path.name, answers, params), *_told(path.name, answers)]


def _left_out(name: str, cells: pd.DataFrame, params: SurveyParams) -> list[dict]:
    """Columns that are not read: those with personal data, and the others."""
    mapped = {" ".join(heading.split()) for heading in params.headings}
    rest = cells[[heading for heading in cells.columns if heading not in mapped]]
    kinds = personal_data.kinds_of_columns(rest)
    found = []
    if kinds:
        listed = ", ".join(f"'{heading}' ({kind})" for heading, kind in list(kinds.items())[:MOST_HEADINGS])
        said = f"{name}: {_columns(kinds)} personal data and {_were(kinds)} left out: {listed}{_more(kinds)}."
        found.append(findings.finding("personal_columns", said, "Nothing of them was stored."))
    others = [heading for heading in rest.columns if heading not in kinds]
    if others:
        listed = ", ".join(f"'{heading}'" for heading in others[:MOST_HEADINGS])
        said = f"{name}: columns not mapped, {len(others)}: {listed}{_more(others)}."
        found.append(findings.finding("unmapped_columns", said, "They were not read.", "survey.columns"))
    return found


def _hashed(name: str, answers: pd.DataFrame, params: SurveyParams) -> list[dict]:
    """Contacts and free text: what was made of them."""
    found = []
    contacts = [params.columns[field] for field in CONTACTS if field in params.columns]
    if contacts:
        listed = ", ".join(f"'{heading}'" for heading in contacts)
        given = int(answers["respondent_id"].notna().sum())
        said = f"{name}: {given:,} of {len(answers):,} answers give a contact in {listed}."
        done = "Only a keyed hash of it was kept, which tells a respondent's answers from others'."
        found.append(findings.finding("hashed_contacts", said, done, "survey.columns"))
    texts = int(answers["has_text"].sum())
    if texts:
        holds = int(answers["has_contact"].sum())
        said = (
            f"{name}: {texts:,} answers have free text, {holds:,} of them with an e-mail address or telephone number."
        )
        done = "Of the text only issues, owners and words of our own lists were kept."
        found.append(findings.finding("free_text", said, done, "survey.text_columns"))
    return found


def _told(name: str, answers: pd.DataFrame) -> list[dict]:
    """Issues that were told from words, and those that could not be."""
    found = []
    unclear = int(answers["is_unclear"].sum())
    if unclear:
        said = (
            f"{name}: {unclear:,} of {int(answers['has_text'].sum()):,} answers in free text do not tell their issue."
        )
        found.append(findings.finding("unclear_texts", said, "They count as 'other'.", "survey.own_words"))
    told, unknown = int(answers["options_told"].sum()), int(answers["options_unknown"].sum())
    if told or unknown:
        ticked = "1 ticked issue is" if told + unknown == 1 else f"{told + unknown:,} ticked issues are"
        said = f"{name}: {ticked} on no list; for {told:,} of {told + unknown:,} the words tell which is meant."
        done = f"{unknown:,} count as 'other'. Map the survey's own words to be sure."
        found.append(findings.finding("unlisted_issues", said, done, "survey.issues"))
    return found


def _columns(kinds: dict[str, str]) -> str:
    return "1 column holds" if len(kinds) == 1 else f"{len(kinds)} columns hold"


def _were(kinds: dict[str, str]) -> str:
    return "was" if len(kinds) == 1 else "were"


def _more(listed: object) -> str:
    count = len(listed) - MOST_HEADINGS  # type: ignore[arg-type]
    return f" and {count} more" if count > 0 else ""
