"use strict";
// The base map: roads, railways, water, woods and names, unpacked from the page and drawn on a canvas.
const baseMap = { width: 256 };

// Zoom from which a kind is drawn, its colour, and its width in pixels at zooms 10, 14 and 18.
baseMap.styles = {
  wood: { zoom: 8, fill: "#dbe7cf" }, park: { zoom: 12, fill: "#d3e8c8" }, water: { zoom: 7, fill: "#b9d6e8" },
  stream: { zoom: 13, line: "#9cc3da", width: [0.6, 0.9, 2] }, river: { zoom: 9, line: "#93bdd7", width: [1, 2, 6] },
  path: { zoom: 14.75, line: "#a08f78", width: [0.5, 0.8, 1.6], dash: [4, 3] },
  access_road: { zoom: 14, line: "#fff", edge: "#c3c6c8", width: [0.4, 1.2, 8] },
  local_road: { zoom: 12.5, line: "#fff", edge: "#b5b9bc", width: [0.4, 2, 13] },
  road: { zoom: 9, line: "#fff", edge: "#b5b9bc", width: [0.8, 2.5, 14] },
  minor_road: { zoom: 10.5, line: "#fff", edge: "#a9aeb2", width: [0.8, 2.8, 15] },
  b_road: { zoom: 9.5, line: "#fbeeb6", edge: "#b3a468", width: [1.2, 3.6, 17] },
  a_road: { zoom: 7, line: "#f7d6a3", edge: "#b58e53", width: [1.6, 4.4, 19] },
  motorway: { zoom: 6, line: "#8fb6dd", edge: "#4d7aa8", width: [2.4, 5.5, 22] },
  railway: { zoom: 9, line: "#6f7376", width: [0.9, 1.5, 3], ties: true },
};
// Zoom from which names of places are drawn, their size in pixels and weight.
baseMap.places = {
  city: { zoom: 6, size: 17, weight: 700 }, town: { zoom: 8.5, size: 14, weight: 700 },
  place: { zoom: 10, size: 13, weight: 600 }, suburb: { zoom: 12, size: 12, weight: 600 },
  village: { zoom: 10.5, size: 12, weight: 400 }, hamlet: { zoom: 12.5, size: 11, weight: 400 },
};
baseMap.numbered = { motorway: 8, a_road: 10, b_road: 12 };
baseMap.font = 'system-ui, "Segoe UI", Arial, sans-serif';

// Unpack the file that base_map_encoding.py describes; without a browser's own decompression there is no base map.
baseMap.unpack = async function (text) {
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const end = bytes.indexOf(10), head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  let at = end + 1;
  const next = () => {
    let value = 0, scale = 1, byte;
    do { byte = bytes[at]; at += 1; value += (byte & 127) * scale; scale *= 128; } while (byte > 127);
    return value;
  };
  const numbers = (count) => Float64Array.from({ length: count }, next);
  const texts = [""];
  head.texts.forEach((part) => { texts.push(texts[texts.length - 1].slice(0, baseMap.shared(part)) + part.slice(1)); });
  return head.layers.map(({ kind, lines, points }) => {
    const layer = { kind, texts, names: numbers(lines), numbers: numbers(lines), rings: numbers(lines), counts: numbers(lines) };
    return { ...layer, ...baseMap.place(numbers(points), numbers(points), layer.counts) };
  });
};

baseMap.shared = (part) => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(part[0]);

// Turn steps into pixels of zoom 0, and find the first point and the bounds of each line.
baseMap.place = function (x, y, counts) {
  const starts = new Int32Array(counts.length + 1), bounds = new Float64Array(counts.length * 4);
  const signed = (step) => (step % 2 ? -(step + 1) / 2 : step / 2);
  let first = [0, 0];
  for (let line = 0, n = 0; line < counts.length; line += 1) {
    starts[line] = n;
    let [east, north] = first, west0 = Infinity, top0 = Infinity, east0 = -Infinity, low0 = -Infinity;
    for (let point = 0; point < counts[line]; point += 1, n += 1) {
      east += signed(x[n]);
      north += signed(y[n]);
      if (!point) first = [east, north];
      const sine = Math.sin(((53 + north / 1e5) * Math.PI) / 180);
      x[n] = baseMap.width * ((-2 + east / 1e5) / 360 + 0.5);
      y[n] = baseMap.width * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
      west0 = Math.min(west0, x[n]); east0 = Math.max(east0, x[n]);
      top0 = Math.min(top0, y[n]); low0 = Math.max(low0, y[n]);
    }
    bounds.set([west0, top0, east0, low0], line * 4);
  }
  starts[counts.length] = x.length;
  return { x, y, starts, bounds };
};

// A canvas that covers the view and its surroundings, as Leaflet's own, and is drawn anew after each move.
baseMap.Canvas = L.Renderer.extend({
  initialize(layers, draw, pane) {
    L.Renderer.prototype.initialize.call(this, { pane, padding: 0.2 });
    Object.assign(this, { layers, draw });
  },
  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
  },
  _destroyContainer() {
    this._container.remove();
    this._container = null;
  },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds, size = this._bounds.getSize(), ratio = Math.min(2, window.devicePixelRatio || 1);
    const canvas = this._container, context = canvas.getContext("2d");
    L.DomUtil.setPosition(canvas, min);
    Object.assign(canvas, { width: size.x * ratio, height: size.y * ratio });
    Object.assign(canvas.style, { width: `${size.x}px`, height: `${size.y}px` });
    const zoom = this._map.getZoom(), scale = 2 ** zoom, from = this._map.getPixelOrigin().add(min);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const view = { zoom, scale, from, size, bounds: [from.x, from.y, from.x + size.x, from.y + size.y].map((edge) => edge / scale) };
    this.draw(context, view, this);
  },
});

// Numbers of the lines of a layer that meet the view.
baseMap.inView = function ({ bounds }, [west, top, east, low]) {
  const found = [];
  for (let n = 0, at = 0; at < bounds.length; n += 1, at += 4) {
    if (bounds[at] <= east && bounds[at + 2] >= west && bounds[at + 1] <= low && bounds[at + 3] >= top) found.push(n);
  }
  return found;
};

// Add a line to the path, without points that are less than a pixel from the one before.
baseMap.trace = function (context, layer, line, { scale, from }, step = 1) {
  const last = layer.starts[line + 1] - 1;
  let x0 = layer.x[layer.starts[line]] * scale - from.x, y0 = layer.y[layer.starts[line]] * scale - from.y;
  context.moveTo(x0, y0);
  for (let n = layer.starts[line] + 1; n <= last; n += 1) {
    const x = layer.x[n] * scale - from.x, y = layer.y[n] * scale - from.y;
    if (n < last && Math.abs(x - x0) < step && Math.abs(y - y0) < step) continue;
    context.lineTo(x, y);
    x0 = x; y0 = y;
  }
};

baseMap.widthAt = function ([far, near, nearest], zoom) {
  const between = (low, high, part) => low * (high / low) ** Math.max(0, part);
  return zoom < 14 ? between(far, near, (zoom - 10) / 4) : between(near, nearest, Math.min(1, (zoom - 14) / 4));
};

baseMap.drawLines = function (context, view, { layers }) {
  const drawn = layers.filter(({ kind }) => baseMap.styles[kind] && view.zoom >= baseMap.styles[kind].zoom)
    .map((layer) => ({ layer, style: baseMap.styles[layer.kind], lines: baseMap.inView(layer, view.bounds) }));
  const edged = ({ style }) => style.edge && baseMap.widthAt(style.width, view.zoom) > 2;
  drawn.filter(({ style }) => style.fill).forEach((one) => baseMap.fill(context, view, one));
  drawn.filter(({ style }) => !style.fill && !style.edge && !style.ties).forEach((one) => baseMap.stroke(context, view, one, one.style.line, 0));
  drawn.filter(edged).forEach((one) => baseMap.stroke(context, view, one, one.style.edge, 1.4));
  drawn.filter(({ style }) => style.edge).forEach((one) => baseMap.stroke(context, view, one, edged(one) ? one.style.line : one.style.edge, 0));
  drawn.filter(({ style }) => style.ties).forEach((one) => {
    baseMap.stroke(context, view, one, one.style.line, 0);
    if (view.zoom >= 13) baseMap.stroke(context, view, one, "#fff", -0.8, [7, 7]);
  });
};

baseMap.stroke = function (context, view, { layer, style, lines }, colour, more, dash = style.dash || []) {
  Object.assign(context, { strokeStyle: colour, lineWidth: baseMap.widthAt(style.width, view.zoom) + more, lineJoin: "round" });
  context.lineCap = dash.length ? "butt" : "round";
  context.setLineDash(dash);
  // Long paths are slow to stroke, so they are drawn in parts.
  for (let n = 0; n < lines.length; n += 500) {
    context.beginPath();
    lines.slice(n, n + 500).forEach((line) => baseMap.trace(context, layer, line, view));
    context.stroke();
  }
};

baseMap.fill = function (context, view, { layer, style, lines }) {
  context.fillStyle = style.fill;
  const inView = new Set(lines);
  lines.filter((line) => layer.rings[line] === 0).forEach((line) => {
    context.beginPath();
    baseMap.trace(context, layer, line, view);
    for (let hole = line + 1; layer.rings[hole] > 0; hole += 1) if (inView.has(hole)) baseMap.trace(context, layer, hole, view);
    context.fill("evenodd");
  });
};

// Names: places first, then road numbers, then streets along their lines, clear of the labels that the map has already.
baseMap.drawNames = function (context, view, canvas) {
  const index = new baseMap.BoxIndex(), labels = canvas.labels(view);
  labels.boxes.forEach((box) => index.add([box]));
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  const layers = Object.fromEntries(canvas.layers.map((layer) => [layer.kind, layer]));
  ["city", "town", "suburb", "place", "village", "hamlet"].filter((kind) => layers[kind] && view.zoom >= baseMap.places[kind].zoom)
    .forEach((kind) => baseMap.drawPlaces(context, view, layers[kind], index, labels.names));
  Object.keys(baseMap.numbered).filter((kind) => layers[kind] && view.zoom >= baseMap.numbered[kind])
    .forEach((kind) => baseMap.drawNumbers(context, view, layers[kind], index));
  if (view.zoom < 14.5) return;
  ["motorway", "a_road", "b_road", "minor_road", "road", "local_road", "access_road", "path", "river", "water", "park", "wood"]
    .filter((kind) => layers[kind]).forEach((kind) => baseMap.drawStreets(context, view, layers[kind], index));
};

baseMap.write = function (context, text, x, y, colour) {
  Object.assign(context, { strokeStyle: "#fffd", lineWidth: 3, fillStyle: colour });
  context.setLineDash([]);
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
};

baseMap.drawPlaces = function (context, view, layer, index, labelled) {
  const { size, weight, zoom } = baseMap.places[layer.kind], grown = Math.min(5, 0.8 * (view.zoom - zoom));
  context.font = `${weight} ${size + Math.max(0, grown)}px ${baseMap.font}`;
  baseMap.inView(layer, view.bounds).forEach((n) => {
    const text = layer.texts[layer.names[n]], x = layer.x[n] * view.scale - view.from.x, y = layer.y[n] * view.scale - view.from.y;
    const wide = context.measureText(text).width / 2 + 3, tall = size * 0.7;
    if (text && !labelled.has(text) && index.add([[x - wide, y - tall, x + wide, y + tall]])) baseMap.write(context, text, x, y, "#2b333a");
  });
};

baseMap.drawNumbers = function (context, view, layer, index) {
  const colours = { motorway: ["#2f5f96", "#fff"], a_road: ["#1e6b43", "#fff"], b_road: ["#fff", "#1a1d21"] }[layer.kind];
  context.font = `600 10px ${baseMap.font}`;
  const drawn = {};
  baseMap.inView(layer, view.bounds).forEach((line) => {
    const text = layer.texts[layer.numbers[line]], at = text && baseMap.along(layer, line, view, 30);
    if (!at || (drawn[text] || []).some(([x, y]) => Math.hypot(x - at.x, y - at.y) < 220)) return;
    const wide = context.measureText(text).width / 2 + 4;
    if (!index.add([[at.x - wide, at.y - 7, at.x + wide, at.y + 7]])) return;
    drawn[text] = [...(drawn[text] || []), [at.x, at.y]];
    Object.assign(context, { fillStyle: colours[0], strokeStyle: layer.kind === "b_road" ? "#59636b" : "#fff", lineWidth: 1 });
    context.setLineDash([]);
    context.beginPath();
    context.rect(at.x - wide, at.y - 7, 2 * wide, 14);
    context.fill();
    context.stroke();
    context.fillStyle = colours[1];
    context.fillText(text, at.x, at.y + 0.5);
  });
};

baseMap.drawStreets = function (context, view, layer, index) {
  const isArea = ["water", "park", "wood"].includes(layer.kind), isWater = ["river", "water"].includes(layer.kind);
  const large = ["motorway", "a_road", "b_road", "minor_road"].includes(layer.kind);
  context.font = `${isArea || isWater ? "italic " : ""}400 ${(large ? 11 : 10) + (view.zoom >= 16 ? 1 : 0)}px ${baseMap.font}`;
  const drawn = {};
  baseMap.inView(layer, view.bounds).forEach((line) => {
    const text = layer.texts[layer.names[line]];
    if (!text || layer.rings[line] > 0) return;
    const wide = context.measureText(text).width, at = isArea ? baseMap.middle(layer, line, view, wide) : baseMap.along(layer, line, view, wide);
    if (!at || (drawn[text] || []).some(([x, y]) => Math.hypot(x - at.x, y - at.y) < 300)) return;
    const boxes = [], parts = Math.ceil(wide / 12);
    for (let part = 0; part < parts; part += 1) {
      const away = ((part + 0.5) / parts - 0.5) * wide, x = at.x + away * Math.cos(at.turn), y = at.y + away * Math.sin(at.turn);
      boxes.push([x - 8, y - 8, x + 8, y + 8]);
    }
    if (!index.add(boxes)) return;
    drawn[text] = [...(drawn[text] || []), [at.x, at.y]];
    context.save();
    context.translate(at.x, at.y);
    context.rotate(at.turn);
    baseMap.write(context, text, 0, 0, isWater ? "#2c5f7d" : isArea ? "#3f6135" : "#3a4249");
    context.restore();
  });
};

// The middle of the longest part of a line in the view, if it is nearly straight for the length of a text.
baseMap.along = function (layer, line, { scale, from, size }, length) {
  let run = [], best = null;
  const end = () => {
    const long = run.length > 1 ? run[run.length - 1][2] : 0;
    if (long >= length * 0.9 && (!best || long > best.long)) best = { run, long };
    run = [];
  };
  for (let n = layer.starts[line]; n < layer.starts[line + 1]; n += 1) {
    const x = layer.x[n] * scale - from.x, y = layer.y[n] * scale - from.y;
    const isIn = x > -400 && y > -400 && x < size.x + 400 && y < size.y + 400;
    if (!isIn) { end(); continue; }
    const before = run[run.length - 1];
    run.push([x, y, before ? before[2] + Math.hypot(x - before[0], y - before[1]) : 0]);
  }
  end();
  if (!best) return null;
  const at = (distance) => {
    const n = Math.max(1, best.run.findIndex((point) => point[2] >= distance)), [x1, y1, d1] = best.run[n - 1], [x2, y2, d2] = best.run[n];
    const part = d2 > d1 ? (distance - d1) / (d2 - d1) : 0;
    return [x1 + part * (x2 - x1), y1 + part * (y2 - y1)];
  };
  for (const share of [0.5, 0.3, 0.7]) {
    const middle = Math.max(length / 2, Math.min(best.long - length / 2, best.long * share));
    const [x1, y1] = at(Math.max(0, middle - length / 2)), [x2, y2] = at(Math.min(best.long, middle + length / 2)), [x, y] = at(middle);
    const bow = Math.hypot((x1 + x2) / 2 - x, (y1 + y2) / 2 - y);
    if (Math.hypot(x2 - x1, y2 - y1) < 0.9 * Math.min(length, best.long) || bow > 6) continue;
    if (x < 0 || y < 0 || x > size.x || y > size.y) continue;
    const turn = Math.atan2(y2 - y1, x2 - x1);
    return { x, y, turn: turn > Math.PI / 2 ? turn - Math.PI : turn < -Math.PI / 2 ? turn + Math.PI : turn };
  }
  return null;
};

// The middle of an area that is wide enough for its name.
baseMap.middle = function (layer, line, { scale, from }, wide) {
  const [west, top, east, low] = layer.bounds.subarray(4 * line, 4 * line + 4);
  if ((east - west) * scale < wide * 1.2) return null;
  return { x: ((west + east) / 2) * scale - from.x, y: ((top + low) / 2) * scale - from.y, turn: 0 };
};

// Boxes (left, top, right, bottom) by squares of 100 pixels; a label is added if all of its boxes are free.
baseMap.BoxIndex = class {
  constructor() { this.squares = new Map(); }
  add(boxes) {
    const squares = boxes.map(([left, top, right, low]) => {
      const found = [];
      for (let x = Math.floor(left / 100); x <= right / 100; x += 1) for (let y = Math.floor(top / 100); y <= low / 100; y += 1) found.push(`${x},${y}`);
      return found;
    });
    const isFree = boxes.every(([left, top, right, low], n) => squares[n].every((square) => (this.squares.get(square) || [])
      .every((other) => left >= other[2] || right <= other[0] || top >= other[3] || low <= other[1])));
    if (isFree) boxes.forEach((box, n) => squares[n].forEach((square) => { this.squares.set(square, [...(this.squares.get(square) || []), box]); }));
    return isFree;
  }
};

// Add the base map to a group of a map; names have a pane of their own, above areas and below labels.
baseMap.add = async function (map, group, text, credit, labels = () => ({ boxes: [], names: new Set() })) {
  if (!text || typeof DecompressionStream === "undefined") return;
  [["background", 330], ["names", 405]].forEach(([name, order]) => {
    const pane = map.getPane(name) || map.createPane(name);
    pane.style.zIndex = order;
    pane.style.pointerEvents = "none";
  });
  const begin = performance.now(), layers = await baseMap.unpack(text);
  baseMap.timing = { unpacked: performance.now() - begin };
  const timed = (name, draw) => (...given) => {
    const start = performance.now();
    draw(...given);
    baseMap.timing[name] = performance.now() - start;
  };
  const names = new baseMap.Canvas(layers, timed("names", baseMap.drawNames), "names");
  names.labels = labels;
  group.addLayer(new baseMap.Canvas(layers, timed("lines", baseMap.drawLines), "background"));
  group.addLayer(names);
  const note = L.control.attribution({ prefix: false }).addAttribution(credit);
  const show = () => { map.getContainer().classList.add("has-base-map"); if (credit) note.addTo(map); };
  const hide = () => { map.getContainer().classList.remove("has-base-map"); note.remove(); };
  group.on("add", show).on("remove", hide);
  if (map.hasLayer(group)) show();
};
