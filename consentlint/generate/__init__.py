"""Generate files of items for tests, each with the response that is expected.

The values are the cases that the strategies draw, made of the choices of a random generator. The
same seed gives the same bytes. The room must not know Hypothesis or the command line.
"""
