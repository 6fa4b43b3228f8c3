"""One search over everything. Reads every room, owns nothing but its index."""
