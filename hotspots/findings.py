"""Findings: what a run found about its inputs, what it did about it, and which setting decides."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from hotspots import period, surveys, tables, wording


def finding(
    kind: str, finding: str, action: str, setting: str = "", is_open: bool = False, *,
    to_close: str = "", is_seen: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Return one row of the findings table."""
    return {
        "kind": kind, "finding": finding, "action": action, "setting": setting, "is_open": is_open,
        "to_close": to_close, "is_seen": is_seen,
    }  # fmt: skip


def findings_table(findings: list[dict[str, Any]]) -> pd.DataFrame:
    """Return findings as a table (`tables.FINDINGS`), without duplicates, in their order."""
    frame = pd.DataFrame(findings, columns=list(tables.FINDINGS.columns)).drop_duplicates("finding", ignore_index=True)
    frame = frame.fillna({"to_close": "", "is_seen": False})
    return tables.conform(frame.astype({"is_open": "bool", "is_seen": "bool"}), tables.FINDINGS)


def mark_seen(findings: pd.DataFrame, earlier: Collection[str]) -> pd.DataFrame:
    """Return findings with those that the last report had in the same words marked as seen."""
    return findings.assign(is_seen=findings["is_seen"] | findings["finding"].isin(earlier))


def decisions(findings: pd.DataFrame) -> list[dict[str, str]]:
    """Return the open findings, each with what to type to close it."""
    is_open = findings[findings["is_open"]]
    to_close = is_open["to_close"].where(is_open["to_close"] != "", is_open["action"])
    pairs = zip(is_open["finding"], to_close, strict=True)
    return [{"finding": str(finding), "to_close": str(close)} for finding, close in pairs]


def missing_months(counts: pd.DataFrame, window: period.Window) -> list[dict[str, Any]]:
    """Report months of the evidence window without any record: that is missing data, not an absence of crime."""
    recorded = set(counts["month"])
    missing = [month for month in window.months if month not in recorded]
    if not missing:
        return []
    months, has = wording.counted(len(window.months), "month"), "has" if len(missing) == 1 else "have"
    sentence = f"{len(missing)} of the {months} of the evidence window {has} no records: "
    action = "These months are left out, not counted as zero. Rates use the months that have records."
    return [finding("missing_month", f"{sentence}{', '.join(missing)}.", action, "period.window_months")]


def unplaced_answers(concerns: pd.DataFrame) -> list[dict[str, Any]]:
    """Report survey answers without a known place, by team."""
    answer = surveys.answers_of(concerns)
    unplaced = concerns.assign(answer=answer)[concerns["location_precision"] == "unplaced"].drop_duplicates("answer")
    if unplaced.empty:
        return []
    counts = unplaced["team_name"].fillna("no known team").value_counts(sort=False).sort_index()
    has = "has" if len(unplaced) == 1 else "have"
    by_team = "; ".join(f"{team}: {number:,}" for team, number in counts.items())
    sentence = f"{len(unplaced):,} of {answer.nunique():,} survey answers {has} no known place ({by_team})."
    action = (
        "They count for the force and for the team they name, not for an area. Wards, parishes and streets are known "
        "from the files of areas and incidents, postcodes from Code-Point Open."
    )
    return [finding("unplaced_answers", sentence, action)]


def same_answers(count: int, minutes: int) -> list[dict[str, Any]]:
    """Report answers that are identical to another a few minutes before."""
    if not count:
        return []
    are = "answer is" if count == 1 else "answers are"
    sentence = f"{count:,} {are} identical to another that came at most {minutes} minutes before."
    action = "The same issues, texts and location from the same respondent, or from none, count once."
    return [finding("same_answers", sentence, action, "survey.same_answer_minutes")]


def repeated_concerns(count: int, repeat_days: int) -> list[dict[str, Any]]:
    """Report concerns that the same respondent gave more than once."""
    repeats = "concern repeats" if count == 1 else "concerns repeat"
    sentence = f"{count:,} {repeats} an earlier one by the same respondent about the same issue and place."
    action = f"Each counts once in {wording.counted(repeat_days, 'day')}; the first is kept."
    return [finding("repeated_concerns", sentence, action, "survey.repeat_days")] if count else []


def derived_outline(slug: str, has_territory: bool) -> dict[str, Any]:
    """Report that the outline of the force was not given, and is not in the package."""
    if not has_territory:
        sentence = f"{slug} has no territory, so there is no outline."
        return finding("derived_outline", sentence, "Every record with a location is used, wherever it is.")
    sentence = f"No polygon with the property force = '{slug}' was given."
    action = "A cautious outline was drawn around the force's records; in places it extends beyond the real border."
    return finding("derived_outline", sentence, action)


def packaged_outline(slug: str, edge_m: float) -> dict[str, Any]:
    """Report that the simplified outline of the package is used."""
    sentence = (
        f"No polygon with the property force = '{slug}' was given. The simplified outline of the package is used."
    )
    action = (
        f"Records up to {edge_m:g} m outside it count as inside. Give the exact outline with --raw where that matters. "
        "The outline contains OS data, Crown copyright; ONS; OGL v3.0."
    )
    return finding("packaged_outline", sentence, action)


def unused_areas(sentence: str) -> dict[str, Any]:
    """Report features of a file of areas that are not used."""
    action = (
        "Give each polygon the property 'force' (the slug), or 'kind' (beat, NPT, ward, ...) and 'name'; or name the "
        "file after the kind, such as beats.kml."
    )
    return finding("unused_areas", sentence, action)


def public_areas_changed(report: str, before: str, now: str) -> dict[str, Any]:
    """Report that another run, named as the subject of a sentence, published its figures for another kind of area."""
    return finding(
        "public_areas_changed",
        f"{report} gives its public figures by {before}, this one by {now}.",
        f"Figures for two kinds of areas can be subtracted from one another, so months published by {before} are left "
        "out. If none of them was ever published, delete the stored days of those reports.",
        "public.areas",
    )


def unused_street_files(slug: str, is_unused: bool) -> list[dict[str, Any]]:
    """Report that street files are not used because there is an export of the force."""
    sentence = f"The inputs include both the force's own export and street files of {slug}."
    action = "Only the export is used, because both contain the same incidents."
    return [finding("unused_street_files", sentence, action)] if is_unused else []


def unchecked_teams(is_unchecked: bool) -> list[dict[str, Any]]:
    """Report that the settings contain teams that the force has not confirmed."""
    sentence = "The settings file marks some teams as not checked with the force."
    action = "They are used as they are. Correct them in the settings."
    return [finding("unchecked_teams", sentence, action, "teams")] if is_unchecked else []


def shared_district(sentence: str) -> dict[str, Any]:
    """Report that several teams share a district and its wards do not separate them everywhere."""
    action = (
        "Records outside the wards of every team are listed under the names of all the district's teams. Give the "
        "district's wards with --raw, or correct the lists of wards in the settings."
    )
    return finding("shared_district", sentence, action, "teams.wards")


def unknown_areas(list_name: str, names: list[str]) -> list[dict[str, Any]]:
    """Report rows of a local list about areas that are not known."""
    if not names:
        return []
    shown = "; ".join(f"'{name[:40]}'" for name in names[:5]) + ("; ..." if len(names) > 5 else "")
    sentence = f"{list_name[0].upper()}{list_name[1:]} name unknown areas ({len(names):,}): {shown}."
    action = "They are listed as written, without a team. Use the names or codes of teams, wards or parishes."
    return [finding("unknown_area", sentence, action)]


def unmatched_places(sentence: str) -> dict[str, Any]:
    """Report that a list of places does not match the polygons."""
    return finding("place_names", sentence, "A list gives names and dates to areas whose polygons are in --raw.")


def personal_data_removed(file: str, cells: int, placeholder: str) -> list[dict[str, Any]]:
    """Report cells of a local list from which personal details were removed."""
    noun = "cell" if cells == 1 else "cells"
    sentence = f"{file}: {cells:,} {noun} contained a contact, a name after a rank or title, or the number of a home."
    action = f"It was removed before anything was stored: '{placeholder}' or 'an officer' stands in its place."
    return [finding("personal_data", sentence, action)] if cells else []


def shared_references(counts: pd.DataFrame) -> list[dict[str, Any]]:
    """Report rows that are the same offence as another row, and offences that share a reference, by category.

    Parameters
    ----------
    counts
        `repeated` rows and `distinct` offences by category.
    """
    found = []
    repeated, distinct = (counts.loc[counts[name] > 0, name] for name in ("repeated", "distinct"))
    if len(repeated):
        rows = "row is" if repeated.sum() == 1 else "rows are"
        sentence = f"{repeated.sum():,} {rows} an offence that another row has already: {_by_category(repeated)}."
        action = "Reference, type, place and day or month are the same. Of each offence the latest update counts."
        found.append(finding("repeated_offences", sentence, action))
    if len(distinct):
        sentence = f"{distinct.sum():,} offences share their reference with another one: {_by_category(distinct)}."
        action = "Type, place or day differ, so all of them count. The identifiers of all but the first are extended."
        found.append(finding("shared_references", sentence, action))
    return found


def _by_category(counts: pd.Series) -> str:
    """Return counts of categories in words, the largest first."""
    ordered = counts.sort_index().sort_values(ascending=False, kind="stable")
    return ", ".join(f"{_in_words(str(category))} {number:,}" for category, number in ordered.items())


def _in_words(category: str) -> str:
    return "ASB" if category == "asb" else category.replace("_", " ")


def replaced_release(month: str, name: str, changes: str) -> dict[str, Any]:
    """Report a month that is in two files with different rows; `name` is the file that is used."""
    return finding("replaced_release", f"{month} is in two releases; {changes}.", f"The rows of {name} are used.")
