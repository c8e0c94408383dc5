const { config, charts } = JSON.parse(document.getElementById("charts").textContent);
const options = { config, actions: false, renderer: "svg", tooltip: { theme: "custom" } };
const drawn = Object.entries(charts).map(([id, chart]) =>
  window.vegaEmbed(document.getElementById(id), chart, options));
await Promise.all(drawn);
document.documentElement.dataset.charts = "drawn";
