"""A cluster has the package from a zip, or lacks a package: with processes that have only some packages."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from frames import NOW, consent

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, sys

from pyspark.sql import SparkSession

items, now = sys.argv[1:]
from consentlint import spark as consentlint_spark

spark = SparkSession.builder.getOrCreate()
rows = json.loads(items)
schema = ", ".join(f"{name} string" for name in rows[0])
df = spark.createDataFrame([tuple(row.values()) for row in rows], schema)
found = consentlint_spark.check(df, order_by="date_of_consent", now=now).collect()
print("FOUND", json.dumps([[each["rule"], each["message"]] for each in found]))
print("FROM", consentlint_spark.__file__)
"""

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("CONSENTLINT_SPARK_CONNECT")), reason="spark-submit starts classic Spark"
)


def python_without(folder: Path, *packages: str) -> Path:
    """Return a Python that has the packages of this one but for some."""
    site = folder / "site"
    site.mkdir(parents=True)
    for directory in filter(os.path.isdir, sys.path):
        if not directory.endswith("site-packages"):
            continue
        for entry in Path(directory).iterdir():
            is_left_out = entry.suffix == ".pth" or entry.name.startswith(packages)
            if not is_left_out and not (site / entry.name).exists():
                (site / entry.name).symlink_to(entry)
    environment = folder / "environment"
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True, timeout=120
    )
    (installed,) = environment.glob("lib/python*/site-packages")
    (installed / "site.pth").write_text(f"{site}\n")
    return environment / "bin" / "python"


def zipped(folder: Path) -> Path:
    """Return the package as a zip with the files of the wheel."""
    file = folder / "consentlint.zip"
    with zipfile.ZipFile(file, "w") as package:
        for source, target in (("consentlint", "consentlint"), ("schemas", "consentlint/schemas")):
            for path in sorted((ROOT / source).rglob("*")):
                if path.is_file() and path.suffix != ".pyc":
                    package.write(path, f"{target}/{path.relative_to(ROOT / source)}")
    return file


def submit(
    folder: Path,
    driver: Path | str,
    worker: Path,
    options: Sequence[str],
    *,
    python_path: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run the script by spark-submit."""
    import pyspark

    home = Path(pyspark.__file__).resolve().parent
    script = folder / "script.py"
    script.write_text(SCRIPT)
    items = [consent(0), consent(1, contact_id="+19"), consent(2, status="opt in")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled": "true",
    }
    pairs = [word for pair in settings.items() for word in ("--conf", "=".join(pair))]
    return subprocess.run(
        [
            str(home / "bin" / "spark-submit"),
            *(*pairs, *options, str(script)),
            *(json.dumps(items), NOW),
        ],
        env={
            **environment,
            "PYTHONPATH": python_path,
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": str(worker),
            "PYSPARK_DRIVER_PYTHON": str(driver),
        },
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=540,
    )


def test_a_zip_is_all_that_driver_and_executors_need(tmp_path: Path) -> None:
    python = python_without(tmp_path / "python", "consentlint", "_consentlint", "__editable__")
    # An executor of its own, which gets the zip from the driver.
    options = ["--master", "local-cluster[1,1,1024]", "--py-files", str(zipped(tmp_path))]
    run = submit(tmp_path, python, python, options)
    assert run.returncode == 0, run.stderr[-3000:]
    lines = dict(line.split(" ", 1) for line in run.stdout.splitlines() if line.startswith("F"))
    assert sorted(rule for rule, _ in json.loads(lines["FOUND"])) == [
        "invalid-contact-id",
        "invalid-status",
    ]
    assert "consentlint.zip" in lines["FROM"]


def test_an_executor_without_pyarrow_names_it(tmp_path: Path) -> None:
    worker = python_without(tmp_path / "python", "pyarrow")
    options = ["--master", "local[1]"]
    run = submit(tmp_path, sys.executable, worker, options, python_path=str(ROOT))
    assert run.returncode != 0
    # spark-submit passes on what Python writes as its own output.
    assert "No module named 'pyarrow'" in run.stdout + run.stderr
    assert "FOUND" not in run.stdout
