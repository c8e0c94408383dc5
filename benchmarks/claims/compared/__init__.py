"""Claims that are judged by what the comparison measures anyway, in its results documents."""
