"""The pages and the API of items and kinds, and what depends on what. Knows nothing of why a group answers."""
