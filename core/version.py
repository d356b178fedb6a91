"""Which Rumpus this is. It says so itself: what `make install` puts in place has no metadata to ask."""

VERSION = "0.1.0"
