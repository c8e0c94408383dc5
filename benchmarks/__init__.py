"""Speed of the two servers, as ratios measured within one run."""
