"use strict";
// Outlines of both reports on one map: one layer and checkbox for each set, with pop-ups.
(function () {
  const { layers, base_maps: baseMaps } = JSON.parse(document.getElementById("data").textContent);
  const map = shared.open("map", { zoomSnap: 0.5, minZoom: 5 });
  const boxes = document.getElementById("layers"), everything = L.latLngBounds([]);
  boxes.hidden = false;
  map.createPane("base").style.zIndex = 310;
  map.getPane("base").style.pointerEvents = "none";
  const names = [];
  for (const { outlines, drawn, credit } of baseMaps) {
    for (const { style, shapes, names: labels, points } of outlines) {
      for (const parts of shapes) {
        if (!parts) continue;
        const drawn = shared.polygon(parts, { className: style, pane: "base", interactive: false }).addTo(map);
        everything.extend(drawn.getBounds());
      }
      labels.forEach((text, n) => names.push({ text, at: shared.at(points[n]), order: 1 }));
    }
    baseMap.add(map, L.layerGroup().addTo(map), drawn, credit);
  }
  for (const { name, style, shapes } of layers) {
    const group = L.featureGroup();
    for (const { rings, mark, only, text } of shapes) {
      const outline = L.polygon(rings.map((ring) => [ring]), { className: style + (only ? " only" : "") });
      outline.bindPopup(() => Object.assign(document.createElement("p"), { textContent: text, dir: "auto" }));
      outline.on("add", () => {
        const element = outline.getElement();
        element.setAttribute("tabindex", "0");
        element.setAttribute("role", "button");
        element.setAttribute("aria-label", text);
        element.addEventListener("keydown", (event) => {
          if (event.key === "Enter" || event.key === " ") { event.preventDefault(); outline.openPopup(); }
        });
      });
      everything.extend(outline.getBounds());
      group.addLayer(outline);
      if (mark) {
        const rank = Object.assign(document.createElement("span"), { textContent: style[0].toUpperCase() + mark });
        const icon = L.divIcon({ className: "rank-mark", html: rank, iconSize: [30, 12] });
        group.addLayer(L.circleMarker(outline.getBounds().getCenter(), { className: style + (only ? " dot only" : " dot"), radius: 6, interactive: false }));
        group.addLayer(L.marker(outline.getBounds().getCenter(), { icon, interactive: false, keyboard: false }));
      }
    }
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: shapes.length > 0, disabled: !shapes.length });
    const label = document.createElement("label");
    label.append(box, ` ${name} (${shapes.length})`);
    boxes.append(label);
    box.addEventListener("change", () => { if (box.checked) group.addTo(map); else group.remove(); });
    if (shapes.length) group.addTo(map);
  }
  const fit = () => {
    if (everything.isValid()) map.fitBounds(everything, { padding: [12, 12], animate: false });
    else map.setView([53, -2], 6);
  };
  fit();
  // Place names that do not overlap, below the ranks of areas.
  const nameIcons = L.layerGroup().addTo(map);
  const placeNames = () => {
    map.getContainer().classList.toggle("far", map.getZoom() < 13);
    nameIcons.clearLayers();
    const index = new shared.LabelIndex(), view = map.getBounds();
    names.sort((one, other) => one.order - other.order);
    for (const { text, at } of names) {
      const point = map.latLngToContainerPoint(at), wide = 3.6 * text.length + 4;
      if (!view.contains(at) || !index.fits([point.x - wide, point.y - 9, point.x + wide, point.y + 9])) continue;
      const html = Object.assign(document.createElement("span"), { textContent: text, dir: "auto" });
      const icon = L.divIcon({ className: "base-name", html, iconSize: [0, 0] });
      nameIcons.addLayer(L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -5000 }));
    }
  };
  map.on("zoomend moveend resize", placeNames);
  placeNames();
  let before = null;
  window.addEventListener("beforeprint", () => { before = [map.getCenter(), map.getZoom()]; document.documentElement.classList.add("printing"); map.invalidateSize({ animate: false }); fit(); });
  window.addEventListener("afterprint", () => { document.documentElement.classList.remove("printing"); map.invalidateSize({ animate: false }); if (before) map.setView(...before, { animate: false }); });
})();
