"""Charts as Vega-Lite; imported by the page alone, as Altair takes long to import."""
