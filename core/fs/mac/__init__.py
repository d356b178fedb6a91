"""What HFS and HFS+ have in common: B-trees, forks of extents, a catalog of names, the Finder's fields.

Layout: Apple, Technical Note TN1150, "HFS Plus Volume Format", cited as TN1150 with its section, and "Inside
Macintosh: Files", chapter 2, cited as Files. Imports only `core.fs.driver`, `core.blockdev` and the
vocabulary of `core`. Everything is big-endian.
"""
