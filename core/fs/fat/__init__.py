"""FAT12, FAT16 and FAT32, read-only.

Layout: Microsoft, "FAT: General Overview of On-Disk Format" 1.03 (2000) and "FAT specification" (2005), cited
as FAT 1.03 and FAT 2005. Imports only `core.fs.driver`, `core.blockdev` and the vocabulary of `core`.
"""
