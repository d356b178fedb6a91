"""NTFS, read-only, versions 1.2 to 3.1.

Microsoft publishes no specification. Layout: Richard Russon and Yuval Fledel, "NTFS Documentation" (the
Linux-NTFS project), cited as NTFS with its chapter; compression: Microsoft, [MS-XCA] section 2.5; reparse
points: Microsoft, [MS-FSCC] section 2.1.2. Imports only `core.fs.driver`, `core.blockdev` and the vocabulary
of `core`.
"""
