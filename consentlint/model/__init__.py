"""The nouns: items, locations, findings, endpoints, options."""
