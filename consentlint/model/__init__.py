"""The nouns of the project: items, locations, findings, endpoints, settings.

Every room uses them. They know no rule, no file format and no report, and import nothing of
ours but each other.
"""
