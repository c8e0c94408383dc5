"""The advice told, by the comparison's report: sections as data, which each format draws."""
