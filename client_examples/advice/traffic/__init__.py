"""What a recording's calls have to do with each other: templates, views, what waits for what."""
