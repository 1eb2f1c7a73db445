"use strict";
// One family at a time, the view that the map opens on, and both in the address, so that a link opens the same map.
page.families = ["asb", "burglary"];

page.isOfFamily = (family) => !family || page.family === "both" || family === page.family;

// Show a family, or both; shapes, lists and legend of the other are hidden by the styles.
page.showFamily = function (family) {
  page.family = family;
  document.documentElement.dataset.family = family;
  const choice = document.querySelector(`input[name="family"][value="${family}"]`);
  if (choice) choice.checked = true;
  if (page.startView) page.placeLabels(page.map);
};

page.showFamilyOf = function (feature) {
  if (!page.isOfFamily(feature.family)) page.showFamily(feature.family);
};

page.startFamily = function (map) {
  const used = page.families.find((family) => page.data[family + "_areas"].ids.length) || page.families[0];
  page.isPastRun = false;
  page.showFamily(used);
  page.defaultFamily = used;
  document.querySelectorAll('input[name="family"]').forEach((choice) => choice.addEventListener("change", () => {
    const isAtStart = page.startView && page.startView === page.viewText(map);
    map.closePopup();
    page.showFamily(choice.value);
    page.writeAddress(map, "", true);
    if (isAtStart) page.fit(map);
  }));
};

// Room for the controls, and for pins at the edge.
page.fitPadding = () => page.isNarrow()
  ? { paddingTopLeft: [40, 56], paddingBottomRight: [46, 34] }
  : { paddingTopLeft: [100, 40], paddingBottomRight: [page.legendWidth() + 50, 50] };

// Open on what is shown of the family: its first areas and changes. Without any, on its hotspots, or on the force.
page.fit = function (map) {
  let points = page.pinned.filter((feature) => page.isShown(feature)).map((feature) => feature.at);
  if (!points.length) points = Object.values(page.places).filter((feature) => page.isOfFamily(feature.family)).map(page.centre);
  map.fitBounds(points.length ? L.latLngBounds(points) : page.data.bounds, { ...page.fitPadding(), maxZoom: 15, animate: false });
  page.startView = page.viewText(map);
};

page.viewText = function (map) {
  const at = map.getCenter();
  return `${map.getZoom()}/${at.lat.toFixed(5)}/${at.lng.toFixed(5)}`;
};

// The address has the family, and the open feature or the view; a change of family can be undone by "back".
page.writeAddress = function (map, id, isNew) {
  const address = `#family=${page.family}&${id ? encodeURIComponent(id) : page.viewText(map)}`;
  if (address === window.location.hash) return;
  try { window.history[isNew ? "pushState" : "replaceState"](null, "", address); } catch { /* some browsers forbid it for local files */ }
};

page.readAddress = function (map) {
  let parts;
  try { parts = window.location.hash.slice(1).split("&").map(decodeURIComponent); } catch { return; }
  const family = parts.map((part) => part.replace(/^family=/, "")).find((part, n) => parts[n].startsWith("family=") && [...page.families, "both"].includes(part));
  const target = parts.find((part) => part && !part.startsWith("family=")) || "";
  const isChanged = (family || page.defaultFamily) !== page.family;
  if (family || !page.places[target]) page.showFamily(family || page.defaultFamily);
  if (page.goTo(map, target)) return;
  const [zoom, lat, lng] = target.split("/").map(Number);
  if (target.split("/").length === 3 && [zoom, lat, lng].every(Number.isFinite)) {
    map.setView([Math.max(-90, Math.min(90, lat)), lng], zoom, { animate: false });
  } else if (isChanged) page.fit(map);
};

page.startLinks = function (map) {
  const read = () => page.readAddress(map);
  if (window.location.hash.length > 1) read();
  window.addEventListener("popstate", read);
  map.on("moveend", () => { if (!page.opened) page.writeAddress(map); });
  map.on("popupopen", (event) => {
    page.opened = event.popup.feature;
    if (page.opened && page.opened.id) page.writeAddress(map, page.opened.id);
  });
  map.on("popupclose", () => { page.opened = null; page.writeAddress(map); });
};
