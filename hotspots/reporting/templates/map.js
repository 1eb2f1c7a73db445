"use strict";
// The map: layers drawn from the tables and outlines of the page, their pop-ups, and the list of layers.
const page = { labels: [], places: {}, returnTo: null };

page.data = JSON.parse(document.getElementById("data").textContent);

page.panes = { force: "base", ward: "outlines", team: "outlines", hotspot: "hotspots", zone: "hotspots", change: "areas", area: "areas", past: "past" };

page.isNarrow = () => window.innerWidth < 900;

page.open = function (id) {
  const map = shared.open(id, { zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 6 });
  const panes = ["tiles", "base", "background", "cells", "outlines", "hotspots", "areas", "past", "concerns"];
  panes.forEach((name, n) => { map.createPane(name).style.zIndex = 310 + 10 * n; });
  map.getPane("base").style.pointerEvents = "none";
  map.getPane("outlines").style.pointerEvents = "none";
  map.createPane("labels").style.zIndex = 600;
  map.createPane("pins").style.zIndex = 620;
  page.map = map;
  map.getPane("cells").style.pointerEvents = "none";
  return map;
};

// Decode points and texts as encoded by geometry_encoding.py.
page.alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

page.unpackPoint = function (packed, n) {
  const [a, b, c, d, e, f] = [...packed.slice(6 * n, 6 * n + 6)].map((character) => page.alphabet.indexOf(character));
  return [10 * (a * 4096 + b * 64 + c - 131072), 10 * (d * 4096 + e * 64 + f - 131072)];
};

page.unpackTexts = function (coded) {
  let text = "";
  return coded.map((part) => { text = text.slice(0, page.alphabet.indexOf(part[0])) + part.slice(1); return text; });
};

// Whether a point (latitude, longitude) is inside a shape: an odd number of its edges is east of it.
page.contains = function (parts, [y, x]) {
  let isInside = false;
  parts.flat().map(shared.line).forEach((ring) => ring.forEach(([y1, x1], n) => {
    const [y2, x2] = ring[(n + 1) % ring.length];
    if ((y1 > y) !== (y2 > y) && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1)) isInside = !isInside;
  }));
  return isInside;
};

page.polygon = (parts, style, more) =>
  shared.polygon(parts, { className: style, pane: page.panes[style.split(" ")[0]], ...more });

// A layer of results: the rows of some tables whose style has one of the given classes; without classes, all rows.
page.draw = function (group, { tables, classes }) {
  tables.forEach((name) => {
    const drawn = page.data[name], table = document.getElementById("table-" + name);
    (table ? [...table.tBodies[0].rows] : []).forEach((row, n) => {
      const style = drawn.kinds[drawn.kind[n]];
      if (classes.length && !style.split(" ").some((one) => classes.includes(one))) return;
      page.drawFeature(group, drawn, n, { title: row.cells[0].textContent, style, row, id: drawn.ids[n], group });
    });
  });
};

// A shape or a circle, and a pin where it has a mark; the pin takes the keyboard focus.
page.drawFeature = function (group, drawn, n, feature) {
  const { style } = feature, layers = [];
  feature.family = ["asb", "burglary"].find((family) => style.split(" ").includes(family));
  if (drawn.shapes && drawn.shapes[n]) layers.push(page.polygon(drawn.shapes[n], style));
  if (drawn.sizes) layers.push(L.circleMarker(shared.at(drawn.points[n]), { radius: drawn.sizes[n], className: style, pane: "concerns" }));
  if (drawn.marks && drawn.marks[n] && drawn.points[n]) page.addPin(feature, drawn.points[n], drawn.marks[n]);
  layers.forEach((layer) => page.makeButton(layer, feature, !feature.at));
  layers.forEach((layer) => layer.addTo(group));
  feature.shape = layers[0];
  if (feature.shape || feature.at) page.places[feature.id] = feature;
};

// A shape that opens its pop-up by mouse and, if nothing else of its feature does, by keyboard.
page.makeButton = function (layer, feature, isFocusable) {
  layer.feature = feature;
  layer.on("click", (event) => {
    if (page.isMeasuring) return;
    L.DomEvent.stopPropagation(event);
    page.openPopup(feature, event.latlng);
  });
  layer.on("add", () => {
    const element = layer.getElement();
    if (!element) return;
    element.setAttribute("aria-label", feature.title);
    element.setAttribute("role", "button");
    if (isFocusable) page.onKeyboard(element, () => page.openPopup(feature));
  });
};

page.onKeyboard = function (element, open) {
  element.setAttribute("tabindex", "0");
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    open();
  });
};

page.centre = (feature) => feature.at
  || (feature.shape.getLatLng ? feature.shape.getLatLng() : feature.shape.getBounds().getCenter());

page.openPopup = (feature, at) => page.showPopup(at || page.centre(feature), page.popupContent(feature), feature);

page.showPopup = function (at, content, feature) {
  const opened = document.activeElement;
  const from = opened && opened.closest(".leaflet-popup") ? page.returnTo : opened;
  const popup = L.popup({ maxWidth: Math.min(320, window.innerWidth - 60), ...page.popupPadding() });
  popup.feature = feature;
  popup.setLatLng(at).setContent(content).openOn(page.map);
  page.returnTo = from;
};

// Pop-ups avoid the controls on a wide screen; on a narrow one the controls are hidden.
page.popupPadding = () => page.isNarrow()
  ? { autoPanPadding: [8, 8] }
  : { autoPanPaddingTopLeft: [55, 12], autoPanPaddingBottomRight: [page.legendWidth() + 35, 12] };

page.legendWidth = function () {
  const legend = page.map.getContainer().querySelector(".leaflet-control-layers-expanded");
  return legend ? legend.offsetWidth : 0;
};

page.heading = function (text) {
  const head = Object.assign(document.createElement("h2"), { textContent: text, dir: "auto" });
  head.tabIndex = -1;
  return head;
};

page.popupContent = function (feature) {
  const box = document.createElement("div");
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text, dir: "auto" });
  const list = document.createElement("dl");
  const fields = feature.row ? page.rowFields(feature.row) : feature.fields;
  fields.forEach(([label, text]) => list.append(make("dt", label), make("dd", text)));
  box.append(page.heading(feature.title), list);
  return box;
};

page.rowFields = function (row) {
  const heads = row.closest("table").tHead.rows[0].cells;
  return [...row.cells].map((cell, n) => [heads[n].textContent, cell.textContent]).slice(1).filter(([, text]) => text);
};

page.outline = function (group, name) {
  const drawn = page.data[name];
  drawn.shapes.forEach((parts) => {
    if (parts) page.polygon(parts, drawn.style, { interactive: false }).addTo(group);
  });
  drawn.points.forEach((point, n) => {
    page.makeLabel(page.label(group, point, { text: drawn.names[n], order: 1000, style: "place" }));
  });
};

// Roads, water and names of the base map.
page.baseMap = function (group, name) {
  const text = document.getElementById("base-map").textContent.trim();
  baseMap.add(page.map, group, text, page.data[name].credit, page.shownLabels);
};

// Boxes that pins and labels cover, in pixels of a view, and the names of teams and wards among them.
page.shownLabels = function (view) {
  const shown = page.labels.filter(({ group, marker, style }) => marker && style === "place" && page.map.hasLayer(group));
  return { boxes: page.labelBoxes(view), names: new Set(shown.map(({ text }) => text)) };
};

page.tiles = function (group, name) {
  L.tileLayer(page.data[name].url, { pane: "tiles", maxZoom: 18 }).addTo(group);
  group.on("add remove", (event) => page.map.getContainer().classList.toggle("tiled", event.type === "add"));
};

// Squares with recorded incidents, shaded by family.
page.cells = function (group, names) {
  names.forEach((name) => {
    const data = page.data[name], [tall, wide] = data.half;
    data.shades.forEach((steps, shade) => {
      const squares = [];
      for (let n = 0; n < steps.length; n += 2) {
        const lat = data.corner[0] + steps[n] / 10000, lon = data.corner[1] + steps[n + 1] / 10000;
        squares.push([[[lat - tall, lon - wide], [lat + tall, lon - wide], [lat + tall, lon + wide], [lat - tall, lon + wide]]]);
      }
      const className = `cell ${name.replace("_cells", "")} shade${shade}`;
      L.polygon(squares, { className, pane: "cells", interactive: false, smoothFactor: 0 }).addTo(group);
    });
  });
};

page.names = function (group, name) {
  const { points, names } = page.data[name];
  points.forEach((point, n) => page.label(group, point, { text: names[n], order: 2000 + n, style: "street" }));
};

page.goTo = function (map, id) {
  const feature = page.places[id];
  if (!feature) return false;
  page.showFamilyOf(feature);
  if (!map.hasLayer(feature.group)) feature.group.addTo(map);
  map.setView(page.centre(feature), 16, { animate: false });
  map.getContainer().scrollIntoView({ block: "nearest" });
  page.openPopup(feature);
  return true;
};

// The list of layers, which is also the legend, grouped under headings.
page.addItem = L.Control.Layers.prototype._addItem;
L.Control.Layers.include({
  _addItem(item) {
    const label = page.addItem.call(this, item);
    const { group: name, family } = label.querySelector("[data-group]").dataset;
    if (family) label.classList.add("only-" + family);
    const sets = [...this._overlaysList.querySelectorAll("fieldset")];
    let set = sets.find((one) => one.dataset.name === name);
    if (!set) {
      set = document.createElement("fieldset");
      set.dataset.name = name;
      set.append(Object.assign(document.createElement("legend"), { textContent: name }));
      this._overlaysList.append(set);
    }
    set.append(label);
    return label;
  },
});

page.start = function (map) {
  const placeLabels = () => page.placeLabels(map);
  page.startFamily(map);
  page.fit(map);
  map.on("zoomend moveend overlayadd overlayremove resize", placeLabels);
  placeLabels();
  map.on("popupopen", (event) => {
    map.getContainer().classList.add("popup-open");
    const head = event.popup.getElement().querySelector("h2");
    if (head) head.focus({ preventScroll: true });
  });
  map.on("popupclose", () => {
    map.getContainer().classList.remove("popup-open");
    const from = page.returnTo;
    page.returnTo = null;
    if (from && from.isConnected) from.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  document.querySelectorAll("[data-area]").forEach((button) => {
    button.addEventListener("click", () => page.goTo(map, button.dataset.area));
  });
  map.getContainer().querySelector(".leaflet-control-layers-toggle").setAttribute("aria-label", "Layers and legend");
  page.startTools(map);
};
