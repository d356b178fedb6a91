"""EFS, the extent file system of SGI's IRIX before XFS. Always big-endian.

Specification: efs(4) of IRIX, and the headers that describe it in Linux and NetBSD.
"""
