"""UDF 1.02 to 2.60, read-only: hard disks and sticks, discs written once, rewritten, or packet by packet.

Layout: ECMA-167, third edition, cited with its part and section; OSTA, "Universal Disk Format
Specification" 2.60, cited as UDF with its section. Imports only `core.fs.driver`, `core.blockdev` and the
vocabulary of `core`.
"""
