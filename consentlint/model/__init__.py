"""The nouns of the project: items, locations, findings, endpoints, moments, settings.

Every room uses them, and they are values without behavior of their own. They must not know a rule,
a file format or a report, and they import nothing of ours but each other.
"""
