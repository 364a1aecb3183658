"""A language server: checks the files that an editor has open.

It answers requests of the Language Server Protocol, from the text that the editor has, which may not
be saved. The room must not find anything that `check` doesn't find, and must not know where options
come from: it is given them for each file.
"""
