"""Findings: what a run noticed about its inputs, what it did about it, and which setting decides."""

from datetime import date

import pandas as pd

from hotspots import period, tables


def finding(kind: str, finding: str, action: str, setting: str = "", is_open: bool = False) -> dict:
    """One row of the findings table."""
    return {"kind": kind, "finding": finding, "action": action, "setting": setting, "is_open": is_open}


def findings_table(findings: list[dict]) -> pd.DataFrame:
    """Findings as a table (`tables.FINDINGS`), each once, in the order in which they came."""
    frame = pd.DataFrame(findings, columns=list(tables.FINDINGS.columns)).drop_duplicates("finding", ignore_index=True)
    return tables.conform(frame.astype({"is_open": "bool"}), tables.FINDINGS)


def missing_months(counts: pd.DataFrame, window: period.Window) -> list[dict]:
    """Months of the evidence window without a single record: no data, which is not no crime."""
    there = set(counts["month"])
    missing = [month for month in window.months if month not in there]
    if not missing:
        return []
    months = ", ".join(missing)
    said = f"No records at all for {len(missing)} of the {len(window.months)} months of the evidence window: {months}."
    done = "The months are left out, not counted as quiet; rates rest on the months that are there."
    return [finding("missing_month", said, done, "period.window_months")]


def unrecognised_types(counts: pd.DataFrame) -> list[dict]:
    """Records whose type nobody mapped."""
    strange = int(counts.loc[counts["category"] == "unrecognised", "incidents"].sum())
    said = f"{strange:,} records have a type that no setting maps."
    done = "They are kept and counted as 'unrecognised', and never scored."
    return [finding("unrecognised_type", said, done, "force_export.categories")] if strange else []


def unplaced_answers(concerns: pd.DataFrame) -> list[dict]:
    """Answers that name no place, by the team that they name."""
    answer = concerns["concern_id"].str.replace(r"-[^-]*$", "", regex=True)
    unplaced = concerns.assign(answer=answer)[concerns["location_precision"] == "unplaced"].drop_duplicates("answer")
    if unplaced.empty:
        return []
    counts = unplaced["team_name"].fillna("no team that is known").value_counts(sort=False).sort_index()
    by_team = ", ".join(f"{number:,} of {team}" for team, number in counts.items())
    said = f"{len(unplaced):,} of {answer.nunique():,} survey answers name no place that is known: {by_team}."
    done = "They count for the force and the team they name, not for any area. Wards, parishes and streets are known "
    done += "by the files of areas and incidents, postcodes by Code-Point Open."
    return [finding("unplaced_answers", said, done)]


def repeated_worries(count: int, repeat_days: int) -> list[dict]:
    """Worries that a respondent told before."""
    said = f"{count:,} worries were told again by the same respondent, of the same issue and place."
    done = f"Each counts once in {repeat_days} days; the first one is kept."
    return [finding("repeated_worries", said, done, "survey.repeat_days")] if count else []


def derived_outline(slug: str) -> dict:
    """No outline was given."""
    return finding(
        "derived_outline",
        f"No polygon with the property force = '{slug}' was given.",
        "A cautious outline was drawn around the force's own records; it reaches beyond the real border in places.",
    )


def public_areas_changed(day: date, before: str, now: str) -> dict:
    """Public figures of an earlier run are by another kind of areas."""
    return finding(
        "public_areas_changed",
        f"The report of {day} gives its public figures by {before}, this one by {now}.",
        f"Figures by two kinds of areas can be subtracted, so months that were given by {before} are left out. If none "
        "of them was ever published, remove the stored days of those reports.",
        "public.areas",
    )


def street_files_left(slug: str) -> dict:
    """Both the force's export and its street files are there."""
    return finding(
        "street_files_left",
        f"Both the force's own export and street files of {slug} are among the inputs.",
        "Only the export is used: both tell of the same incidents.",
    )


def unchecked_teams() -> dict:
    """The settings name teams nobody has confirmed."""
    return finding(
        "unchecked_teams",
        "The settings file marks some of the teams as not checked with the force.",
        "They are used as they stand; correct them in the settings.",
        "teams",
    )


def shared_district(said: str) -> dict:
    """Several teams share a district, and its wards do not tell them apart everywhere."""
    done = "Records there that lie in no team's wards stand under the names of all its teams. Give the wards of the "
    done += "district with --raw, or correct the lists of wards in the settings."
    return finding("shared_district", said, done, "teams.wards")


def unknown_areas(says: str, names: list[str]) -> list[dict]:
    """Rows of a list that people keep about areas that are none of ours."""
    if not names:
        return []
    shown = "; ".join(f"'{name[:40]}'" for name in names[:5]) + ("; ..." if len(names) > 5 else "")
    said = f"{says[0].upper()}{says[1:]} name areas that are not known ({len(names):,}): {shown}."
    done = "They are listed as they are written, for no team. Name areas as the teams, wards or parishes are named, "
    done += "or by their codes."
    return [finding("unknown_area", said, done)]


def place_names(said: str) -> dict:
    """A list of places does not fit the polygons."""
    return finding("place_names", said, "A list gives names and dates to areas whose polygons are given with --raw.")


def replaced_release(month: str, release: str, changes: str) -> dict:
    """A month was downloaded twice, in different releases."""
    return finding(
        "replaced_release", f"{month} stands in two releases; {changes}.", f"The newer one ({release}) is used."
    )
