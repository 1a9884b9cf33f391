"""The documentation: `./run check` builds it with warnings as errors."""

import tomllib
from pathlib import Path

ABOUT = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text())["project"]

project = "Servanda"
copyright = "the contributors of Servanda, Apache-2.0"  # noqa: A001 -- the name is Sphinx's
version = release = ABOUT["version"]
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Servanda {version}"
html_show_sphinx = False
myst_heading_anchors = 3
