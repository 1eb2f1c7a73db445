"""Files and settings of two made-up forces with a hostile text in every field that holds text."""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

import geopandas as gpd
import made_up_files as barset
import shapely
import xlsxwriter
from hostile_texts import HOSTILE

from hotspots.town import littleham
from pipelines import settings as force_settings
from pipelines.settings import Settings

# Columns that must hold numbers, dates or words of a closed list, or the row is none; all others are spoilt.
KEPT = {
    "incidents.csv": {"Type", "Recorded", "From", "To", "Easting", "Northing"},
    "survey.csv": {"Submitted", "Postcode", "Longitude", "Latitude", "What worries you most?"},
    "patrol_log.csv": {"Start", "End"},
    "street": {"Month", "Longitude", "Latitude", "Crime type", "Reported by", "Falls within", "LSOA code"},
}
TEXTS = tuple(text for text in HOSTILE if "\x00" not in text)  # a file with NUL bytes is refused as no text
# Teams whose names become names of files.
TEAMS = ("../../etc", "CON", "con", "x" * 300, "a/b", "a\\b:c*?", "NUL.txt", "COM1", " . ", "=1+1", "<b>Tŷ</b>", "شارع")


def spoil(path: Path, kept: set[str]) -> None:
    """Each different value of every other column becomes a hostile text, the same one wherever it stands."""
    heads, rows = read_rows(path)
    for head in set(heads) - kept:
        texts = cycle(TEXTS[len(head) :] + TEXTS[: len(head)])
        values = list(dict.fromkeys(row[head] for row in rows if row[head]))
        is_key = head == heads[0]
        spoilt = {
            value: f"{text}{n} {path.name}" if is_key else text
            for n, (value, text) in enumerate(zip(values, texts, strict=False))
        }
        for row in rows:
            row[head] = spoilt.get(row[head], "")
    write_rows(path, heads, rows)


def spoil_places(path: Path) -> None:
    collection = json.loads(path.read_text(encoding="utf-8"))
    texts = cycle(TEXTS)
    for feature in collection["features"]:
        told = feature["properties"]
        for name in set(told) - {"force", "kind", "valid_from", "valid_to"}:
            told[name] = next(texts) + (str(told[name]) if name == "place_code" else "")
    path.write_text(json.dumps(collection), encoding="utf-8")


def read_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), list(reader)


def write_rows(path: Path, heads: list[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads)
        writer.writeheader()
        writer.writerows(rows)


def as_workbook(path: Path) -> None:
    """A CSV as a workbook of texts in its place."""
    heads, rows = read_rows(path)
    with xlsxwriter.Workbook(path.with_suffix(".xlsx"), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([heads, *([row[head] for head in heads] for row in rows)]):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text)
    path.unlink()


def write_littleham(folder: Path) -> Settings:
    """The town's own files: as many texts as in the demo's, with fewer incidents."""
    params = littleham.TownParams(months=12, hotspots_per_family=3, monthly_asb=150, monthly_others=150)
    littleham.write_town(littleham.build_town(params), folder)
    for name in ("incidents.csv", "survey.csv", "patrol_log.csv"):
        spoil(folder / name, KEPT[name])
    spoil_places(folder / "places.geojson")
    return force_settings.read_settings("littleham")[0]


def write_barset(folder: Path) -> Settings:
    """Published files, and a survey."""
    barset.write_raw(folder)
    barset.write_survey(folder / "lets-talk.csv", TEXTS)
    for path in folder.glob("*/*-barset-street.csv"):
        spoil(path, KEPT["street"])
    return force_settings.from_toml(barset.SETTINGS, "barset.toml")


def write_workbooks_and_layers(folder: Path) -> Settings:
    """Littleham's files as workbooks and GeoPackages, a base map, teams of nasty names, and nasty settings."""
    write_littleham(folder)
    heads, rows = read_rows(folder / "incidents.csv")
    streets = {name: n for n, name in enumerate(dict.fromkeys(row["Location"] for row in rows))}
    for row in rows:
        row["Team"] = TEAMS[streets[row["Location"]] % len(TEAMS)]
    write_rows(folder / "incidents.csv", heads, rows)
    for name in ("incidents.csv", "survey.csv"):
        as_workbook(folder / name)
    places = gpd.read_file(folder / "places.geojson")
    places[~places["kind"].isin(["NPT", "beat"])].to_file(folder / "places.gpkg", layer="places", engine="pyogrio")
    (folder / "places.geojson").unlink()
    west, south, east, north = places.to_crs(27700).total_bounds
    middle = (south + north) / 2
    kinds = cycle(("road", "river", "place"))
    shapes = [shapely.LineString([(west, middle + n), (east, middle - n)]) for n in range(len(TEXTS))]
    base = gpd.GeoDataFrame(
        {"name": TEXTS, "kind": [kind for kind, _ in zip(kinds, TEXTS, strict=False)]}, geometry=shapes, crs=27700
    )
    base.to_file(folder / "base_map.gpkg", engine="pyogrio")
    return _nasty_settings()


def fill_in(folder: Path, report: Path) -> None:
    """Actions, decisions, priorities, confidence and partners' answers about what a report says."""
    texts = cycle(TEXTS)
    _, hotspots = read_rows(report / "hotspots.csv")
    _, areas = read_rows(report / "patrol_areas.csv")
    write_form(folder / "actions.csv", [
        {"action_id": f"{next(texts)} {n}", "hotspot_id": hotspots[n % len(hotspots)]["hotspot_id"],
         "owner": next(texts), "action": next(texts), "started_on": "2026-03-02", "outcome": next(texts),
         "public_text": next(texts)}
        for n in range(len(TEXTS))
    ])  # fmt: skip
    write_form(folder / "priorities.csv", [
        {"priority_id": f"{n}{next(texts)}", "team_name": TEAMS[n % len(TEAMS)], "issue": "burglary",
         "agreed_on": "2026-03-02", "owner": next(texts), "review_on": "2026-06-01"}
        for n in range(len(TEXTS))
    ])  # fmt: skip
    write_form(folder / "decisions.csv", [
        {"decision_id": f"{n}{next(texts)}", "patrol_area_id": area["patrol_area_id"], "place": next(texts),
         "decision": ("rename", "pin", "exclude")[n % 3], "new_name": next(texts), "reason": next(texts),
         "decided_by": next(texts), "until": "2026-12-31"}
        for n, area in enumerate(areas)
    ])  # fmt: skip
    write_form(folder / "confidence.csv", [
        {"wave": f"2026-Q1{next(texts)}", "place_code": TEAMS[n % len(TEAMS)], "question": next(texts), "share": "0.5",
         "respondents": "50"} for n in range(len(TEXTS))
    ])  # fmt: skip
    for path in (report / "referrals").glob("*.csv"):
        heads, rows = read_rows(path)
        answers = {"answered_on": "2026-03-25"} | ({"public_text": next(texts)} if "public_text" in heads else {})
        rows = [row | answers | {"answer": next(texts)} for row in rows]
        write_rows(folder / f"answered-{path.name}", heads, rows)


def write_form(path: Path, rows: list[dict[str, str]]) -> None:
    write_rows(path, list(rows[0]), rows)


def _nasty_settings() -> Settings:
    """Littleham's settings with hostile names of the force, its marking and its partners."""
    text = (Path(force_settings.__file__).parent / "forces" / "littleham.toml").read_text(encoding="utf-8")
    names = _names()
    for name in (
        "Littleham Constabulary (made up)", "OFFICIAL - made-up data", "Littleham Borough Council",
        "Lanternshire County Council", "Saltholme Council",
    ):  # fmt: skip
        assert f'"{name}"' in text
        text = text.replace(f'"{name}"', json.dumps(next(names), ensure_ascii=False))
    return force_settings.from_toml(text, "littleham.toml")


def _names() -> Iterator[str]:
    yield "</title><script>alert(1)</script>\u202e =1+1 {{ 7*7 }} Heddlu Tŷ Gŵyr"
    yield '"><img src=x onerror=alert(1)> OFFICIAL'
    yield '=HYPERLINK("https://example.org")<svg onload=alert(1)>'
    yield "../../../etc/passwd </script>"
    yield "CON"
