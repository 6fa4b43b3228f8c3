"""Changes: what is to be altered, whom it touches, what they say to it, when it may be done, and how it went."""
