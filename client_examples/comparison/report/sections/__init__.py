"""What the report shows, as data: one file per kind of measurement. Nothing is drawn here."""
