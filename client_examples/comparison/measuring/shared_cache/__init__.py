"""What a cache that clients share saves: nginx between two links, in front of both servers."""
