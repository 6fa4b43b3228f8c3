"""What the tests of this floor share."""

from hypothesis import settings

# A busy machine is no fault of the code; speed is measured in the bench.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
