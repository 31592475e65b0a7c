// What notebooks show asks JupyterLab whether the page is light; here the theme says so.
const page = document.documentElement;
const tellLight = () => {
  document.body.dataset.jpThemeLight = String(page.dataset.theme !== "dark");
};

// On a phone a wide table becomes a list, in which each cell says what column it is of.
const nameCells = () => {
  for (const table of document.querySelectorAll("section > .pst-scrollable-table-container > table")) {
    const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    if (names.length < 3) continue;
    table.classList.add("named-cells");
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, column) => (cell.dataset.name = names[column]));
    }
  }
};

document.addEventListener("DOMContentLoaded", () => {
  tellLight();
  new MutationObserver(tellLight).observe(page, { attributeFilter: ["data-theme"] });
  nameCells();
});
