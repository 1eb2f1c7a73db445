"""The base map in a browser: what it unpacks, where it draws, how it is switched off, and who is named for it."""

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import made_up_report as examples
import numpy as np
import pytest
import shapely
from open_pages import NARROW, WIDE, Visit, axe_script, layer, needs_browser, sync_api

from hotspots import crs, tables
from hotspots.reporting.web_map import map_page

pytestmark = needs_browser

# A road through the middle of the map, a street off it, and a lake beside them, around a patrol area of the report.
EAST, NORTH = 415_000.0, 184_000.0
COLOUR_AT = """([lat, lng, pane]) => {
  const canvas = page.map.getPane(pane).querySelector("canvas"), box = canvas.getBoundingClientRect();
  const map = page.map.getContainer().getBoundingClientRect(), at = page.map.latLngToContainerPoint([lat, lng]);
  const scale = canvas.width / box.width;
  const [x, y] = [(at.x + map.left - box.left) * scale, (at.y + map.top - box.top) * scale].map(Math.round);
  return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
}"""


def base_map() -> gpd.GeoDataFrame:
    line = lambda *points: shapely.LineString([(EAST + x, NORTH + y) for x, y in points])  # noqa: E731
    lake = shapely.box(EAST + 150, NORTH + 150, EAST + 650, NORTH + 650).difference(
        shapely.box(EAST + 350, NORTH + 350, EAST + 450, NORTH + 450)
    )
    rows = [
        ("a_road", None, "A4312", line((-3000, 0), (3000, 0))),
        ("local_road", "Tanyard Street", None, line((0, 0), (0, -900))),
        ("water", "Mill Pond", None, lake),
        ("village", "Nether Wick", None, shapely.Point(EAST - 800, NORTH + 900)),
    ]
    frame = gpd.GeoDataFrame(rows, columns=["kind", "name", "number", "geometry"], geometry="geometry", crs=crs.BNG)
    frame = frame.assign(
        feature_id=[f"f{n}" for n in range(len(frame))], source=["OS Open Roads"] * 2 + ["OpenStreetMap"] * 2
    )
    return tables.conform(frame, tables.BASE_MAP)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("base_map") / "map.html"
    path.write_text(map_page.draw_map(examples.report(base_map=base_map())), encoding="utf-8")
    return path


@pytest.fixture
def visit(browser: "sync_api.Browser", file: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    width, height = getattr(request, "param", WIDE)
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    seen = Visit(context.new_page())
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("request", lambda made: seen.requests.append(made.url))
    seen.page.goto(file.as_uri())
    seen.page.wait_for_selector(".has-base-map")
    yield seen
    context.close()


def degrees(x: float, y: float) -> list[float]:
    longitude, latitude = crs.to_degrees([EAST + x], [NORTH + y])
    return [float(latitude[0]), float(longitude[0])]


def look_at(visit: Visit, x: float, y: float, zoom: float) -> None:
    visit.page.evaluate("([at, zoom]) => page.map.setView(at, zoom, { animate: false })", [degrees(x, y), zoom])


def colour_at(visit: Visit, x: float, y: float, pane: str = "background") -> list[int]:
    return visit.page.evaluate(COLOUR_AT, [*degrees(x, y), pane])


def test_the_browser_unpacks_the_points_that_were_drawn(visit: Visit) -> None:
    text = visit.page.locator("#base-map").text_content()
    layers = visit.page.evaluate(
        """async (text) => (await baseMap.unpack(text)).map(({ kind, x, y, texts, names, numbers, rings }) => ({ kind,
          x: [...x], y: [...y], names: [...names].map((n) => texts[n]), numbers: [...numbers].map((n) => texts[n]),
          rings: [...rings] }))""",
        text,
    )
    found = {one["kind"]: one for one in layers}
    assert list(found) == ["water", "local_road", "a_road", "village"]
    assert found["a_road"]["numbers"] == ["A4312"] and found["water"]["rings"] == [0, 1]
    assert found["local_road"]["names"] == ["Tanyard Street"] and found["village"]["names"] == ["Nether Wick"]
    shapes = {row.kind: row.geometry for row in base_map().itertuples()}
    for kind, one in found.items():
        longitude = (np.array(one["x"]) / 256 - 0.5) * 360
        latitude = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * np.array(one["y"]) / 256))))
        points = shapely.points(*crs.to_grid(longitude, latitude))
        line = shapes[kind].boundary if kind == "water" else shapes[kind]
        assert shapely.distance(points, line).max() < 2, kind


@pytest.mark.parametrize("zoom", [11, 14, 16.5])
def test_roads_and_water_are_drawn_where_they_are(visit: Visit, zoom: float) -> None:
    look_at(visit, 300, 100, zoom)
    assert colour_at(visit, 250, 0)[3] > 0  # on the road
    assert colour_at(visit, 250, 400)[:3] == [0xB9, 0xD6, 0xE8]  # in the lake
    assert colour_at(visit, 700, 100 if zoom > 12 else 1200)[3] == 0  # beside both
    if zoom > 12:
        assert colour_at(visit, 400, 400)[3] == 0  # on the island
        assert colour_at(visit, 0, -100)[3] > 0  # on the street


def test_a_street_is_drawn_only_near(visit: Visit) -> None:
    look_at(visit, 0, -300, 11)
    assert colour_at(visit, 0, -450)[3] == 0
    look_at(visit, 0, -300, 15)
    assert colour_at(visit, 0, -450)[3] > 0


def test_it_moves_with_the_map_and_can_be_switched_off_and_on(visit: Visit) -> None:
    look_at(visit, 300, 100, 15)
    visit.page.evaluate("page.map.panBy([180, 60], { animate: false })")
    assert colour_at(visit, 250, 0)[3] > 0
    layer(visit.page, "Roads, water and place names").uncheck()
    assert visit.page.locator(".has-base-map").count() == 0
    assert visit.page.locator(".leaflet-background-pane canvas").count() == 0
    layer(visit.page, "Roads, water and place names").check()
    assert colour_at(visit, 250, 0)[3] > 0


def test_who_holds_the_rights_is_named_on_the_map_while_it_is_shown(visit: Visit) -> None:
    credit = visit.page.locator(".leaflet-control-attribution")
    assert "Contains OS data © Crown copyright and database right 2025" in credit.inner_text()
    assert "© OpenStreetMap contributors" in credit.inner_text()
    assert "OpenStreetMap" in visit.page.locator("footer").inner_text()
    layer(visit.page, "Roads, water and place names").uncheck()
    assert credit.count() == 0


def test_names_of_streets_come_from_the_base_map_alone(visit: Visit) -> None:
    assert visit.page.evaluate("page.data.streets.names.length") == 0
    look_at(visit, 0, -450, 16)
    around = [colour_at(visit, x, -y, "names")[3] for x in range(-12, 13, 2) for y in range(300, 600, 3)]
    assert max(around) > 0  # the name runs along the street


@pytest.mark.parametrize("visit", [WIDE, NARROW], indirect=True)
def test_no_request_no_complaint_and_no_serious_fault_of_axe(visit: Visit) -> None:
    visit.page.add_script_tag(content=axe_script())
    found = visit.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    serious = [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert not serious and not visit.complaints and len(visit.requests) == 1


def test_a_browser_that_cannot_unpack_it_shows_the_map_without_it(browser: "sync_api.Browser", file: Path) -> None:
    context = browser.new_context(offline=True)
    shown, complaints = context.new_page(), []
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.add_init_script("delete globalThis.DecompressionStream")
    shown.goto(file.as_uri())
    shown.wait_for_selector(".mark", state="attached")
    assert shown.locator(".has-base-map").count() == 0 and not complaints
    context.close()
