"""What all tests share."""

from hypothesis import settings

# No database: a read-only checkout, or another user's, must do. No deadline: machines differ.
settings.register_profile("everywhere", database=None, deadline=None)
settings.load_profile("everywhere")
