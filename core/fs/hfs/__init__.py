"""HFS, the file system of the Macintosh before HFS+, read-only.

Layout: Apple, "Inside Macintosh: Files", chapter 2, "File Manager", cited as Files with its section. Imports
only `core.fs.mac`, `core.fs.driver`, `core.blockdev` and the vocabulary of `core`.
"""
