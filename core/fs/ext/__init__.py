"""ext2, ext3 and ext4, read-only, with an unclean journal replayed in memory.

Layout: the kernel's "ext4 Data Structures and Algorithms" (docs.kernel.org/filesystems/ext4), cited as ext4
with its section; for older revisions Dave Poirier, "The Second Extended File System". Imports only
`core.fs.driver`, `core.blockdev` and the vocabulary of `core`.
"""
