"""FAT12, FAT16 and FAT32: `driver` reads, `writing` changes what it reads.

Layout: Microsoft, "FAT: General Overview of On-Disk Format" 1.03 (2000) and "FAT specification" (2005), cited
as FAT 1.03 and FAT 2005. Imports only the modules of `core.fs` that know no system, `core.blockdev` and the
vocabulary of `core`.
"""
