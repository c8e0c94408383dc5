"""What a process that serves has: the open bookstore, its start, its workers, its streams."""
