"""The report as one HTML page: its waterfalls, the words that it explains, its templates."""
