"""The report's sections as data: one file per kind of measurement. Nothing is drawn here."""
