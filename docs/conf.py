"""Sphinx: MyST for the pages, numpydoc for the docstrings."""

from importlib.metadata import version as installed_version

project = "bpmnmap"
author = "the bpmnmap maintainers"
copyright = "2026, the bpmnmap maintainers"
release = installed_version("bpmnmap")
version = release

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}
suppress_warnings = ["myst.xref_missing"]  # links out of docs/, to the samples: tests/docs/test_pages.py follows all links
autosummary_generate = False
html_theme = "alabaster"
html_extra_path = ["llms.txt"]
html_title = f"bpmnmap {release}"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
numpydoc_show_class_members = False  # attributes are told in the class's own docstring
