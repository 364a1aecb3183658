"""Lets these tests, which are no package, share what makes and compares files."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
