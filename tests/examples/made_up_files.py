"""Raw files of a made-up force, Barset, and of its neighbour Loamshire to the east, small enough to run in a second."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

COLUMNS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name",
    "Crime type", "Last outcome category", "Context",
)  # fmt: skip
MONTHS = ("2025-07", "2025-08", "2025-09")
# The border between the two runs along this meridian; a degree of longitude is about 69 km here.
BORDER = -1.70
FORCES = {"barset": (-1.90, 51.48, BORDER, 51.64), "loamshire": (BORDER, 51.48, -1.50, 51.64)}
CENTRES = {
    "Anti-social behaviour": [(-1.785, 51.558), (-1.82, 51.55), (-1.704, 51.57)],
    "Burglary": [(-1.80, 51.57), (-1.83, 51.53)],
}
SETTINGS = """
[force]
slug = "barset"
name = "Barset Constabulary"
neighbours = ["loamshire"]

[survey]
name = "talk"
issue_columns = ["Worry"]
[survey.columns]
response_id = "Answer"
received_at = "Submitted"
ward = "Ward"
longitude = "Lon"
latitude = "Lat"
frequency = "How often"

[force_export.columns]
reference = "Ref"
type = "Type"
recorded_at = "Recorded"
longitude = "Lon"
latitude = "Lat"
location = "Place"
[force_export.categories]
"Nuisance" = "asb"

[asb.clusters]
min_incidents = 12
[burglary.clusters]
min_incidents = 6
[significance]
draws = 19
"""


def row(**cells: object) -> dict[str, str]:
    """One row of a street file; keywords are headings in small letters with underscores."""
    usual = dict.fromkeys(COLUMNS, "") | {
        "Month": "2025-09", "Reported by": "Barset Police", "Falls within": "Barset Police", "Longitude": "-1.785000",
        "Latitude": "51.558000", "Location": "On or near Mill Lane", "LSOA code": "E01", "LSOA name": "Barchester 001A",
        "Crime type": "Anti-social behaviour",
    }  # fmt: skip
    names = {name.lower().replace(" ", "_"): name for name in COLUMNS}
    return usual | {names[name]: str(value) for name, value in cells.items()}


def street_text(rows: Iterable[dict[str, str]]) -> str:
    """Rows as the text of a street file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def month_rows(month: str, force: str = "barset", seed: int = 1) -> list[dict[str, str]]:
    """A month of a force: incidents around its centres on snap points, others spread over it, and a few faults."""
    rng = np.random.default_rng([seed, *month.encode(), *force.encode()])
    west, south, east, north = FORCES[force]
    where = {"month": month, "reported_by": f"{force.title()} Police", "falls_within": f"{force.title()} Police"}
    rows = []
    for kind, centres in CENTRES.items():
        for number, (x, y) in enumerate(centres):
            if force != "barset":
                x, y = 2 * BORDER - x, y
            for step in rng.integers(0, 6, 22 if kind != "Burglary" else 9):
                place = {"longitude": f"{x + 0.0004 * step:.6f}", "latitude": f"{y + 0.0002 * (step % 3):.6f}"}
                name = f"{month}-{force}-{kind}-{number}-{len(rows)}" if kind == "Burglary" else ""
                rows.append(row(crime_type=kind, crime_id=name, location=f"On or near Road {number}", **place, **where))
    for number in range(90):
        place = {"longitude": f"{rng.uniform(west, east):.6f}", "latitude": f"{rng.uniform(south, north):.6f}"}
        kind = ("Vehicle crime", "Other theft", "Drugs")[number % 3]
        rows.append(row(crime_type=kind, crime_id=f"{month}-{force}-{number}", **place, **where))
    rows.append(rows[-1] | {"Last outcome category": "Under investigation"})
    rows.append(row(crime_type="Burglary", crime_id=f"{month}-{force}-nowhere", longitude="", latitude="", **where))
    rows.append(row(crime_type="Drugs", crime_id=f"{month}-{force}-far", longitude="1.2", latitude="52.6", **where))
    return rows


def write_month(folder: Path, month: str, force: str = "barset", rows: Iterable[dict[str, str]] | None = None) -> Path:
    """A street file in its month's folder, as data.police.uk's archive has it."""
    path = folder / month / f"{month}-{force}-street.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(street_text(month_rows(month, force) if rows is None else rows), encoding="utf-8")
    return path


def write_outline(path: Path, *forces: str) -> Path:
    """Outlines of forces, all where none is named, as GeoJSON."""
    features = []
    for force in forces or FORCES:
        west, south, east, north = FORCES[force]
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"force": force}, "geometry": shape})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def write_survey(
    path: Path, worries: Iterable[str] = ("Litter", "Rowdy or inconsiderate behaviour", "Burglary")
) -> Path:
    """A survey: an answer for each worry, all near Barset's first centre."""
    rows = ["Answer,Submitted,Worry,Ward,Lon,Lat,How often,Your name"]
    for number, worry in enumerate(worries, start=1):
        quoted = '"' + worry.replace('"', '""') + '"'
        rows.append(f"{number},0{number % 9 + 1}/09/2025 10:00,{quoted},{quoted},-1.785,51.558,{quoted},Mrs Proudie")
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return path


def write_raw(folder: Path) -> Path:
    """All that Barset hands in: three months of its own and of its neighbour, outlines, a survey, and a stray note."""
    folder.mkdir(parents=True, exist_ok=True)
    for month in MONTHS:
        write_month(folder, month)
        write_month(folder, month, "loamshire")
    write_outline(folder / "outlines.geojson")
    write_survey(folder / "lets-talk.csv")
    (folder / "notes.docx").write_bytes(b"PK\x03\x04 whatever")
    return folder


def report_of(folder: Path) -> dict[str, object]:
    """What a report's folder holds, file by file; of run.json all but what was measured."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found: dict[str, object] = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    facts.pop("measured")
    return found | {"run.json": facts}
