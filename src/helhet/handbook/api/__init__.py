"""Service documentation for programs."""
