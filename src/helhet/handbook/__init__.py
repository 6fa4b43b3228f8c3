"""The handbook: service documentation in seven parts, how complete and true it is, and its copy without a server."""
