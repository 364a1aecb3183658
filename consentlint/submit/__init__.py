"""Send the items of files to the API.

`submission` reads and lints files, `journal` records what is sent and is the queue of what is
still to be sent, and `delivery` sends it: `rate_limit` decides when a request may leave, `client`
sends it, and `responses` decides what the response means for each item.
"""
