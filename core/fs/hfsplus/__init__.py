"""HFS+ and HFSX, read-only: also inside an HFS volume that wraps one.

Layout: Apple, Technical Note TN1150, "HFS Plus Volume Format", cited as TN1150 with its section. Imports only
`core.fs.mac`, `core.fs.driver`, `core.blockdev` and the vocabulary of `core`.
"""
