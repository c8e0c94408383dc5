"""Two small APIs that are not the bookstore's, and the screens to compare them by."""
