"use strict";
// What the map does beyond drawing: pop-ups from plain texts, labels that make room, the list beside the map.
const page = { labels: [], areas: {}, tellings: {}, returnTo: null };

page.data = JSON.parse(document.getElementById("data").textContent);

page.panes = { force: "ground", team: "outlines", hotspot: "hotspots", area: "areas" };

page.isNarrow = () => window.innerWidth < 900;

page.open = function (id) {
  const map = L.map(id, { attributionControl: false, zoomControl: false, zoomSnap: 0.5, maxZoom: 18, minZoom: 6, fadeAnimation: false });
  const panes = ["ground", "cells", "outlines", "hotspots", "areas", "concerns"];
  panes.forEach((name, n) => { map.createPane(name).style.zIndex = 310 + 10 * n; });
  map.getPane("ground").style.pointerEvents = "none";
  map.createPane("labels").style.zIndex = 600;
  page.shades = L.canvas({ pane: "cells", padding: 0.3 });
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom, Tab goes from area to area.");
  L.control.zoom({ position: "topleft", zoomInTitle: "Closer", zoomOutTitle: "Further" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  return map;
};

page.draw = (group, features) =>
  L.geoJson(features, { style: page.style, pointToLayer: page.point, onEachFeature: page.bind }).addTo(group);

page.speaks = (told) => Boolean(told.rows || told.of);

page.style = (feature) => ({
  className: feature.properties.style,
  pane: page.panes[feature.properties.style.split(" ")[0]],
  interactive: page.speaks(feature.properties),
});

page.point = function (feature, point) {
  const told = feature.properties;
  if (told.size) return L.circleMarker(point, { radius: told.size, className: told.style, pane: "concerns" });
  const mark = document.createElement("div");
  mark.append(Object.assign(document.createElement("b"), { textContent: told.text }));
  if (told.name) mark.append(Object.assign(document.createElement("i"), { textContent: told.name }));
  const icon = L.divIcon({ className: "mark " + told.style, html: mark.innerHTML, iconSize: [0, 0] });
  const label = L.marker(point, {
    icon, pane: "labels", interactive: page.speaks(told), keyboard: page.speaks(told), zIndexOffset: -100 * told.order,
    riseOnHover: true,
  });
  label.feature = feature;
  page.labels.push(label);
  return label;
};

page.bind = function (feature, layer) {
  const isLabel = Boolean(feature.properties.of);
  const told = isLabel ? page.tellings[feature.properties.of] : feature.properties;
  if (!told || !told.rows) return;
  if (told.id) page.tellings[told.id] = told;
  if (isLabel) page.areas[told.id] = layer;
  layer.bindPopup(() => page.told(told), { maxWidth: Math.min(320, window.innerWidth - 60), ...page.clear() });
  layer.on("add", () => {
    const element = layer.getElement();
    if (!element) return;
    element.setAttribute("aria-label", told.title);
    if (told.id && !isLabel) return; // its label is the stop for the keyboard
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); layer.openPopup(); }
    });
  });
};

// Pop-ups keep clear of the controls on a wide screen; on a narrow one the controls step aside.
page.clear = () => page.isNarrow()
  ? { autoPanPadding: [8, 8] }
  : { autoPanPaddingTopLeft: [55, 12], autoPanPaddingBottomRight: [325, 12] };

page.told = function (told) {
  const box = document.createElement("div");
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text, dir: "auto" });
  const head = make("h2", told.title);
  head.tabIndex = -1;
  const list = document.createElement("dl");
  told.rows.forEach(([label, text]) => list.append(make("dt", label), make("dd", text)));
  box.append(head, list);
  return box;
};

page.cells = function (group, data) {
  const fills = ["#e4e5df", "#cccec7", "#a9aca5", "#7c807a"];
  data.shades.forEach((steps, shade) => {
    for (let n = 0; n < steps.length; n += 2) {
      const lat = data.corner[0] + steps[n] / 10000, lon = data.corner[1] + steps[n + 1] / 10000;
      L.rectangle([[lat - data.half[0], lon - data.half[1]], [lat + data.half[0], lon + data.half[1]]],
        { renderer: page.shades, pane: "cells", stroke: false, fillColor: fills[shade], fillOpacity: 1, interactive: false }).addTo(group);
    }
  });
};

// Street names are many: each is made when it first comes into view, close by.
page.names = (group, data) => { page.streets = { group, data }; };

page.makeNames = function (map) {
  if (!page.streets || map.getZoom() < 15 || !map.hasLayer(page.streets.group)) return;
  const { group, data } = page.streets, view = map.getBounds().pad(0.1);
  data.names.forEach((name, n) => {
    const at = L.latLng(data.corner[0] + data.steps[2 * n] / 1e5, data.corner[1] + data.steps[2 * n + 1] / 1e5);
    if (name === null || !view.contains(at)) return;
    page.point({ properties: { text: name, order: 2000 + n, style: "street" } }, at).addTo(group);
    data.names[n] = null;
  });
};

// A number that would cover a better-ranked one shrinks to a dot; then names stand where room is left: first those
// of the areas, then of teams, then of streets.
page.makeRoom = function (map) {
  const zoom = map.getZoom(), view = map.getBounds().pad(0.1), taken = [];
  map.getContainer().classList.toggle("closest", zoom >= 15);
  page.makeNames(map);
  const fits = (box) => {
    const isFree = taken.every((other) => box[0] >= other[2] || box[2] <= other[0] || box[1] >= other[3] || box[3] <= other[1]);
    if (isFree) taken.push(box);
    return isFree;
  };
  const shown = page.labels.filter((label) => map.hasLayer(label) && label.getElement() && view.contains(label.getLatLng()));
  shown.sort((one, other) => one.feature.properties.order - other.feature.properties.order);
  const around = (label, left, right, half) => {
    const at = map.latLngToContainerPoint(label.getLatLng());
    return [at.x - left, at.y - half, at.x + right, at.y + half];
  };
  const isNumber = (label) => page.speaks(label.feature.properties);
  for (const label of shown.filter(isNumber)) {
    const { of, order, text } = label.feature.properties;
    const wide = of ? 12 : 6 + 4 * text.length;
    const waits = of && order > 20 && zoom < 12;
    label.getElement().classList.toggle("crowded", waits || !fits(around(label, wide, wide, 12)));
  }
  for (const label of shown.filter(isNumber)) {
    const { name, order } = label.feature.properties, element = label.getElement();
    const mayStand = name && !element.classList.contains("crowded") && (zoom >= 13.5 || order <= 5);
    element.classList.toggle("named", Boolean(mayStand) && fits(around(label, -13, 20 + 7 * name.length, 9)));
  }
  for (const label of shown.filter((one) => !isNumber(one))) {
    const { style, text } = label.feature.properties;
    const wide = 3.3 * text.length + 4;
    const waits = style === "street" && zoom < 15;
    label.getElement().classList.toggle("crowded", waits || !fits(around(label, wide, wide, 9)));
  }
};

page.goTo = function (map, id) {
  const label = page.areas[id];
  if (!label) return;
  page.groupOf(map, label);
  map.setView(label.getLatLng(), 16, { animate: false });
  if (page.isNarrow()) map.getContainer().scrollIntoView();
  label.openPopup();
};

page.groupOf = function (map, label) {
  const group = page.groups.find((one) => page.holds(one, label));
  if (group && !map.hasLayer(group)) group.addTo(map);
};

page.holds = (group, layer) =>
  group.getLayers().some((one) => one === layer || (one.getLayers && page.holds(one, layer)));

page.start = function (map) {
  const room = () => page.makeRoom(map);
  map.fitBounds(page.data.bounds, { padding: [8, 8] });
  map.on("zoomend moveend overlayadd overlayremove resize", room);
  room();
  map.on("popupopen", (event) => {
    page.returnTo = document.activeElement;
    map.getContainer().classList.add("told");
    const head = event.popup.getElement().querySelector("h2");
    if (head) head.focus({ preventScroll: true });
  });
  map.on("popupclose", () => {
    map.getContainer().classList.remove("told");
    if (page.returnTo && page.returnTo.isConnected) page.returnTo.focus({ preventScroll: true });
    page.returnTo = null;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  document.querySelectorAll("[data-area]").forEach((button) => {
    button.addEventListener("click", () => page.goTo(map, button.dataset.area));
  });
  const asked = decodeURIComponent(window.location.hash.slice(1));
  if (page.areas[asked]) page.asked = asked;
  const control = map.getContainer().querySelector(".leaflet-control-layers");
  const list = control.querySelector(".leaflet-control-layers-list");
  page.groups = Object.values(map._layers).filter((one) => one instanceof L.FeatureGroup && !(one instanceof L.GeoJSON));
  list.append(document.getElementById("ranks").content.cloneNode(true));
  control.querySelector(".leaflet-control-layers-toggle").setAttribute("aria-label", "Layers and legend");
  if (page.asked) page.goTo(map, page.asked);
};
