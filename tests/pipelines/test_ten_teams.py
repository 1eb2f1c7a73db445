"""Staffordshire's ten policing teams on real records: two of them share a city and are told apart by its wards."""

import random
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from pipelines import settings as force_settings
from pipelines.flows.ingest import ingest
from pipelines.flows.task import task
from pipelines.storage.store import Store

SEPTEMBER = date(2025, 9, 30)
CITY = "E06000021"
TEAMS = {
    "Leek LPT (Moorlands)", "Hanley LPT (Stoke North)", "Longton LPT (Stoke South)", "Newcastle LPT", "Stafford LPT",
    "Burton LPT", "Codsall LPT (South Staffs)", "Cannock LPT", "Lichfield LPT", "Tamworth LPT",
}  # fmt: skip
JOINT = "Hanley LPT (Stoke North) and Longton LPT (Stoke South)"


def made_up_survey(path: Path, streets: pd.DataFrame) -> Path:
    """Answers from where records are, worried about ASB in the evening; few from two districts, none from Tamworth."""
    rng = random.Random(7)
    lines = [
        "Response ID,Date submitted,Channel,Postcode,Ward,How often does this happen?,When does this happen?,"
        "Have you reported this to the police?,Issue 1,Issue 2,Issue 3,Lon,Lat"
    ]
    for number, row in enumerate(streets.itertuples()):
        keep = {"Tamworth": 0.0, "East Staffordshire": 0.03, "Staffordshire Moorlands": 0.03}
        if rng.random() < keep.get(row.district, 0.4):
            issue = rng.choice(["ASB", "ASB", "Speeding", "Litter"])
            when = rng.choice(["Evening", "Evening", "Night"])
            lines.append(
                f"R{number},{rng.randint(1, 29):02d}/09/2025 18:00,Online,,,Weekly,{when},No,{issue},,,{row.x},{row.y}"
            )
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def street(shared_data: Path) -> Path:
    path = shared_data / "police_uk" / "2025-09" / "2025-09-staffordshire-street.csv"
    if not path.is_file():
        pytest.skip(f"no real data: {path} is missing")
    return path


@pytest.fixture(scope="module")
def survey(street: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = pd.read_csv(street).dropna(subset=["Longitude", "LSOA name"])
    rows = rows.assign(district=rows["LSOA name"].str.rsplit(" ", n=1).str[0], x=rows["Longitude"], y=rows["Latitude"])
    return made_up_survey(tmp_path_factory.mktemp("survey") / "survey.csv", rows[rows["district"] != "Walsall"])


def run(street: Path, survey: Path, folder: Path, *more: Path) -> Store:
    text = (force_settings.FORCES / "staffordshire.toml").read_text(encoding="utf-8")
    text = text.replace("[survey.columns]\n", '[survey.columns]\nlongitude = "Lon"\nlatitude = "Lat"\n')
    settings = force_settings.from_toml(text, "staffordshire.toml")
    outline = street.parents[2] / "boundaries" / "force_areas.geojson"
    return task(settings, ingest(settings, (street, survey, outline, *more), folder, SEPTEMBER))


@pytest.fixture(scope="module")
def with_wards(shared_data: Path, street: Path, survey: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    wards = shared_data / "boundaries" / "ward" / f"{CITY}.geojson"
    return run(street, survey, tmp_path_factory.mktemp("ten"), wards)


def test_every_ward_of_the_city_is_one_team_s(with_wards: Store, shared_data: Path) -> None:
    assert "shared_district" not in with_wards.read("findings")["kind"].tolist()
    settings = force_settings.read_settings("staffordshire")[0]
    listed = [ward for team in settings.teams for ward in team.wards]
    wards = gpd.read_file(shared_data / "boundaries" / "ward" / f"{CITY}.geojson")
    assert sorted(listed) == sorted(wards["WD25NM"])
    assert not any(team.is_checked for team in settings.teams if team.wards)


def test_each_record_of_the_city_is_its_ward_s_team_s(with_wards: Store, shared_data: Path) -> None:
    incidents = with_wards.read("incidents")
    own = incidents[incidents["is_own_force"]]
    assert set(own["team_name"].dropna()) == TEAMS
    settings = force_settings.read_settings("staffordshire")[0]
    team_of = {ward: team.name for team in settings.teams for ward in team.wards}
    wards = gpd.read_file(shared_data / "boundaries" / "ward" / f"{CITY}.geojson").to_crs(27700)
    joined = own.sjoin(wards[["WD25NM", "geometry"]], predicate="within")
    joined = joined[~joined.index.duplicated(keep=False)]
    assert len(joined) > 2_000
    assert (joined["team_name"] == joined["WD25NM"].map(team_of)).all()


def test_each_of_the_ten_teams_has_suggestions_with_a_time(with_wards: Store) -> None:
    suggested = with_wards.read("engagement")
    assert set(suggested["team_name"]) == TEAMS
    assert suggested.groupby("team_name").size().max() <= 4
    # Records give only the month, so the hour comes from residents; nobody reports when shops are busy.
    times = suggested.set_index("team_name")["day_and_time"]
    areas = suggested[
        suggested["way"].isin(["door_to_door", "walk_and_talk"]) & (suggested["team_name"] != "Tamworth LPT")
    ]
    evening = "in the evening (17:00 to 22:00), according to residents"
    assert len(areas) and (areas["day_and_time"] == evening).mean() > 0.9
    assert set(times[suggested["way"].eq("high_street").to_numpy()]) == {"Not known: records give only the month"}
    few = suggested[suggested["team_name"] == "Tamworth LPT"]["reason"]
    assert few.str.startswith("No answers from this area").all()


def test_without_the_wards_the_two_teams_stand_as_one(street: Path, survey: Path, tmp_path: Path) -> None:
    store = run(street, survey, tmp_path)
    findings = store.read("findings").set_index("kind")["finding"]
    assert "no file has the wards of Stoke-on-Trent" in findings["shared_district"]
    incidents = store.read("incidents")
    assert JOINT in set(incidents["team_name"]) and not {"Hanley LPT (Stoke North)"} & set(incidents["team_name"])
    assert JOINT in set(store.read("engagement")["team_name"])
