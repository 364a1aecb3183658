"""Send the items of files to the API.

`submission` reads and lints files, `batches` decides which items may go into the next
request, and `delivery` sends them: `rate_limit` decides when a request may leave, `journal`
records it, `client` sends it, and `responses` decides what the response means for each item.
"""
