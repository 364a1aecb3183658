"""One Spark session for all tests of this folder, and one xdist group: a second JVM takes 1 GB."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(ROOT / "scripts"))


def missing() -> str:
    """Return what these tests need and is not installed, or an empty text."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return 'pyspark is not installed: pip install pyspark "pandas<3"'
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "Java 17 or later is not installed"
    return ""


MISSING = missing()
# `.ci/run` sets it, so that these tests can't be skipped there by mistake.
if MISSING and os.environ.get("CONSENTLINT_REQUIRE_SPARK"):
    raise RuntimeError(MISSING)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("spark"))
            if MISSING:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    # The Python processes of Spark import this checkout.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    builder = SparkSession.builder
    if os.environ.get("CONSENTLINT_SPARK_CONNECT"):
        builder = builder.remote("local[2]")
    else:
        builder = builder.master("local[2]")
    for name, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.log.level": "ERROR",
        "spark.sql.files.maxPartitionBytes": "200k",
        "spark.sql.files.openCostInBytes": "10k",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": str(folder),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
