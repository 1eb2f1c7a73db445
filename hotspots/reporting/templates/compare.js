"use strict";
// Both sets of outlines on one map: a layer a set, a tick box each, words in pop-ups as plain text.
(function () {
  const layers = JSON.parse(document.getElementById("data").textContent);
  const map = L.map("map", { attributionControl: false, fadeAnimation: false, zoomSnap: 0.5, maxZoom: 18, minZoom: 5 });
  L.control.scale({ imperial: false }).addTo(map);
  const boxes = document.getElementById("layers"), everything = L.latLngBounds([]);
  boxes.hidden = false;
  for (const { name, style, shapes } of layers) {
    const group = L.featureGroup();
    for (const { rings, mark, alone, says } of shapes) {
      const outline = L.polygon(rings.map((ring) => [ring]), { className: style + (alone ? " alone" : "") });
      outline.bindPopup(() => Object.assign(document.createElement("p"), { textContent: says, dir: "auto" }));
      outline.on("add", () => {
        const element = outline.getElement();
        element.setAttribute("tabindex", "0");
        element.setAttribute("role", "button");
        element.setAttribute("aria-label", says);
        element.addEventListener("keydown", (event) => {
          if (event.key === "Enter" || event.key === " ") { event.preventDefault(); outline.openPopup(); }
        });
      });
      everything.extend(outline.getBounds());
      group.addLayer(outline);
      if (mark) {
        const text = Object.assign(document.createElement("span"), { textContent: style[0].toUpperCase() + mark });
        const icon = L.divIcon({ className: "rank-mark", html: text, iconSize: [30, 12] });
        group.addLayer(L.circleMarker(outline.getBounds().getCenter(), { className: style + (alone ? " dot alone" : " dot"), radius: 6, interactive: false }));
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
  if (everything.isValid()) map.fitBounds(everything, { padding: [12, 12] });
  else map.setView([53, -2], 6);
  const far = () => map.getContainer().classList.toggle("far", map.getZoom() < 13);
  map.on("zoomend", far);
  far();
})();
