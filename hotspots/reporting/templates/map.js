"use strict";
// The map: layers drawn from the tables and outlines of the page, pop-ups, and labels that do not overlap.
const page = { labels: [], places: {}, titles: {}, returnTo: null };

page.data = JSON.parse(document.getElementById("data").textContent);

page.panes = { force: "base", ward: "outlines", team: "outlines", hotspot: "hotspots", zone: "hotspots", area: "areas", past: "past" };

page.isNarrow = () => window.innerWidth < 900;

page.open = function (id) {
  const map = shared.open(id, { zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 6 });
  const panes = ["tiles", "base", "background", "cells", "outlines", "hotspots", "areas", "past", "concerns"];
  panes.forEach((name, n) => { map.createPane(name).style.zIndex = 310 + 10 * n; });
  map.getPane("base").style.pointerEvents = "none";
  map.getPane("outlines").style.pointerEvents = "none";
  map.createPane("labels").style.zIndex = 600;
  map.getPane("background").style.pointerEvents = "none";
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

// A layer of results: a shape or a circle for each row of its table, and a label that opens its pop-up.
page.draw = function (group, name) {
  const drawn = page.data[name], table = document.getElementById("table-" + name);
  const rows = table ? [...table.tBodies[0].rows] : [];
  rows.forEach((row, n) => {
    const style = drawn.kinds[drawn.kind[n]], title = row.cells[0].textContent, id = drawn.ids[n];
    const feature = { title, style, row, id, group };
    const layers = [];
    if (drawn.shapes && drawn.shapes[n]) layers.push(page.polygon(drawn.shapes[n], style));
    if (drawn.sizes) layers.push(L.circleMarker(shared.at(drawn.points[n]), { radius: drawn.sizes[n], className: style, pane: "concerns" }));
    if (drawn.marks && drawn.points[n]) page.addMark(group, feature, drawn.points[n], drawn.marks[n], layers.length > 0);
    layers.forEach((layer) => page.addPopup(layer, feature, !feature.mark || feature.mark.order > 50));
    layers.forEach((layer) => layer.addTo(group));
    feature.shape = layers[0] || feature.mark;
    if (feature.shape) page.places[id] = feature;
  });
};

// Labels beyond the fiftieth are created only when they come into view, for speed.
page.addMark = function (group, feature, point, text, isNumber) {
  const order = isNumber ? Number(text) : text === "?" ? 20.5 : -1; // question marks come after the first twenty
  const name = isNumber ? feature.title.replace(/^[^:]*: (On or near )?/, "").slice(0, 60) : "";
  feature.mark = page.label(group, point, { text, name, order, style: isNumber ? feature.style.replace("area", "number") : feature.style });
  feature.mark.feature = feature;
  if (order <= 50) page.makeLabel(feature.mark);
};

page.label = function (group, point, facts) {
  const label = { ...facts, group, at: L.latLng(shared.at(point)), marker: null };
  page.labels.push(label);
  return label;
};

page.makeLabel = function (label) {
  const element = document.createElement("div");
  element.append(Object.assign(document.createElement("b"), { textContent: label.text }));
  if (label.name) element.append(Object.assign(document.createElement("i"), { textContent: label.name }));
  const icon = L.divIcon({ className: "mark " + label.style, html: element.innerHTML, iconSize: [0, 0] });
  const hasPopup = Boolean(label.feature);
  label.marker = L.marker(label.at, {
    icon, pane: "labels", interactive: hasPopup, keyboard: hasPopup, zIndexOffset: -100 * label.order, riseOnHover: true,
  });
  if (hasPopup) page.addPopup(label.marker, label.feature, true);
  label.marker.addTo(label.group);
};

page.addPopup = function (layer, feature, isFocusable) {
  layer.bindPopup(() => page.popupContent(feature), { maxWidth: Math.min(320, window.innerWidth - 60), ...page.popupPadding() });
  layer.feature = feature;
  layer.on("add", () => {
    const element = layer.getElement();
    if (!element) return;
    element.setAttribute("aria-label", feature.title);
    element.setAttribute("role", "button");
    if (!isFocusable) return; // its label takes the keyboard focus
    element.setAttribute("tabindex", "0");
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      layer.openPopup();
    });
  });
};

// Pop-ups avoid the controls on a wide screen; on a narrow one the controls are hidden.
page.popupPadding = () => page.isNarrow()
  ? { autoPanPadding: [8, 8] }
  : { autoPanPaddingTopLeft: [55, 12], autoPanPaddingBottomRight: [325, 12] };

page.popupContent = function (feature) {
  const box = document.createElement("div");
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text, dir: "auto" });
  const head = make("h2", feature.title);
  head.tabIndex = -1;
  const list = document.createElement("dl");
  const fields = feature.row ? page.rowFields(feature.row) : feature.fields;
  fields.forEach(([label, text]) => list.append(make("dt", label), make("dd", text)));
  box.append(head, list);
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

// Rivers, roads and place names of the base map.
page.background = function (group, name) {
  page.data[name].forEach((drawn) => {
    const { kind, names, points } = drawn;
    shared.background(group, drawn, "background");
    points.forEach((point, n) => page.label(group, point, { text: names[n], order: kind === "place" ? 1500 : 3000, style: "place base" }));
  });
};

page.tiles = function (group, name) {
  L.tileLayer(page.data[name].url, { pane: "tiles", maxZoom: 18 }).addTo(group);
  group.on("add remove", (event) => page.map.getContainer().classList.toggle("tiled", event.type === "add"));
};

page.cells = function (group, name) {
  const data = page.data[name], [tall, wide] = data.half;
  data.shades.forEach((steps, shade) => {
    const squares = [];
    for (let n = 0; n < steps.length; n += 2) {
      const lat = data.corner[0] + steps[n] / 10000, lon = data.corner[1] + steps[n + 1] / 10000;
      squares.push([[[lat - tall, lon - wide], [lat + tall, lon - wide], [lat + tall, lon + wide], [lat - tall, lon + wide]]]);
    }
    L.polygon(squares, { className: "cell shade" + shade, pane: "cells", interactive: false, smoothFactor: 0 }).addTo(group);
  });
};

page.names = function (group, name) {
  const { points, names } = page.data[name];
  points.forEach((point, n) => page.label(group, point, { text: names[n], order: 2000 + n, style: "street" }));
};

// A rank that would cover a higher one shrinks to a dot. Names follow where there is room: areas, then teams, then streets.
page.placeLabels = function (map) {
  const zoom = map.getZoom(), view = map.getBounds().pad(0.1), index = new shared.LabelIndex();
  map.getContainer().classList.toggle("closest", zoom >= 15);
  const isPast = (label) => label.style.includes(" past ");
  const shown = page.labels.filter((label) => view.contains(label.at) && map.hasLayer(label.group)
    && !(label.style === "street" && zoom < 15) && !(label.feature && page.isPastRun && !isPast(label)));
  shown.sort((one, other) => one.order - other.order);
  const around = (label, left, right, below, above = below) => {
    const at = map.latLngToContainerPoint(label.at);
    return [at.x - left, at.y - above, at.x + right, at.y + below];
  };
  const place = (label, isFitting) => {
    if (!label.marker && isFitting) page.makeLabel(label);
    if (label.marker) label.marker.getElement().classList.toggle("crowded", !isFitting);
  };
  const feature = shown.filter((label) => label.feature);
  for (const label of feature) {
    const isNumber = label.order > 0, wide = isNumber ? 12 : 6 + 4 * label.text.length;
    const isDeferred = isNumber && label.order > 21 && zoom < 12;
    // A question mark is placed to the upper right, clear of the rank.
    place(label, !isDeferred && index.fits(label.order === 20.5 ? around(label, -12, 24, -12, 28) : around(label, wide, wide, 12)));
  }
  for (const label of feature.filter((label) => label.marker)) {
    const element = label.marker.getElement();
    const hasRoom = label.name && !element.classList.contains("crowded") && (zoom >= 13.5 || label.order <= 5);
    element.classList.toggle("named", Boolean(hasRoom) && index.fits(around(label, -13, 20 + 7 * label.name.length, 9)));
  }
  for (const label of shown.filter((label) => !label.feature)) {
    const wide = 3.3 * label.text.length + 4;
    place(label, index.fits(around(label, wide, wide, 9)));
  }
};

page.goTo = function (map, id) {
  const feature = page.places[id];
  if (!feature) return false;
  if (!map.hasLayer(feature.group)) feature.group.addTo(map);
  if (feature.mark && !feature.mark.marker) page.makeLabel(feature.mark);
  const layer = feature.mark ? feature.mark.marker : feature.shape;
  const at = feature.mark ? feature.mark.at : layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
  map.setView(at, 16, { animate: false });
  map.getContainer().scrollIntoView({ block: "nearest" });
  layer.openPopup();
  return true;
};

// The list of layers, which is also the legend, grouped under headings.
page.addItem = L.Control.Layers.prototype._addItem;
L.Control.Layers.include({
  _addItem(item) {
    const label = page.addItem.call(this, item);
    const name = label.querySelector("[data-group]").dataset.group;
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
  const narrow = page.isNarrow();
  map.fitBounds(page.data.bounds, { paddingTopLeft: [narrow ? 8 : 50, 8], paddingBottomRight: [narrow ? 8 : 290, 8] });
  map.on("zoomend moveend overlayadd overlayremove resize", placeLabels);
  placeLabels();
  map.on("popupopen", (event) => {
    page.returnTo = document.activeElement;
    map.getContainer().classList.add("popup-open");
    const head = event.popup.getElement().querySelector("h2");
    if (head) head.focus({ preventScroll: true });
  });
  map.on("popupclose", () => {
    map.getContainer().classList.remove("popup-open");
    if (page.returnTo && page.returnTo.isConnected) page.returnTo.focus({ preventScroll: true });
    page.returnTo = null;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  document.querySelectorAll("[data-area]").forEach((button) => {
    button.addEventListener("click", () => page.goTo(map, button.dataset.area));
  });
  map.getContainer().querySelector(".leaflet-control-layers-toggle").setAttribute("aria-label", "Layers and legend");
  page.startTools(map);
};
