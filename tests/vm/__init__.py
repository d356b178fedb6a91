"""Real hot-plug without hardware."""
