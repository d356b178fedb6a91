"""For those who write drivers: a pytest plugin that opens images in real workers inside a test.

Say `pytest_plugins = ["core.testing.plugin"]` in a conftest, or `-p core.testing.plugin`. Nothing else
imports this; it imports `core.host`, and no driver.
"""
