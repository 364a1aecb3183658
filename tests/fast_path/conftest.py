"""Lets these tests share the modules that make and compare files: the folder is not a package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
