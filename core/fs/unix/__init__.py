"""What the file systems of the Unix family share: inodes by number, maps of block pointers, directories.

Its drivers are `ffs`, `lfs`, `sysvbfs`, `efs` and `v7fs`; each declares its own structures. `ext` has maps of
its own, and the rest from here.
"""
