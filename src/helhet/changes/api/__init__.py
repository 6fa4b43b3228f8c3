"""This room for programs, noun by noun."""
