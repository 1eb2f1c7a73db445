"use strict";
// Shared by all maps: decoded geometries, labels that do not overlap, buttons that move the map.
const shared = { reducedMotion: window.matchMedia("(prefers-reduced-motion: reduce)").matches };

// Shapes are integer steps of 0.00001 degrees from point to point; the first is relative to 53 N, 2 W.
shared.at = (step) => [53 + step[1] / 1e5, -2 + step[0] / 1e5];

shared.line = function (steps) {
  const points = [];
  for (let n = 0, x = 0, y = 0; n < steps.length; n += 2) {
    x += steps[n];
    y += steps[n + 1];
    points.push(shared.at([x, y]));
  }
  return points;
};

shared.polygon = (parts, options) => L.polygon(parts.map((rings) => rings.map(shared.line)), options);

// Labels placed so far, indexed by squares of 100 pixels to find overlaps fast.
shared.LabelIndex = class {
  constructor() { this.squares = new Map(); }
  fits(box) {
    const squares = [];
    for (let x = Math.floor(box[0] / 100); x <= box[2] / 100; x += 1) {
      for (let y = Math.floor(box[1] / 100); y <= box[3] / 100; y += 1) squares.push(x + "," + y);
    }
    const isFree = squares.every((square) => (this.squares.get(square) || []).every((other) =>
      box[0] >= other[2] || box[2] <= other[0] || box[1] >= other[3] || box[3] <= other[1]));
    if (isFree) squares.forEach((square) => { this.squares.set(square, [...(this.squares.get(square) || []), box]); });
    return isFree;
  }
};

// Without animation for those who prefer reduced motion.
shared.motionOptions = () => (shared.reducedMotion
  ? { zoomAnimation: false, markerZoomAnimation: false, inertia: false }
  : {});

shared.open = function (id, options) {
  const map = L.map(id, { attributionControl: false, zoomControl: false, fadeAnimation: false, maxZoom: 18, ...shared.motionOptions(), ...options });
  if (shared.reducedMotion) map.panBy = (offset, more) => L.Map.prototype.panBy.call(map, offset, { ...more, animate: false });
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", "Map. Use the arrow keys to move, plus and minus to zoom, and Tab to go from area to area.");
  L.control.zoom({ position: "topleft", zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" }).addTo(map);
  shared.addMoveButtons(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  return map;
};

// Arrow buttons for those who cannot drag.
shared.addMoveButtons = function (map) {
  const moves = L.control({ position: "topleft" });
  moves.onAdd = () => {
    const box = L.DomUtil.create("div", "moves");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Move the map");
    [["up", "▲", 0, -1], ["left", "◀", -1, 0], ["right", "▶", 1, 0], ["down", "▼", 0, 1]].forEach(([way, arrow, x, y]) => {
      const button = L.DomUtil.create("button", way, box);
      button.type = "button";
      button.textContent = arrow;
      button.title = `Move ${way}`;
      button.setAttribute("aria-label", button.title);
      button.addEventListener("click", () => {
        const size = map.getSize();
        map.panBy([x * Math.round(size.x / 3), y * Math.round(size.y / 3)]);
      });
    });
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  moves.addTo(map);
};
