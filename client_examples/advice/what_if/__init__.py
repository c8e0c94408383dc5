"""What a view would take by other ways of asking, by the comparison's own model of the network."""
