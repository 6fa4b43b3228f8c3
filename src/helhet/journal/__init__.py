"""Who did what to what, when and why. Knows nouns by name and number only, so that history outlives its subject."""
