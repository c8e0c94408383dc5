"""The same for screens that are watched while they change."""
