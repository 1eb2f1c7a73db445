"""`check` and `init --from`: a map proposed from a file, written into settings that then read the file."""

from pathlib import Path

import made_up_files as barset
import openpyxl
import pytest

from hotspots.errors import ParameterError, SourceError
from hotspots.sources import survey
from hotspots.sources.force_export import export_cells, export_rows
from pipelines import settings
from pipelines.commands import check, init

HEADINGS = ["Occurrence Number", "Type", "Reported", "From", "To", "Easting", "Northing", "Street", "Victim Name"]


def export(folder: Path, name: str = "export.csv", title: str = "", encoding: str = "utf-8") -> Path:
    rows = [
        f"5425{n:05d},Burglary - Residential - of a home,03/09/2025 09:00,0{n % 9 + 1}/08/2025 22:00,,"
        f"{415_000 + n},{184_000 + n},Café Lane,Jo Bloggs"
        for n in range(40)
    ]
    path = folder / name
    path.write_text("\n".join([*([title] if title else []), ",".join(HEADINGS), *rows, ""]), encoding=encoding)
    return path


def checked(path: Path, force: str = "barset") -> tuple[list[str], bool]:
    return check.check_files([path], settings.read_settings(force)[0])


def test_check_proposes_a_map_for_an_unknown_export(tmp_path: Path) -> None:
    lines, is_good = checked(export(tmp_path))
    assert is_good
    assert lines[0].startswith("export.csv: unknown, not used as it is. It looks like a force's export")
    assert 'reference = "Occurrence Number"' in lines and 'northing = "Northing"' in lines
    assert not any("Bloggs" in line or "Lane" in line or "5425" in line for line in lines)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_the_encoding_of_a_file_is_proposed_with_its_map(tmp_path: Path, encoding: str) -> None:
    assert f'encoding = "{encoding}"' in checked(export(tmp_path, encoding=encoding))[0]


def test_check_says_of_other_files_that_they_are_not_used_and_of_broken_ones_why(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    assert checked(tmp_path / "list.csv") == (["list.csv: unknown, not used."], True)
    (tmp_path / "empty.csv").write_text("")
    assert checked(tmp_path / "empty.csv") == (["empty.csv: unknown, not used."], True)
    (tmp_path / "old.xlsx").write_bytes(b"PK\x03\x04 cut off")
    lines, is_good = checked(tmp_path / "old.xlsx")
    assert not is_good
    assert lines[0].startswith("old.xlsx: the workbook is damaged and cannot be opened")


@pytest.mark.parametrize("name", ["export.csv", "export.xlsx"])
def test_init_writes_settings_that_read_the_file_they_came_from(tmp_path: Path, name: str) -> None:
    path = export(tmp_path, title="Run on the first of October")
    if name == "export.xlsx":
        book = openpyxl.Workbook()
        for line in path.read_text().splitlines():
            book.active.append(line.split(","))
        path = tmp_path / name
        book.save(path)
    said = init.start_force("Barset", tmp_path, path)
    assert f"Columns: 7 of {name} are mapped; 0 lines are marked unsure or not found." in said
    made, _ = settings.read_settings(str(tmp_path / "barset.toml"))
    assert made.force_export.columns["committed_from"] == "From"
    raw, _ = export_cells.read_export(path, made.force_export)
    found = export_rows.tidy_incidents(raw, "barset", made.force_export)
    assert (found["reason"] == "").all() and (found["subcategory"] == "residential_home").all()
    assert "Bloggs" not in (tmp_path / "barset.toml").read_text(encoding="utf-8")


SURVEY = (
    "Response No,Completed on,How was this completed?,Your full name,E-mail address,Post Code,Issues - Speeding,"
    "Issues - Dog fouling,Greatest worry,How often does it happen?,Please tell us more about it,Reported to police?,IP"
)


def survey_export(folder: Path, name: str = "matters.csv") -> Path:
    rows = []
    for n in range(60):
        person = ("Ann Other", "Bob Smith", "Cara Jones", "Dev Patel")[n % 4]
        worry = ("Burglary", "Fly-tipping", "Kids on bikes", "Something about Martians")[n % 4]
        told = ("Bikes roar past at night", "Rubbish dumped again by the garages", "They never come when we ring them")[
            n % 3
        ]
        rows.append(
            f"{n + 1},{n % 28 + 1}/09/2025 10:15,{('Online', 'Doorstep')[n % 2]},{person},a{n}@example.org,"
            f"SN{n % 9 + 1} 1AB,{('Yes', 'No')[n % 2]},{('Yes', '')[n % 2]},{worry},{('Daily', 'Weekly')[n % 2]},"
            f"{told},{('Yes', 'No')[n % 2]},10.0.0.{n}"
        )
    path = folder / name
    lines = ["Results of Barset Matters", SURVEY, *rows]
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append(line.split(","))
        book.save(path)
    else:
        path.write_text("\n".join([*lines, ""]))
    return path


@pytest.mark.parametrize("name", ["matters.csv", "matters.xlsx"])
def test_a_survey_s_map_is_proposed_and_settings_made_of_it_read_the_file(tmp_path: Path, name: str) -> None:
    path = survey_export(tmp_path, name)
    lines, is_good = checked(path)
    assert is_good and "It looks like a survey" in lines[0]
    assert 'email = "E-mail address"' in lines and '"Issues - Speeding" = "speeding"' in lines
    assert 'issue_columns = ["Greatest worry"]' in lines and 'text_columns = ["Please tell us more about it"]' in lines
    assert "# left out: 'Your full name' (names)" in lines and "# left out: 'IP' (IP addresses and devices)" in lines
    assert not any(said in line for line in lines for said in ("Ann", "@example", "Martians", "10.0.0"))
    init.start_force("Barset", tmp_path, path)
    made, _ = settings.read_settings(str(tmp_path / "barset.toml"))
    assert made.survey.columns["reported_to_police"] == "Reported to police?" and not made.force_export.columns
    answers, broken = survey.read_answers(path, made.survey, b"key")
    assert (len(answers), broken) == (60, 0) and (answers["reason"] == "").all()
    assert answers["respondent_id"].nunique() == 60
    assert answers["issue"].iloc[0][:3] == ["burglary", "speeding", "dog_fouling"]


def test_a_survey_that_the_settings_do_not_fit_is_refused_with_a_map_of_its_own(tmp_path: Path) -> None:
    lines, is_good = checked(survey_export(tmp_path, "survey.csv"), "wiltshire")
    assert not is_good
    assert lines[0].startswith("survey.csv: the columns 'Response ID'") or "this is a file with other" in lines[0]
    assert "Its headings suggest:" in lines and 'received_at = "Completed on"' in lines


def test_init_refuses_an_example_that_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"--from names '.*gone\.csv', which is not a file"):
        init.start_force("Barset", tmp_path, tmp_path / "gone.csv")
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match=r"list\.csv: the headings are not those of an export of incidents"):
        init.start_force("Barset", tmp_path, tmp_path / "list.csv")
    assert not (tmp_path / "barset.toml").exists()


def test_init_without_an_example_writes_the_template(tmp_path: Path) -> None:
    init.start_force("Barset", tmp_path)
    made, _ = settings.read_settings(str(tmp_path / "barset.toml"))
    assert (made.force.slug, made.force_export.columns) == ("barset", {})


def test_every_commented_setting_of_the_template_is_one(tmp_path: Path) -> None:
    text = settings.TEMPLATE.read_text(encoding="utf-8").replace("{slug}", "barset").replace("{name}", "Barset")
    begin, end = text.index("# [survey]"), text.index("# [patrol_log]")
    lines = [line.removeprefix("# ") for line in text[begin:end].splitlines()]
    block = "\n".join(line for line in lines if line.startswith("[") or " = " in line)
    made = settings.from_toml(text[: text.index("[period]")] + block, "template.toml")
    assert {"origin", "committed_from_time", "easting"} <= set(made.force_export.columns)
    assert {"consent", "email", "street"} <= set(made.survey.columns) and made.survey.own_words


def test_a_list_that_people_keep_is_counted_and_its_faults_are_named_by_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(
        "decision_id,patrol_area_id,decision,reason,until\nd1,a1,exclude,Road works,2026-04-30\n"
        "d2,a2,excluded,Typing error,2026-04-30\nd3,a3,pin,,2026-04-30\n", encoding="utf-8")  # fmt: skip
    assert checked(path) == (
        [
            "decisions.csv: local decisions, 3 rows, 2026-04 to 2026-04; 2 rows: the row cannot be read.",
            "  Row 2: decision: missing, or cannot be read.",
            "  Row 3: reason: missing, or cannot be read.",
        ],
        True,
    )
    path = tmp_path / "actions.csv"
    path.write_text("action_id,owner,action,started_on,ended_on\na1,Sergeant,Stall,2026-03-25,2026-03-01\n",
                    encoding="utf-8")  # fmt: skip
    assert checked(path)[0][1:] == ["  Row 1: it ends before it begins."]


def test_a_file_that_does_not_exist_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"There is no file or folder '.*nofile\.csv'\."):
        checked(tmp_path / "nofile.csv")


def test_init_knows_the_forces_and_starts_from_the_settings_of_the_package(tmp_path: Path) -> None:
    init.start_force("Wiltshire Police", tmp_path)
    packaged = settings.read_settings("wiltshire")[0]
    assert settings.read_settings(str(tmp_path / "wiltshire.toml"))[0] == packaged
    init.start_force("Avon & Somerset", tmp_path)
    made = settings.read_settings(str(tmp_path / "avon-and-somerset.toml"))[0]
    assert made.force.name == "Avon and Somerset Constabulary"


def test_init_puts_a_map_into_the_settings_of_the_package(tmp_path: Path) -> None:
    init.start_force("staffordshire", tmp_path, export(tmp_path))
    made = settings.read_settings(str(tmp_path / "staffordshire.toml"))[0]
    assert made.teams == settings.read_settings("staffordshire")[0].teams
    assert made.force_export.columns["reference"] == "Occurrence Number"


def test_without_a_force_a_file_is_judged_by_itself(tmp_path: Path) -> None:
    incidents = tmp_path / "incidents.csv"
    incidents.write_text("Reference,Type,Recorded,Easting,Northing\n1,Burglary,03/09/2025 10:00,415000,184000\n")
    lines, is_good = check.check_files([incidents])
    assert is_good and lines[0].startswith("incidents.csv: unknown, not used as it is. It looks like a force's export")
    rows = [barset.row(reported_by="Wiltshire Police"), barset.row(reported_by="Wiltshire Police", longitude=1.2)]
    (tmp_path / "2025-09-wiltshire-street.csv").write_text(barset.street_text(rows))
    lines, _ = check.check_files([tmp_path / "2025-09-wiltshire-street.csv"])
    assert "2 rows, 2025-09 to 2025-09; 1 row: " in lines[0] and "outside" in lines[0]


def test_check_names_the_features_that_are_not_used(tmp_path: Path) -> None:
    shape = '{"type": "Polygon", "coordinates": [[[-2, 51], [-1.9, 51], [-1.9, 51.1], [-2, 51]]]}'
    features = [
        f'{{"type": "Feature", "properties": {{"kind": "{kind}", "name": "a"}}, "geometry": {shape}}}'
        for kind in ("beat", "lake")
    ]
    path = tmp_path / "areas.geojson"
    path.write_text(f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}')
    lines, _ = check.check_files([path])
    assert lines[0] == "areas.geojson: outlines and areas, 1 beat."
    assert lines[1].startswith(
        "  areas.geojson: 1 of 2 features are not used (1 feature with an unknown kind, first 'a')"
    )
