"use strict";
// What one can do with the map beside looking: find, link, measure, full screen, earlier runs, print.

page.startTools = function (map) {
  document.querySelector(".tools").hidden = false;
  page.addNorth(map);
  page.startFind(map);
  page.startMeasure(map);
  page.startFull(map);
  page.startRuns(map);
  page.startPrint(map);
  page.startLinks(map);
};

page.say = (text) => { document.getElementById("tool-said").textContent = text; };

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

// The address names what is open, or else what is seen, so that it can be sent to somebody.
page.startLinks = function (map) {
  const write = (part) => {
    try { window.history.replaceState(null, "", "#" + part); } catch { /* some browsers forbid it in files */ }
  };
  const view = () => {
    const at = map.getCenter();
    write(`${map.getZoom()}/${at.lat.toFixed(5)}/${at.lng.toFixed(5)}`);
  };
  const read = () => {
    let asked = window.location.hash.slice(1);
    try { asked = decodeURIComponent(asked); } catch { return; }
    if (page.goTo(map, asked)) return;
    const [zoom, lat, lng] = asked.split("/").map(Number);
    if (asked.split("/").length === 3 && [zoom, lat, lng].every(Number.isFinite)) {
      map.setView([Math.max(-90, Math.min(90, lat)), lng], zoom, { animate: false });
    }
  };
  read();
  window.addEventListener("hashchange", read);
  map.on("moveend", () => { if (!page.opened) view(); });
  map.on("popupopen", (event) => {
    page.opened = event.popup._source && event.popup._source.told;
    if (page.opened && page.opened.id) write(encodeURIComponent(page.opened.id));
  });
  map.on("popupclose", () => { page.opened = null; view(); });
};

page.plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

page.startFind = function (map) {
  const field = document.getElementById("find"), list = document.getElementById("found");
  const said = document.getElementById("found-said");
  const { find, teams, wards } = page.data;
  const goTo = (zoom, point) => () => {
    map.setView(ground.at(point), zoom, { animate: false });
    page.flash(map, ground.at(point));
  };
  const fit = (parts) => () => map.fitBounds(page.polygon(parts, "team").getBounds(), { animate: false });
  const entries = [];
  Object.values(page.places).forEach((told) => {
    entries.push({ name: told.title, kind: "", go: () => page.goTo(map, told.id) });
  });
  [[teams, "team or beat"], [wards, "ward or parish"]].forEach(([drawn, kind]) => drawn.names.forEach((name, n) => {
    if (drawn.shapes[n]) entries.push({ name, kind, go: fit(drawn.shapes[n]) });
  }));
  // The ward, else the team, around a street is looked up only for the few that are shown.
  const around = (point) => [wards, teams].map((drawn) =>
    drawn.names[drawn.shapes.findIndex((shape) => shape && page.holds(shape, ground.at(point)))]).find(Boolean);
  page.unpackTexts(find.names).forEach((name, n) => {
    const point = page.unpackPoint(find.points, n);
    entries.push({ name, get kind() { return ["street or place", around(point) || find.squares[n]].filter(Boolean).join(", "); }, go: goTo(16, point) });
  });
  entries.forEach((entry) => { entry.plain = page.plain(entry.name); });
  const close = () => { list.hidden = true; list.replaceChildren(); };
  const search = () => {
    close();
    const asked = page.plain(field.value.trim()).split(/\s+/).filter(Boolean);
    if (!asked.length) { said.textContent = ""; return; }
    const hits = entries.filter((entry) => asked.every((word) => entry.plain.includes(word)));
    hits.sort((one, other) => other.plain.startsWith(asked[0]) - one.plain.startsWith(asked[0]));
    const shown = new Set(); // one line for the parts of a street in one ward
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
    said.textContent = hits.length ? `${hits.length} found` : "nothing found";
  };
  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); const first = list.querySelector("button"); if (first) first.click(); }
    if (event.key === "Escape") { close(); field.value = ""; }
    if (event.key === "ArrowDown") { event.preventDefault(); const first = list.querySelector("button"); if (first) first.focus(); }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".find")) close(); });
};

page.flash = function (map, at) {
  if (page.flashed) page.flashed.remove();
  page.flashed = L.circleMarker(at, { radius: 16, className: "flash", pane: "concerns", interactive: false }).addTo(map);
};

// Measuring: each click adds a point, or Enter the middle of the map; Escape ends it.
page.startMeasure = function (map) {
  const button = document.getElementById("measure"), line = L.polyline([], { className: "measure", pane: "concerns", interactive: false });
  const measured = () => {
    const points = line.getLatLngs();
    const metres = points.slice(1).reduce((sum, point, n) => sum + map.distance(points[n], point), 0);
    page.say(points.length < 2 ? "Choose points on the map; Enter takes the middle, Escape ends." :
      `${metres < 1000 ? Math.round(metres) + " m" : (metres / 1000).toFixed(2) + " km"} (${points.length} points)`);
  };
  const add = (at) => { line.addLatLng(at); measured(); };
  const onClick = (event) => add(event.latlng);
  const onKey = (event) => {
    if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); add(map.getCenter()); }
  };
  const toggle = (isOn) => {
    button.setAttribute("aria-pressed", String(isOn));
    map.getContainer().classList.toggle("measuring", isOn);
    line.setLatLngs([]);
    if (isOn) { map.closePopup(); line.addTo(map); map.on("click", onClick); measured(); map.getContainer().focus(); } else { line.remove(); map.off("click", onClick); page.say(""); }
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
    else box.requestFullscreen().catch(() => page.say("This browser does not allow a full screen."));
  });
  document.addEventListener("fullscreenchange", () => {
    button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
    map.invalidateSize();
  });
};

// Earlier runs: what was listed then, with this run's areas and hotspots pale beneath it.
page.startRuns = function (map) {
  const choice = document.getElementById("run");
  if (!choice) return;
  const group = L.featureGroup().addTo(map);
  const isPast = (label) => label.group === group;
  const show = () => {
    map.closePopup();
    group.clearLayers();
    page.labels = page.labels.filter((label) => !isPast(label));
    const run = page.data.past[choice.value];
    page.isBackThen = Boolean(run);
    map.getContainer().classList.toggle("back-then", page.isBackThen);
    if (run) {
      run.titles.forEach((title, n) => {
        const told = { title, said: [["Listed on", run.day], ["Expected then", run.told[n]]], style: run.styles[n], group };
        if (run.shapes[n]) {
          const shape = page.polygon(run.shapes[n], run.styles[n]);
          page.tell(shape, told, false);
          shape.addTo(group);
        }
        told.mark = page.label(group, run.points[n], { text: run.marks[n], name: "", order: Number(run.marks[n]), style: "number " + run.styles[n] });
        told.mark.told = told;
        page.makeLabel(told.mark);
      });
    }
    page.say(run ? `Outlined: the first areas of the run of ${run.day}.` : "");
    page.makeRoom(map);
  };
  choice.addEventListener("change", show);
  document.querySelectorAll(".runs [data-step]").forEach((button) => button.addEventListener("click", () => {
    const at = choice.selectedIndex + Number(button.dataset.step);
    if (at < 0 || at >= choice.options.length) return;
    choice.selectedIndex = at;
    show();
  }));
};

// On paper the map is as wide as the sheet, with its legend beneath it.
page.startPrint = function (map) {
  const control = map.getContainer().querySelector(".leaflet-control-layers");
  const corner = control.parentElement, wasFolded = !control.classList.contains("leaflet-control-layers-expanded");
  let seen = null, before = null;
  window.addEventListener("beforeprint", () => {
    const size = map.getSize(), legend = page.isNarrow() ? 0 : 290; // what stands behind the legend is not looked at
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
