"use strict";
// Sort tables by their headings, and filter them by team. Without JavaScript the lists stay in order of rank.
document.querySelectorAll("table.ranked").forEach((table) => {
  const body = table.tBodies[0];
  table.querySelectorAll("thead th[data-sort]").forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : head.dataset.sort === "down";
      const column = head.cellIndex;
      const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const compare = (one, other) => {
        const [a, b] = [value(one), value(other)];
        const [x, y] = [Number(a), Number(b)];
        const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en-GB") : x - y;
        return (down ? -order : order) || one.dataset.rank - other.dataset.rank;
      };
      body.append(...[...body.rows].sort(compare));
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
    });
  });
});
const choice = document.getElementById("team");
if (choice) {
  document.querySelector(".filter").hidden = false;
  const status = document.getElementById("shown");
  choice.addEventListener("change", () => {
    let shown = 0;
    document.querySelectorAll("table.ranked tbody tr").forEach((row) => {
      row.hidden = choice.value !== "" && row.dataset.team !== choice.value;
      if (!row.hidden) shown += 1;
    });
    status.textContent = `${shown} ${shown === 1 ? "area" : "areas"} shown`;
  });
}
