"""What goes with every request, and may be secret: headers and cookies of either API."""
