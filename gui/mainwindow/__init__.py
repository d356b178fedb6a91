"""The shell around the files: sidebar, toolbar with its path, pages, status bar, and where one has been."""
