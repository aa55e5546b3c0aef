"""
Make the constraint files from pyproject.toml: exact versions and hashes of everything that `make` installs.

Needs `uv` on the path. Run it by `make constraints`, and read the difference before committing it. What the files hold
keeps its version; remove a file to have the newest of everything in it.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

HEAD = (
    "# {what}, with the hashes of its files: what `make` installs. Made from pyproject.toml by\n"
    "# `make constraints`; edit that and run it again. Names no index: pip's own settings say where files are.\n"
)
BUILD = "hatchling\neditables\n"


def resolve(extras: tuple[str, ...], base: Path | None, known: tuple[Path, ...], folder: Path) -> dict[str, str]:
    """Name of each distribution to its lines, for the package with *extras* on top of *base*; *known* versions stay."""
    build = folder / "build.in"
    build.write_text(BUILD, encoding="utf-8")
    out = folder / "out.txt"
    # uv prefers the versions in the file that it is to write.
    out.write_text("".join(one.read_text(encoding="utf-8") for one in known if one.exists()), encoding="utf-8")
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-annotate", "--no-header", "-o", str(out), "pyproject.toml", str(build)]
    command += [flag for extra in extras for flag in ("--extra", extra)]
    command += ["-c", str(base)] if base else []
    subprocess.run(command, check=True)
    return blocks(out.read_text(encoding="utf-8"))


def blocks(text: str) -> dict[str, str]:
    """Split the text of a constraints file into distributions."""
    found: dict[str, str] = {}
    for name, rest in re.findall(r"^([A-Za-z0-9._-]+)(==.*\n(?:[ ].*\n)*)", text, re.MULTILINE):
        # Where no version is for every Python, there is one entry for each of some.
        found[name] = found.get(name, "") + name + rest
    return found


def write(path: Path, what: str, content: dict[str, str]) -> None:
    """Write one file, sorted."""
    path.write_text(HEAD.format(what=what) + "".join(content[name] for name in sorted(content)), encoding="utf-8")


def main() -> None:
    """Write the three files."""
    target = Path("constraints.txt")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = resolve(("redis",), None, (target,), folder)
        write(target, "The tested set", base)
        for extra in ("llama-cpp", "dev"):
            file = Path(f"constraints-{extra}.txt")
            more = resolve((extra,), target, (target, file), folder)
            added = {key: lines for key, lines in more.items() if key not in base}
            write(file, f"What the `{extra}` extra adds to constraints.txt", added)


if __name__ == "__main__":
    main()
