const { config, charts } = JSON.parse(document.getElementById("charts").textContent);

function draw(place, width) {
  const options = { config, actions: false, renderer: "svg", tooltip: { theme: "custom" } };
  place.dataset.width = width ?? "container";
  return window.vegaEmbed(place, width ? { ...charts[place.id], width } : charts[place.id], options);
}

// Charts that are folded away are as wide as they will be, for paper; shown, they fit their place.
function drawFolded(details) {
  const plots = [...details.querySelectorAll(".plot")].filter((plot) => !plot.dataset.width);
  details.open = true;
  const widths = plots.map((plot) => plot.clientWidth);
  details.open = false;
  return Promise.all(plots.map((plot, index) => draw(plot, widths[index])));
}

function drawShown(details) {
  const plots = [...details.querySelectorAll(".plot")];
  return Promise.all(plots.filter((plot) => plot.dataset.width !== "container").map((plot) => draw(plot)));
}

folds.forEach((details) => details.addEventListener("toggle", () => details.open && drawShown(details)));
await Promise.all(folds.filter((details) => details.open).map(drawShown));
for (const details of folds) {
  await new Promise((resolve) => { setTimeout(resolve); });
  if (!details.open) await drawFolded(details);
}
document.documentElement.dataset.charts = "drawn";
