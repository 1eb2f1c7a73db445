"use strict";
// What the map does beyond drawing: pop-ups from plain texts, labels that make room, the list beside the map.
const page = { labels: [], areas: {}, returnTo: null };

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

page.style = (feature) => ({
  className: feature.properties.style,
  interactive: Boolean(feature.properties.rows),
});

page.point = function (feature, point) {
  const told = feature.properties;
  if (told.size) return L.circleMarker(point, { radius: told.size, className: told.style, pane: "concerns" });
  const mark = document.createElement("div");
  mark.append(Object.assign(document.createElement("b"), { textContent: told.text }));
  if (told.name) mark.append(Object.assign(document.createElement("i"), { textContent: told.name }));
  const icon = L.divIcon({ className: "mark " + told.style, html: mark.innerHTML, iconSize: [0, 0] });
  const label = L.marker(point, {
    icon, pane: "labels", interactive: Boolean(told.rows), keyboard: Boolean(told.rows), zIndexOffset: -100 * told.order,
    riseOnHover: true,
  });
  page.labels.push(label);
  return label;
};

page.bind = function (feature, layer) {
  const told = feature.properties;
  if (!told.rows) return;
  layer.bindPopup(() => page.told(told), { maxWidth: Math.min(320, window.innerWidth - 60), autoPanPadding: [12, 12] });
  if (told.id && layer.getLatLng) page.areas[told.id] = layer;
  layer.on("add", () => {
    const element = layer.getElement();
    if (!element) return;
    const hasOwnLabel = told.id && !layer.getLatLng;
    element.setAttribute("aria-label", told.title);
    if (hasOwnLabel) return;
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); layer.openPopup(); }
    });
  });
};

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

// A label that would cover a better-ranked one shrinks to a dot; names of places and streets give way altogether.
page.makeRoom = function (map) {
  const box = map.getContainer().classList;
  const zoom = map.getZoom();
  box.toggle("near", zoom >= 13.5);
  box.toggle("closest", zoom >= 15);
  const taken = [];
  const shown = page.labels.filter((label) => map.hasLayer(label));
  shown.sort((one, other) => one.feature.properties.order - other.feature.properties.order);
  const view = map.getBounds().pad(0.1);
  for (const label of shown) {
    const told = label.feature.properties, element = label.getElement();
    const isStreet = told.style === "street", isPlace = told.style === "place";
    if (!element || (isStreet && (zoom < 15 || !view.contains(label.getLatLng())))) continue;
    const point = map.latLngToContainerPoint(label.getLatLng());
    const half = isStreet || isPlace ? [told.text.length * 3.3 + 4, 9] : [12 + told.text.length * 2, 12];
    const named = told.name && zoom >= 13.5 ? told.name.length * 7 + 6 : 0;
    const mine = [point.x - half[0], point.y - half[1], point.x + half[0] + named, point.y + half[1]];
    const clash = taken.some((other) => mine[0] < other[2] && mine[2] > other[0] && mine[1] < other[3] && mine[3] > other[1]);
    const alone = clash && named ? [mine[0], mine[1], point.x + half[0], mine[3]] : mine;
    const crowded = clash && taken.some((other) => alone[0] < other[2] && alone[2] > other[0] && alone[1] < other[3] && alone[3] > other[1]);
    element.classList.toggle("crowded", crowded);
    element.classList.toggle("unnamed", clash && !crowded);
    if (!crowded) taken.push(clash ? alone : mine);
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

page.start = function (map, bounds) {
  const room = () => page.makeRoom(map);
  map.fitBounds(bounds, { padding: [8, 8] });
  map.on("zoomend moveend overlayadd overlayremove resize", room);
  room();
  map.on("popupopen", (event) => {
    page.returnTo = document.activeElement;
    const head = event.popup.getElement().querySelector("h2");
    if (head) head.focus({ preventScroll: true });
  });
  map.on("popupclose", () => {
    if (page.returnTo && page.returnTo.isConnected) page.returnTo.focus({ preventScroll: true });
    page.returnTo = null;
  });
  document.querySelectorAll("[data-area]").forEach((button) => {
    button.addEventListener("click", () => page.goTo(map, button.dataset.area));
  });
  const control = map.getContainer().querySelector(".leaflet-control-layers");
  const list = control.querySelector(".leaflet-control-layers-list");
  page.groups = Object.values(map._layers).filter((one) => one instanceof L.FeatureGroup && !(one instanceof L.GeoJSON));
  list.append(document.getElementById("ranks").content.cloneNode(true));
  control.querySelector(".leaflet-control-layers-toggle").setAttribute("aria-label", "Layers and legend");
};
