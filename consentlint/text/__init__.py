"""Helpers for text and files: masks, layout, suggestions, atomic writes, package data.

They make text from a file safe to show, and write a file completely or not at all. They must not
know what a field, an item or a rule is; `fields.mask` decides how the value of a field is masked.
"""
