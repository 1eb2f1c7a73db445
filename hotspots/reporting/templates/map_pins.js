"use strict";
// Pins of ranks and changes, and the names beside them. Pins that would overlap become one, split between its places,
// so that none hides another; pins are placed by zoom, so that they stay where they are while the map moves.
page.pins = [];
page.pinned = []; // all features with a pin
page.pinHeight = 26;

page.addPin = function (feature, point, text) {
  const isRank = /^\d+$/.test(text), name = feature.title.replace(/^[^:]*: (On or near )?/, "").slice(0, 60);
  feature.at = L.latLng(shared.at(point));
  feature.pin = { text, order: isRank ? Number(text) : 60 + ["▲", "new", "▼", "✕"].indexOf(text), name: isRank ? name : "" };
  page.pinned.push(feature);
};

page.pinWidth = (members) => members.length === 1 ? 28 : members.length === 2 ? 54 : 74;

page.pinsOverlap = (one, other) => Math.abs(one.x - other.x) < (page.pinWidth(one.members) + page.pinWidth(other.members)) / 2 + 2
  && Math.abs(one.y - other.y) < page.pinHeight + 2;

// Merge pins until none overlaps: each stays at its first place, the one of the best rank.
page.mergePins = function (features, project) {
  const pins = [];
  const sorted = [...features].sort((one, other) => one.pin.order - other.pin.order || (one.id < other.id ? -1 : 1));
  sorted.forEach((feature) => {
    let pin = { ...project(feature.at), at: feature.at, members: [feature] };
    for (let n = 0; n < pins.length; n += 1) {
      if (!page.pinsOverlap(pin, pins[n])) continue;
      const [other] = pins.splice(n, 1);
      const [first, second] = other.members[0].pin.order <= pin.members[0].pin.order ? [other, pin] : [pin, other];
      pin = { ...first, members: [...first.members, ...second.members] };
      n = -1;
    }
    pins.push(pin);
  });
  pins.forEach((pin) => pin.members.sort((one, other) => sorted.indexOf(one) - sorted.indexOf(other)));
  return pins;
};

page.isShown = (feature) => page.map.hasLayer(feature.group) && page.isOfFamily(feature.family)
  && page.isPastRun === feature.style.startsWith("past ");

page.placePins = function (map) {
  const zoom = map.getZoom(), shown = page.pinned.filter(page.isShown);
  const state = zoom + shown.map((feature) => feature.id).join();
  if (state === page.pinState) return;
  page.pinState = state;
  const focused = document.activeElement && document.activeElement.closest(".pin") ? document.activeElement.getAttribute("aria-label") : "";
  page.pins.forEach((pin) => pin.marker.remove());
  page.pins = page.mergePins(shown, (at) => map.project(at, zoom));
  page.pins.forEach((pin) => page.drawPin(map, pin));
  const again = page.pins.find((pin) => pin.marker.getElement().getAttribute("aria-label") === focused);
  if (focused && again) again.marker.getElement().focus({ preventScroll: true });
};

page.drawPin = function (map, pin) {
  const box = document.createElement("div"), width = page.pinWidth(pin.members);
  const part = (text, style) => box.append(Object.assign(document.createElement("b"), { textContent: text, className: style }));
  const shown = pin.members.length > 2 ? pin.members.slice(0, 1) : pin.members;
  shown.forEach((feature) => part(feature.pin.text, feature.style));
  if (pin.members.length > 2) {
    const isWorse = pin.members.slice(1).some((feature) => /\bworse\b/.test(feature.style));
    part(`+${pin.members.length - 1}${isWorse ? "▲" : ""}`, "more");
  }
  const icon = L.divIcon({ className: `pin of-${Math.min(pin.members.length, 3)}`, html: box.innerHTML, iconSize: [width, page.pinHeight] });
  pin.marker = L.marker(pin.at, { icon, pane: "pins", keyboard: false, riseOnHover: true }).addTo(map);
  const element = pin.marker.getElement();
  const titles = pin.members.map((feature) => feature.title);
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", titles.length > 3 ? `${titles.length} places: ${titles[0]} and others` : titles.join("; "));
  element.title = titles.slice(0, 6).join("\n");
  page.onKeyboard(element, () => page.openPin(pin));
  pin.marker.on("click", () => { if (!page.isMeasuring) page.openPin(pin); });
};

page.openPin = function (pin) {
  const { members } = pin;
  if (members.length === 1) { page.openPopup(members[0]); return; }
  const box = document.createElement("div"), list = document.createElement("ul");
  list.className = "members";
  const button = (parent, text, go) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, dir: "auto" });
    made.addEventListener("click", go);
    parent.append(made);
  };
  members.forEach((feature) => {
    const item = document.createElement("li");
    button(item, feature.title, () => page.openPopup(feature));
    list.append(item);
  });
  box.append(page.heading(`${members.length} places here`), list);
  const bounds = L.latLngBounds(members.map((feature) => feature.at));
  if (page.map.getBoundsZoom(bounds.pad(0.2)) > page.map.getZoom() + 0.5) {
    button(box, "Zoom in to these places", () => {
      page.map.closePopup();
      page.map.fitBounds(bounds.pad(0.2), { ...page.fitPadding(), maxZoom: 16.5, animate: false });
    });
    box.lastChild.className = "zoom-in";
  }
  page.showPopup(pin.at, box);
};

page.label = function (group, point, facts) {
  const label = { ...facts, group, at: L.latLng(shared.at(point)), marker: null };
  page.labels.push(label);
  return label;
};

page.makeLabel = function (label) {
  const box = document.createElement("div");
  box.append(Object.assign(document.createElement("b"), { textContent: label.text }));
  const icon = L.divIcon({ className: "mark " + label.style, html: box.innerHTML, iconSize: [0, 0] });
  label.marker = L.marker(label.at, { icon, pane: "labels", interactive: false, keyboard: false }).addTo(label.group);
};

// The box of a label around its point, in the pixels of a zoom.
page.boxAt = ({ x, y }, wide, tall) => [x - wide, y - tall, x + wide, y + tall];

page.pinBox = (pin) => page.boxAt(pin, page.pinWidth(pin.members) / 2, page.pinHeight / 2);

// Names follow where there is room: areas, then teams, then streets.
page.placeLabels = function (map) {
  const zoom = map.getZoom(), view = map.getBounds().pad(0.1), index = new shared.LabelIndex();
  map.getContainer().classList.toggle("closest", zoom >= 15);
  page.placePins(map);
  page.pins.forEach((pin) => index.fits(page.pinBox(pin)));
  page.nameBoxes = page.pins.map(page.pinBox);
  page.pins.forEach((pin) => page.namePin(pin, index, zoom));
  const shown = page.labels.filter((label) => view.contains(label.at) && map.hasLayer(label.group) && !(label.style === "street" && zoom < 15));
  shown.sort((one, other) => one.order - other.order);
  shown.forEach((label) => {
    const box = page.boxAt(map.project(label.at, zoom), 3.3 * label.text.length + 4, 9), isFitting = index.fits(box);
    if (!label.marker && isFitting) page.makeLabel(label);
    if (label.marker) label.marker.getElement().classList.toggle("crowded", !isFitting);
    if (isFitting && label.style !== "street") page.nameBoxes.push(box);
  });
};

// The name of a pin's first place, to the right of it, near by or if it is one of the first five.
page.namePin = function (pin, index, zoom) {
  const element = pin.marker.getElement(), { name, order } = pin.members[0].pin, old = element.querySelector("i");
  if (old) old.remove();
  if (!name || pin.members.length > 2 || (zoom < 13.5 && order > 5)) return;
  const left = pin.x + page.pinWidth(pin.members) / 2, box = [left, pin.y - 9, left + 8 + 7 * name.length, pin.y + 9];
  if (!index.fits(box)) return;
  element.append(Object.assign(document.createElement("i"), { textContent: name }));
  page.nameBoxes.push(box);
};

// The boxes of pins and names in a view, for a base map that keeps its own names clear of them.
page.labelBoxes = ({ from }) => (page.nameBoxes || []).map(([left, top, right, bottom]) =>
  [left - from.x, top - from.y, right - from.x, bottom - from.y]);
