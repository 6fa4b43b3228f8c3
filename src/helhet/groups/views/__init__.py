"""The pages of this room, noun by noun."""
