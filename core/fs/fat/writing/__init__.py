"""Writing on FAT12, FAT16 and FAT32, so that a pull at any moment leaves every other file whole.

`writer` is the driver; it reads through `core.fs.fat.driver`, takes clusters through `clusters`, places
directory entries through `slots` under names from `naming`. Imports what `core.fs.fat` may import.
"""
