"use strict";
// Tools of the map: search, measuring, full screen, earlier runs and printing.

page.startTools = function (map) {
  document.querySelector(".tools").hidden = false;
  page.addNorth(map);
  page.startSearch(map);
  page.startMeasure(map);
  page.startFull(map);
  page.startRuns(map);
  page.startPrint(map);
  page.startLinks(map);
};

page.setStatus = (text) => { document.getElementById("tool-status").textContent = text; };

page.addNorth = function (map) {
  const north = L.control({ position: "bottomleft" });
  north.onAdd = () => {
    const box = L.DomUtil.create("div", "north");
    box.innerHTML = '<svg viewBox="0 0 24 34" width="24" height="34" role="img" aria-label="North is up">' +
      '<path d="M12 1 L19 21 L12 16 L5 21 Z"/><text x="12" y="33" text-anchor="middle">N</text></svg>';
    return box;
  };
  north.addTo(map);
};

page.plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

page.startSearch = function (map) {
  const field = document.getElementById("search"), list = document.getElementById("search-results");
  const status = document.getElementById("search-status");
  const { search: index, teams, wards } = page.data;
  const goTo = (zoom, point) => () => {
    map.setView(shared.at(point), zoom, { animate: false });
    page.highlight(map, shared.at(point));
  };
  const fit = (parts) => () => map.fitBounds(page.polygon(parts, "team").getBounds(), { animate: false });
  const entries = [];
  Object.values(page.places).forEach((feature) => {
    entries.push({ name: feature.title, kind: "", go: () => page.goTo(map, feature.id) });
  });
  [[teams, "team or beat"], [wards, "ward or parish"]].forEach(([drawn, kind]) => drawn.names.forEach((name, n) => {
    if (drawn.shapes[n]) entries.push({ name, kind, go: fit(drawn.shapes[n]) });
  }));
  // The ward or team of a street is looked up only for the results that are shown.
  const around = (point) => [wards, teams].map((drawn) =>
    drawn.names[drawn.shapes.findIndex((shape) => shape && page.contains(shape, shared.at(point)))]).find(Boolean);
  page.unpackTexts(index.names).forEach((name, n) => {
    const point = page.unpackPoint(index.points, n);
    entries.push({ name, get kind() { return ["street or place", around(point) || index.squares[n]].filter(Boolean).join(", "); }, go: goTo(16, point) });
  });
  entries.forEach((entry) => { entry.plain = page.plain(entry.name); });
  const close = () => { list.hidden = true; list.replaceChildren(); };
  const search = () => {
    close();
    const words = page.plain(field.value.trim()).split(/\s+/).filter(Boolean);
    if (!words.length) { status.textContent = ""; return; }
    const hits = entries.filter((entry) => words.every((word) => entry.plain.includes(word)));
    hits.sort((one, other) => other.plain.startsWith(words[0]) - one.plain.startsWith(words[0]));
    const shown = new Set(); // one result for the parts of a street in one ward
    hits.slice(0, 40).forEach((entry) => {
      const kind = shown.size < 8 ? entry.kind : "", line = entry.name + "|" + kind;
      if (shown.size === 8 || shown.has(line)) return;
      shown.add(line);
      const button = document.createElement("button");
      button.type = "button";
      button.append(Object.assign(document.createElement("bdi"), { textContent: entry.name }));
      if (kind) button.append(Object.assign(document.createElement("small"), { textContent: " " + kind }));
      button.addEventListener("click", () => { close(); entry.go(); });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    });
    list.hidden = hits.length === 0;
    status.textContent = hits.length ? `${hits.length} ${hits.length === 1 ? "result" : "results"}` : "No results";
  };
  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); const first = list.querySelector("button"); if (first) first.click(); }
    if (event.key === "Escape") { close(); field.value = ""; }
    if (event.key === "ArrowDown") { event.preventDefault(); const first = list.querySelector("button"); if (first) first.focus(); }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(); });
};

page.highlight = function (map, at) {
  if (page.highlighted) page.highlighted.remove();
  page.highlighted = L.circleMarker(at, { radius: 16, className: "highlight", pane: "concerns", interactive: false }).addTo(map);
};

// Measuring: a click adds a point, Enter adds the centre of the map, Escape ends it.
page.startMeasure = function (map) {
  const button = document.getElementById("measure"), line = L.polyline([], { className: "measure", pane: "concerns", interactive: false });
  const measured = () => {
    const points = line.getLatLngs();
    const metres = points.slice(1).reduce((sum, point, n) => sum + map.distance(points[n], point), 0);
    page.setStatus(points.length < 2 ? "Select points on the map. Enter adds the centre, Escape ends." :
      `${metres < 1000 ? Math.round(metres) + " m" : (metres / 1000).toFixed(2) + " km"} (${points.length} points)`);
  };
  const add = (at) => { line.addLatLng(at); measured(); };
  const onClick = (event) => add(event.latlng);
  const onKey = (event) => {
    if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); add(map.getCenter()); }
  };
  const toggle = (isOn) => {
    button.setAttribute("aria-pressed", String(isOn));
    page.isMeasuring = isOn;
    map.getContainer().classList.toggle("measuring", isOn);
    line.setLatLngs([]);
    if (isOn) { map.closePopup(); line.addTo(map); map.on("click", onClick); measured(); map.getContainer().focus(); } else { line.remove(); map.off("click", onClick); page.setStatus(""); }
    map.getContainer()[isOn ? "addEventListener" : "removeEventListener"]("keydown", onKey, true);
  };
  button.addEventListener("click", () => toggle(button.getAttribute("aria-pressed") === "false"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-pressed") === "true") { toggle(false); button.focus(); }
  });
};

page.startFull = function (map) {
  const button = document.getElementById("full"), box = document.querySelector(".place-of-map");
  if (!box.requestFullscreen) { button.hidden = true; return; }
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else box.requestFullscreen().catch(() => page.setStatus("This browser does not allow full screen."));
  });
  document.addEventListener("fullscreenchange", () => {
    button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
    map.invalidateSize();
  });
};

// Earlier runs: their first areas, with the areas and hotspots of this run faded.
page.startRuns = function (map) {
  const choice = document.getElementById("run");
  if (!choice) return;
  const group = L.featureGroup().addTo(map);
  const show = () => {
    map.closePopup();
    group.clearLayers();
    page.pinned = page.pinned.filter((feature) => feature.group !== group);
    const run = page.data.past[choice.value];
    page.isPastRun = Boolean(run);
    map.getContainer().classList.toggle("past-run", page.isPastRun);
    if (run) run.titles.forEach((title, n) => page.drawPast(group, run, n, title));
    page.setStatus(run ? `Outlines show the first areas of the run of ${run.day}.` : "");
    page.placeLabels(map);
  };
  choice.addEventListener("change", show);
  document.querySelectorAll(".runs [data-step]").forEach((button) => button.addEventListener("click", () => {
    const at = choice.selectedIndex + Number(button.dataset.step);
    if (at < 0 || at >= choice.options.length) return;
    choice.selectedIndex = at;
    show();
  }));
};

page.drawPast = function (group, run, n, title) {
  const style = run.styles[n], family = style.split(" ")[1];
  const feature = { title, fields: [["Listed on", run.day], ["Expected then", run.expected[n]]], style, family, group, id: `past-${run.day}-${n}` };
  if (run.shapes[n]) {
    const shape = page.polygon(run.shapes[n], style);
    page.makeButton(shape, feature, false);
    shape.addTo(group);
  }
  page.addPin(feature, run.points[n], run.marks[n]);
};

// In print the map is as wide as the page, with its legend below.
page.startPrint = function (map) {
  const control = map.getContainer().querySelector(".leaflet-control-layers");
  const corner = control.parentElement, wasFolded = !control.classList.contains("leaflet-control-layers-expanded");
  let seen = null, before = null;
  window.addEventListener("beforeprint", () => {
    const size = map.getSize(), legend = page.legendWidth(); // the part behind the legend is not printed
    seen = L.latLngBounds(map.containerPointToLatLng([0, size.y]), map.containerPointToLatLng([size.x - legend, 0]));
    before = [map.getCenter(), map.getZoom()];
    document.documentElement.classList.add("printing");
    document.querySelector(".picture").after(control);
    control.classList.add("leaflet-control-layers-expanded");
    map.invalidateSize({ animate: false });
    map.fitBounds(seen, { animate: false });
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    corner.append(control);
    if (wasFolded) control.classList.remove("leaflet-control-layers-expanded");
    map.invalidateSize({ animate: false });
    if (before) map.setView(...before, { animate: false });
  });
};
