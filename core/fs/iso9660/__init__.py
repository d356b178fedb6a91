"""ISO 9660, read-only, levels 1 to 4, with Joliet and Rock Ridge.

Layout: ECMA-119 (ISO 9660), cited with its section; SUSP: IEEE P1281; Rock Ridge: IEEE P1282 (RRIP);
Joliet: Microsoft, "Joliet Specification"; El Torito: Phoenix and IBM, "Bootable CD-ROM Format Specification";
zisofs: H. Peter Anvin, as written down in libisofs's documentation. Imports only `core.fs.driver`,
`core.blockdev` and the vocabulary of `core`.
"""
