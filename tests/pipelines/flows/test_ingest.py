"""Every row of every file is kept or set aside, and what is kept is the force's own or marked as not."""

import dataclasses
from datetime import date
from pathlib import Path

import geopandas as gpd
import made_up_files as barset
import pandas as pd
import pytest
import shapely

from hotspots import crs, quality
from hotspots.errors import ParameterError, SourceError
from pipelines import settings as force_settings
from pipelines.flows.ingest import ingest
from pipelines.settings import Settings
from pipelines.storage.store import Store

SEPTEMBER = date(2025, 9, 30)


def run(settings: Settings, raw: Path, tmp_path: Path, as_of: date | None = SEPTEMBER) -> Store:
    return ingest(settings, (raw,), tmp_path / "processed", as_of)


def kinds_of(store: Store) -> list[str]:
    return store.read("findings")["kind"].tolist()


# inputs


def test_nothing_at_all_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(SourceError, match="There are no files for barset in the raw folders"):
        run(settings, tmp_path / "raw", tmp_path)


def test_only_other_forces_files_are_refused_and_named(settings: Settings, tmp_path: Path) -> None:
    barset.write_month(tmp_path / "raw", "2025-09", "loamshire")
    with pytest.raises(
        SourceError, match=r"no incident file of barset among the 1 file \(there are street files of loamshire"
    ):
        run(settings, tmp_path / "raw", tmp_path)


def test_a_day_before_all_months_is_refused_with_a_day_that_would_do(
    settings: Settings, raw: Path, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=r"the months are 2025-07 to 2025-09\. Choose an --as-of from 2025-07-31 on"):
        run(settings, raw, tmp_path, date(2019, 12, 31))


def test_a_day_long_after_every_dated_row_is_refused_with_the_last_day(settings: Settings, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    text = "Ref,Type,Recorded,Lon,Lat,Place\n1,Nuisance,03/09/2025 10:00,-1.785,51.558,Mill Lane\n"
    (raw / "export.csv").write_text(text, encoding="utf-8")
    run(settings, raw, tmp_path, date(2025, 10, 4))
    with pytest.raises(ParameterError, match=r"the last incident of barset \(2025-09-03\)\. Use --as-of 2025-09-03"):
        run(settings, raw, tmp_path, date(2025, 10, 5))


def test_a_day_before_every_dated_row_is_refused(settings: Settings, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    text = "Ref,Type,Recorded,Lon,Lat,Place\n1,Nuisance,03/09/2025 10:00,-1.785,51.558,Mill Lane\n"
    (raw / "export.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="No incident of barset on or before 2025-08-31 can be used"):
        run(settings, raw, tmp_path, date(2025, 8, 31))


def test_too_many_rows_set_aside_stop_the_run_before_anything_is_stored(settings: Settings, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    rows = [barset.row()] * 6 + [barset.row(longitude="", latitude="")] * 4
    barset.write_month(raw, "2025-09", rows=rows)
    said = r"40 % of the .* max_set_aside_share = 25 % allows. Most common reason: .* \(4 rows\)"
    with pytest.raises(SourceError, match=said):
        run(settings, raw, tmp_path)
    assert not list((tmp_path / "processed").rglob("2025-09-30"))


# answers


def test_every_row_of_every_file_is_kept_or_set_aside(ingested: Store, settings: Settings) -> None:
    tally = ingested.read("tally")
    own = {f"{month}-barset-street.csv": len(barset.month_rows(month)) for month in barset.MONTHS}
    totals = quality.file_totals(tally).set_index("file")
    assert totals["rows_in"].to_dict() == own | {"lets-talk.csv": 3}
    assert (totals["rows_in"] == totals["rows_kept"] + totals["rows_set_aside"]).all()
    months = tally.drop_duplicates(["file", "month"]).set_index(["file", "month"])
    aside = tally.groupby(["file", "month"])["rows_set_aside"].sum()
    assert (months["rows_in"] - months["rows_kept"]).to_dict() == aside.to_dict()
    street = tally[tally["file"].str.contains("street")]
    assert street.groupby("reason")["rows_set_aside"].sum().to_dict() == {
        "no_coordinates": 3, "outside_force": 3, "repeated_id": 3,
    }  # fmt: skip


def test_every_row_set_aside_is_listed_by_its_number_in_the_file(ingested: Store) -> None:
    listed = ingested.read("quality")
    rows = {f"{month}-barset-street.csv": barset.month_rows(month) for month in barset.MONTHS}
    for line in listed[listed["source"].str.contains("street")].itertuples():
        row = rows[line.file][line.row - 1]
        assert (line.reason == "no_coordinates") == (row["Longitude"] == "")
        if line.reason == "repeated_id":
            assert sum(row["Crime ID"] == other["Crime ID"] for other in rows[line.file]) == 2
    per_file = listed.groupby(["file", "reason"]).size().to_dict()
    tally = ingested.read("tally").query("reason != ''")
    assert per_file == tally.groupby(["file", "reason"])["rows_set_aside"].sum().to_dict()
    text = (ingested.day_folder / "rows_set_aside.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "source,file,row,column,reason" and len(text.splitlines()) == len(listed) + 1


def test_rows_with_cells_too_many_are_listed_where_they_stand(settings: Settings, tmp_path: Path) -> None:
    barset.write_month(tmp_path / "raw", "2025-09", rows=[barset.row() for _ in range(9)])
    path = next((tmp_path / "raw").rglob("2025-09-barset-street.csv"))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] += ",more"
    lines[6] = lines[6].replace("2025-09", "September")
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    listed = run(settings, tmp_path / "raw", tmp_path).read("quality")
    assert listed[["row", "reason"]].to_numpy().tolist() == [[3, "unreadable"], [6, "unreadable"]]


def test_the_tally_agrees_with_the_rows_that_are_stored(ingested: Store) -> None:
    incidents = ingested.read("incidents")
    street = ingested.read("tally").query("file.str.contains('street')").drop_duplicates("file").set_index("month")
    assert incidents[incidents["is_own_force"]].groupby("month").size().to_dict() == street["rows_kept"].to_dict()
    assert len(ingested.read("concerns")) == 3


def test_an_offence_that_is_in_two_rows_counts_once_and_is_reported_by_type(ingested: Store) -> None:
    rows = barset.month_rows("2025-09")
    assert len([row for row in rows if row["Crime ID"] == rows[-3]["Crime ID"]]) == 2
    assert (ingested.read("incidents")["incident_id"] == rows[-3]["Crime ID"]).sum() == 1
    found = ingested.read("findings").set_index("kind").loc["repeated_offences", "finding"]
    assert found == "3 rows are an offence that another row has already: drugs 3."


def test_identical_asb_rows_are_all_kept(ingested: Store) -> None:
    rows = [row for month in barset.MONTHS for row in barset.month_rows(month) if row["Crime type"].startswith("Anti")]
    assert len({tuple(row.values()) for row in rows}) < len(rows)
    kept = ingested.read("incidents").query("category == 'asb' and is_own_force")
    assert len(kept) == len(rows)
    assert kept["incident_id"].is_unique


def test_a_neighbour_s_rows_just_over_the_border_are_kept_marked_and_not_tallied(ingested: Store) -> None:
    incidents, outline = ingested.read("incidents"), ingested.read("places").geometry.iloc[0]
    neighbours = incidents[~incidents["is_own_force"]]
    assert len(neighbours) > 0 and set(neighbours["force"]) == {"loamshire"}
    assert neighbours["incident_id"].str.startswith("loamshire-").all()
    distance = shapely.distance(outline, neighbours.geometry.to_numpy())
    assert (distance > 0).all() and (distance <= 1_000).all()
    assert shapely.intersects(outline, incidents[incidents["is_own_force"]].geometry.to_numpy()).all()
    assert not ingested.read("tally")["file"].str.contains("loamshire").any()


def test_a_force_that_names_no_neighbour_reads_none(settings: Settings, raw: Path, tmp_path: Path) -> None:
    alone = dataclasses.replace(settings, force=dataclasses.replace(settings.force, neighbours=()))
    assert run(alone, raw, tmp_path).read("incidents")["is_own_force"].all()


def test_a_given_outline_is_the_force_s_and_its_missing_months_are_named(ingested: Store) -> None:
    places = ingested.read("places")
    assert places[["place_code", "kind", "name"]].to_numpy().tolist() == [["barset", "force", "Barset Constabulary"]]
    assert kinds_of(ingested) == ["untested_month", "missing_month", "personal_columns", "repeated_offences"]
    assert "9 of the 12 months" in ingested.read("findings")["finding"].iloc[1]


def test_without_an_outline_a_cautious_one_is_drawn_and_said(settings: Settings, raw: Path, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    for month in barset.MONTHS:
        barset.write_month(folder, month)
    store = run(settings, folder, tmp_path)
    assert "derived_outline" in kinds_of(store)
    outline = store.read("places").geometry.iloc[0]
    assert not outline.contains(shapely.Point(*crs.to_grid(1.2, 52.6)))
    reasons = store.read("tally").groupby("reason")["rows_set_aside"].sum()
    assert reasons["outside_force"] == 3


def test_the_force_s_own_export_stands_in_for_its_street_files(settings: Settings, raw: Path, tmp_path: Path) -> None:
    folder = barset.write_raw(tmp_path / "raw")
    lines = [f"R{number},Nuisance,0{1 + number % 9}/09/2025 10:00,-1.785,51.558,Mill Lane" for number in range(40)]
    lines += ["R1,Nuisance,01/09/2025 10:00,-1.785,51.558,Mill Lane", "R99,Nuisance,31/09/2025 10:00,-1.785,51.558,x"]
    text = "\n".join(["Ref,Type,Recorded,Lon,Lat,Place", *lines, ""])
    (folder / "export.csv").write_text(text, encoding="utf-8")
    store = run(settings, folder, tmp_path)
    incidents = store.read("incidents")
    assert set(incidents.loc[incidents["is_own_force"], "source"].astype("str")) == {"force_export"}
    assert set(incidents.loc[~incidents["is_own_force"], "source"].astype("str")) == {"police_uk"}
    assert "unused_street_files" in kinds_of(store)
    tally = store.read("tally")
    assert quality.file_totals(tally).set_index("file")["rows_in"].to_dict() == {"export.csv": 42, "lets-talk.csv": 3}
    reasons = tally[tally["file"] == "export.csv"].set_index("reason")["rows_set_aside"]
    assert {name: int(rows) for name, rows in reasons.items() if name} == {"repeated_id": 1, "unreadable": 1}


def test_without_a_day_the_latest_month_decides(settings: Settings, raw: Path, tmp_path: Path) -> None:
    assert run(settings, raw, tmp_path, None).as_of == SEPTEMBER


def test_nothing_later_than_the_day_is_read(settings: Settings, raw: Path, tmp_path: Path) -> None:
    store = run(settings, raw, tmp_path, date(2025, 8, 31))
    assert sorted(store.read("incidents")["month"].unique()) == ["2025-07", "2025-08"]
    assert set(store.read("tally").query("file.str.contains('street')")["month"]) == {"2025-07", "2025-08"}


def test_every_file_is_in_the_manifest_used_or_not(ingested: Store, raw: Path) -> None:
    listed = {file["name"]: file["not_used"] for file in ingested.read_facts("ingest")["inputs"]}
    assert set(listed) == {path.name for path in raw.rglob("*") if path.is_file()}
    assert {name for name, reason in listed.items() if reason} == {"notes.docx"}


def test_rows_with_too_few_cells_are_counted_as_unreadable(settings: Settings, tmp_path: Path) -> None:
    path = barset.write_month(tmp_path / "raw", "2025-09", rows=[barset.row()] * 30)
    path.write_text(path.read_text(encoding="utf-8") + "half,a,row\n", encoding="utf-8")
    tally = run(settings, tmp_path / "raw", tmp_path).read("tally")
    counted = tally[["rows_in", "rows_kept", "reason", "rows_set_aside"]]
    assert counted.to_numpy().tolist() == [[31, 30, "unreadable", 1]]


# promises


def test_the_order_of_rows_and_the_folders_do_not_matter(
    settings: Settings, raw: Path, ingested: Store, tmp_path: Path
) -> None:
    for path in sorted(raw.rglob("*-street.csv")):
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw" / path.name).write_text("".join([head, *rows[::-1]]), encoding="utf-8")
    for name in ("outlines.geojson", "lets-talk.csv"):
        (tmp_path / "raw" / name).write_bytes((raw / name).read_bytes())
    store = run(settings, tmp_path / "raw", tmp_path)
    for name in ("incidents", "concerns", "places", "tally", "visits"):
        there = gpd.GeoDataFrame(store.read(name))
        pd.testing.assert_frame_equal(there, gpd.GeoDataFrame(ingested.read(name)))


def test_each_force_without_an_outline_has_the_right_one(tmp_path: Path) -> None:
    places = {"city-of-london": (-0.09, 51.513), "northern-ireland": (-5.93, 54.6), "btp": (-1.785, 51.558)}
    kept, area = {}, {}
    for slug, (x, y) in places.items():
        here = [barset.row(longitude=x + n / 1e4, latitude=y, reported_by=slug) for n in range(40)]
        far = [barset.row(longitude=lon, latitude=lat, reported_by=slug) for lon, lat in ((-3.2, 55.95), (-5.5, 50.1))]
        raw = barset.write_month(tmp_path / slug, "2025-09", slug, [*here, *far]).parent
        store = ingest(force_settings.read_settings(slug)[0], (raw,), tmp_path / "processed", SEPTEMBER)
        kept[slug] = int(store.read("tally")["rows_kept"].sum())
        force = store.read("places").query("kind == 'force'")
        area[slug] = force.geometry.area.sum() / 1e6
        assert force["name"].tolist() == [force_settings.read_settings(slug)[0].force.name]
    assert kept == {"city-of-london": 40, "northern-ireland": 40, "btp": 42}
    assert area["city-of-london"] < 5
