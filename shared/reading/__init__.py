"""From a selection to SQL and back to records. Nothing is written, and no HTTP comes in."""
