"""exFAT: `driver` reads, `writing` changes what it reads.

Layout: Microsoft, "exFAT file system specification" (2019), revision 1.00, cited by its section numbers.
Imports only what lies beside it in `core.fs`, `core.blockdev` and the vocabulary of `core`.
"""
