"use strict";
// What every map of ours needs: outlines out of whole steps, labels that make room, moving without dragging.
const ground = { calm: window.matchMedia("(prefers-reduced-motion: reduce)").matches };

// Shapes are whole steps of 0.00001 degrees from one point to the next; the first counts from 53 N, 2 W.
ground.at = (step) => [53 + step[1] / 1e5, -2 + step[0] / 1e5];

ground.line = function (steps) {
  const found = [];
  for (let n = 0, x = 0, y = 0; n < steps.length; n += 2) {
    x += steps[n];
    y += steps[n + 1];
    found.push(ground.at([x, y]));
  }
  return found;
};

ground.polygon = (parts, options) => L.polygon(parts.map((rings) => rings.map(ground.line)), options);

// Rivers, roads and the like, by kind.
ground.background = function (group, { kind, areas, lines }, pane) {
  const style = { className: "base " + kind, pane, interactive: false };
  areas.forEach((parts) => ground.polygon(parts, style).addTo(group));
  lines.forEach((parts) => L.polyline(parts.map(ground.line), style).addTo(group));
};

// What stands on the map already, in squares of 100 pixels, so that a thousand labels take no longer each than ten.
ground.Room = class {
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

// For those who ask for less motion, the map jumps where it would glide.
ground.still = () => (ground.calm
  ? { zoomAnimation: false, markerZoomAnimation: false, inertia: false }
  : {});

ground.open = function (id, options) {
  const map = L.map(id, { attributionControl: false, zoomControl: false, fadeAnimation: false, maxZoom: 18, ...ground.still(), ...options });
  if (ground.calm) map.panBy = (offset, more) => L.Map.prototype.panBy.call(map, offset, { ...more, animate: false });
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom, Tab goes from area to area.");
  L.control.zoom({ position: "topleft", zoomInTitle: "Closer", zoomOutTitle: "Further" }).addTo(map);
  ground.addMoves(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  return map;
};

// Four arrows for those who cannot drag.
ground.addMoves = function (map) {
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
