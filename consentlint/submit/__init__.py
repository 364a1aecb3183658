"""Send the items of files to the API.

`reading` reads and lints files, `planning` decides which items are sent, `journal` records what is
sent and is the queue of what is still to be sent, and `delivery` sends it: `rate_limit` decides when
a request may leave, `client` sends it, and `responses` decides what the response means for each item.
`session` runs all of them; `summary` and `results` say what became of the items.
"""
