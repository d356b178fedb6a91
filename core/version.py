"""Which Rumpus this is, where the installed package has no metadata to ask."""

VERSION = "0.1.0"
