"""Writing on exFAT, so that a pull at any moment leaves every other file whole.

`writer` is the driver; it reads through `core.fs.exfat.driver`, takes clusters through `clusters`, places
sets of directory entries through `folder` and changes them through `ground`. Imports what `core.fs.exfat`
may import.
"""
