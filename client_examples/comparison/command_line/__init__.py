"""What the user asks for: arguments, options, the progress bar. Nothing is measured here."""
