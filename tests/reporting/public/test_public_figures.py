import csv
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import made_up_report as examples
import numpy as np
import pandas as pd
import pytest
import shapely
from what_can_be_derived import Reader, is_given_away

from hotspots import tables
from hotspots.errors import ParameterError
from hotspots.reporting.public import public_figures, public_page

MARCH = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 29), date(2026, 3, 30)]


def made_dated(seed: int = 1, rows: int = 900) -> gpd.GeoDataFrame:
    """Dated incidents of a small force, many cells below 5; some written down weeks after they happened."""
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2025-03-01") + pd.to_timedelta(rng.integers(0, 395, rows), "D")
    recorded = day + pd.to_timedelta(rng.choice([0, 1, 20], rows, p=[0.6, 0.3, 0.1]), "D")
    towns = list(examples.TOWNS)
    frame = examples.made_incidents(rows, seed).assign(
        incident_id=[f"d{n}" for n in range(rows)],
        source="force_export",
        month=day.strftime("%Y-%m"),
        committed_from=day.astype("datetime64[us]"),
        recorded_at=recorded.astype("datetime64[us]"),
        date_precision="day",
        team_name=rng.choice(towns, rows, p=[0.85, 0.11, 0.04]),
        lsoa_code=[f"E0100000{n % 7}" for n in range(rows)],
    )
    return tables.conform(frame, tables.INCIDENTS)


def known(incidents: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """What a run of that day can have read."""
    return incidents[incidents["recorded_at"] < pd.Timestamp(day + timedelta(days=1))]


def write(folder: Path, incidents: gpd.GeoDataFrame, **given: object) -> dict[str, bytes]:
    folder.mkdir(parents=True)
    public_page.write_public(examples.public_figures(incidents, examples.made_places(), **given), [], folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def cells_of(folder: Path) -> Iterator[tuple[tuple[str, str, str], str]]:
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            assert line["figure"] == ("" if line["shown"] == "withheld" else line["shown"].replace(",", ""))
            yield (line["month"], line["family"], line["area"]), line["shown"]


# inputs


def test_areas_of_an_unknown_kind_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"public.areas is 'beat', expected one of team, ward, lsoa"):
        public_figures.PublicParams(areas="beat")


# answers


@pytest.mark.parametrize("kind", ["team", "ward", "lsoa"])
def test_figures_are_the_counts_of_whole_months_rounded(kind: str) -> None:
    incidents, places = made_dated(rows=4000), examples.made_places()
    ward = places["kind"] == "ward"
    places.loc[ward, "geometry"] = shapely.Point(examples.TOWNS["Littleham"]).buffer(2500)
    found = examples.public_figures(
        incidents, places, as_of=date(2026, 3, 22), params=public_figures.PublicParams(areas=kind)
    ).figures
    published = found[found["figure"].notna()]
    assert len(published)
    inside = shapely.contains(places.loc[ward].geometry.iloc[0], incidents.geometry.to_numpy())
    of = {"team": incidents["team_name"], "ward": pd.Series(np.where(inside, "W1", ""), index=incidents.index)}
    area = of.get(kind, incidents["lsoa_code"])
    for month, family, code, figure in published[["month", "family", "area", "figure"]].itertuples(index=False):
        is_here = (incidents["month"] == month) & (incidents["category"] == family) & (area == code)
        written = incidents.loc[is_here, "recorded_at"]
        assert abs((written < pd.Timestamp("2026-03-01")).sum() - figure) <= 2
    assert sorted(found["month"].unique()) == [f"2025-{n:02}" for n in range(3, 13)] + ["2026-01", "2026-02"]
    assert not found.duplicated(["month", "family", "area"]).any()


def test_a_month_without_records_has_no_figures_and_is_named() -> None:
    found = examples.public_figures(examples.made_incidents(), examples.made_places())
    assert found.missing == ["2025-02"] and "2025-02" not in set(found.figures["month"])
    assert public_figures.withheld(found).query("what == 'a month'")["month"].tolist() == ["2025-02"]


def test_months_before_a_team_began_are_left_to_the_teams_of_that_time() -> None:
    """Else the figure of two teams and that of the one that followed could be subtracted."""
    begins = {"Stowbridge": date(2025, 6, 10)}
    found = examples.public_figures(examples.made_incidents(), examples.made_places(), begins=begins)
    months = found.figures.groupby("area")["month"].min()
    assert months["Stowbridge"] == "2025-07" and months["Littleham"] == "2024-10"
    assert (public_figures.withheld(found)["why"] == "the area has existed since 10 June 2025").sum() == 1


def test_months_that_look_wrong_at_the_source_have_no_figures() -> None:
    found = examples.public_figures(
        examples.made_incidents(), examples.made_places(), left_out={"burglary": ["2025-05"], "asb": []}
    )
    families = found.figures.groupby("month")["family"].unique()
    assert list(families["2025-05"]) == ["asb"] and len(families["2025-06"]) == 2
    assert public_figures.withheld(found).query("month == '2025-05' and what == 'a month'")["family"].tolist() == [
        "burglary"
    ]


def test_a_force_without_areas_has_figures_as_a_whole() -> None:
    incidents = examples.made_incidents()
    found = examples.public_figures(incidents.assign(team_name=None), examples.made_places())
    assert found.areas["name"].tolist() == ["The whole force"]
    asb = found.figures.query("month == '2025-09' and family == 'asb'")["figure"].item()
    assert abs(((incidents["month"] == "2025-09") & (incidents["category"] == "asb")).sum() - asb) <= 2


def test_what_is_withheld_is_listed_line_by_line() -> None:
    found = examples.public_figures(made_dated(), examples.made_places(), as_of=MARCH[0])
    hidden = found.figures[found.figures["figure"].isna()]
    listed = public_figures.withheld(found).query("what == 'a figure'")
    assert 0 < len(hidden) < len(found.figures)
    assert sorted(listed["month"] + listed["family"] + listed["area"]) == sorted(
        hidden["month"] + hidden["family"] + hidden["area"]
    )


def test_an_area_known_only_from_records_is_named_if_it_has_a_published_figure() -> None:
    """Else a page would tell that something was recorded there, and whatever somebody typed into the column."""
    incidents = examples.made_incidents()
    typed = incidents.assign(
        team_name=incidents["team_name"].mask(incidents.index < 3, "Sgt A. Smith, smith@example.org")
    )
    found = examples.public_figures(typed, examples.made_places())
    assert sorted(found.areas["area"]) == sorted(examples.TOWNS) == sorted(found.figures["area"].unique())
    assert "Smith" not in public_figures.withheld(found).to_string()
    few = examples.public_figures(incidents.head(3), examples.made_places())  # known from outlines: named all the same
    assert len(few.areas) and few.figures["figure"].isna().all()


# promises


def test_files_do_not_change_between_the_weeks_of_a_month(tmp_path: Path) -> None:
    incidents = made_dated()
    weeks = [write(tmp_path / f"{day}", known(incidents, day), as_of=day) for day in MARCH]
    assert all(week == weeks[0] for week in weeks)
    later = write(tmp_path / "later", known(incidents, date(2026, 3, 31)), as_of=date(2026, 3, 31))
    assert later != weeks[0]


@pytest.mark.parametrize("kind", ["team", "lsoa"])
def test_from_the_files_of_two_runs_no_count_and_no_difference_of_one_to_four_can_be_derived(
    tmp_path: Path, kind: str
) -> None:
    """Two runs a month apart, so that all months but one stand in both, most of them revised by late records."""
    incidents, reader = made_dated(), Reader()
    params = public_figures.PublicParams(areas=kind)
    for run, day in enumerate((date(2026, 2, 28), date(2026, 3, 31))):
        write(tmp_path / str(run), known(incidents, day), as_of=day, params=params)
        groups: dict[tuple[str, str], dict[object, str]] = {}
        for (month, family, area), shown in cells_of(tmp_path / str(run)):
            groups.setdefault((month, family), {})[run, month, family, area] = shown
        for group in groups.values():
            reader.read_group(group)
    cells = [cell for cell in reader.cells if cell[0] in (0, 1)]
    both = [cell for cell in cells if cell[0] == 0 and (1, *cell[1:]) in reader.cells]
    assert len(both) > 50
    asked = [{cell: 1} for cell in cells[::3]]
    asked += [{(1, *cell[1:]): 1, cell: -1} for cell in both[::2]]
    for key in sorted({cell[2:] for cell in both}):  # an area's whole year in both runs: what falls out, what comes in
        asked.append({cell: 1 if cell[0] else -1 for cell in cells if cell[2:] == key})
    for parts in asked:
        low, high = reader.bounds(parts)
        assert not is_given_away((low, high)) and not is_given_away((-high, -low)), parts


@pytest.mark.parametrize("kind", ["team", "lsoa"])
@pytest.mark.parametrize("rows", [60, 160])
def test_areas_that_are_added_later_disclose_nothing_beside_the_whole_force(
    tmp_path: Path, kind: str, rows: int
) -> None:
    """The first run knows no areas, the second does; every incident lies in one of them."""
    incidents, reader = made_dated(rows=12 * rows), Reader()
    incidents = incidents.groupby("month", group_keys=False).head(rows)
    params, missing = public_figures.PublicParams(areas=kind), {"team_name": None, "lsoa_code": None}
    day = date(2026, 3, 8)
    write(tmp_path / "first", incidents.assign(**missing), as_of=day, params=params)
    write(tmp_path / "second", incidents, as_of=day, params=params)
    groups: dict[tuple[str, str], dict[object, str]] = {}
    areas = sorted(incidents["team_name" if kind == "team" else "lsoa_code"].unique())
    for (month, family, area), shown in cells_of(tmp_path / "second"):
        unlisted = {(month, family, other): "withheld" for other in areas}
        groups.setdefault((month, family), unlisted)[month, family, area] = shown
    for (month, family, area), shown in cells_of(tmp_path / "first"):
        assert area == ""
        band = (0, 4) if shown == "withheld" else (max(5, int(shown) - 2), int(shown) + 2)
        reader.read_group(groups[month, family])
        reader.learn_sum(dict.fromkeys(groups[month, family], 1.0), *band)
    asked = [cell for group in groups.values() for cell in group]
    assert len(asked) > 50
    for cell in asked:
        assert not reader.knows_few({cell: 1}), cell


def test_page_and_geojson_contain_nothing_that_the_table_does_not(tmp_path: Path) -> None:
    write(tmp_path / "public", made_dated(), as_of=MARCH[0])
    cells = dict(cells_of(tmp_path / "public"))
    page = (tmp_path / "public" / "index.html").read_text(encoding="utf-8")
    rows = re.findall(r'<tr><th scope="row"><bdi>(.*?)</bdi></th>(.*?)</tr>', page)
    months = sorted({month for month, _, _ in cells})
    assert [area for area, _ in rows] == 2 * sorted(examples.TOWNS)
    for family, lines in (("asb", rows[:3]), ("burglary", rows[3:])):
        for area, line in lines:
            shown = re.findall(r'<td class="n">(.*?)</td>', line)
            wanted = [cells[month, family, area].replace("withheld", "w") for month in months]
            assert shown == wanted
    features = json.loads((tmp_path / "public" / "figures.geojson").read_text(encoding="utf-8"))["features"]
    for feature in features:
        properties = dict(feature["properties"])
        area = properties.pop("area")
        assert properties.pop("name") == area
        assert {name: "withheld" if figure is None else f"{figure:,}" for name, figure in properties.items()} == {
            f"{f}_{month.replace('-', '_')}": cells[month, f, area] for f in ("asb", "burglary") for month in months
        }
    assert sorted(feature["properties"]["area"] for feature in features) == sorted(examples.TOWNS)


def test_sums_on_the_page_are_those_of_the_figures_shown(tmp_path: Path) -> None:
    write(tmp_path / "public", made_dated(), as_of=MARCH[0])
    cells = dict(cells_of(tmp_path / "public"))
    page = (tmp_path / "public" / "index.html").read_text(encoding="utf-8")
    feet = re.findall(r"<tfoot>(.*?)</tfoot>", page)
    for family, foot in zip(("asb", "burglary"), feet, strict=True):
        for month, shown in zip(
            sorted({m for m, _, _ in cells}), re.findall(r'<td class="n">(.*?)</td>', foot), strict=True
        ):
            parts = [cells[month, family, area] for area in examples.TOWNS]
            total = sum(int(part.replace(",", "")) for part in parts if part != "withheld")
            assert shown == f"{total:,}" + "+" * ("withheld" in parts)


def test_no_place_point_area_or_day_of_the_force_s_own_work_is_public(run: examples.Report, written: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (written / "public").glob("*.*")}
    secret = {*run.patrol_areas["patrol_area_id"], *run.hotspots["hotspot_id"], *run.incidents["incident_id"]}
    secret |= {street for street in examples.STREETS if street != "Park/Open Space"} | {"30 September 2025", "OFFICIAL"}
    for name, text in texts.items():
        assert [word for word in secret if word in text] == [], name
    shapes = json.loads(texts["figures.geojson"])["features"]
    assert {shape["geometry"]["type"] for shape in shapes} <= {"Polygon", "MultiPolygon"}


def test_the_order_of_rows_does_not_matter_and_hostile_names_stay_text(tmp_path: Path) -> None:
    incidents = made_dated()
    mixed = incidents.sample(frac=1, random_state=4)
    assert write(tmp_path / "a", incidents, as_of=MARCH[0]) == write(tmp_path / "b", mixed, as_of=MARCH[0])
    names = [examples.HOSTILE[n % len(examples.HOSTILE)] for n in range(len(incidents))]
    hostile = write(tmp_path / "c", incidents.assign(team_name=names), as_of=MARCH[0], force_name=examples.HOSTILE[1])
    page = hostile["index.html"].decode()
    assert not re.search(r"<(script|img|svg|a href='https)|\son\w+=[^&]*>", re.sub(r"<a href=\"[\w.]+\">", "", page))
    for name in ("figures.csv", "withheld.csv"):
        for line in csv.reader(hostile[name].decode().splitlines()):
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in line)
    assert "figures.geojson" not in hostile


def test_without_records_the_page_has_no_figures(tmp_path: Path) -> None:
    files = write(tmp_path / "public", tables.empty(tables.INCIDENTS))
    assert b"No figures can be published for these months." in files["index.html"]
    assert "figures.csv" not in files
