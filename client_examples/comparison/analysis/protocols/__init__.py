"""Arms over each protocol: a document as it would be over one of them, and what HTTP/2 changes."""
