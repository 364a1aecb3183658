"""Prove many items clean at once."""
