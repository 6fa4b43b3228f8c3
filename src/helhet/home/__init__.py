"""The overview and the command palette. Reads every room, owns nothing."""
