"""Make text fit to be shown or written: masks, suggestions, plurals, whole files."""
