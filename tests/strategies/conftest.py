"""Lets these tests, which are no package, share the wrong validators."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
