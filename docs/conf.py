"""Sphinx: the pages of docs/ as a site that opens from a folder and asks the network for nothing."""

project = "Hotspots"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]

# Links to headings are checked down to this level.
myst_heading_anchors = 4
myst_links_external_new_tab = True

html_theme = "pydata_sphinx_theme"
html_title = "Hotspots"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_context = {"default_mode": "light"}
html_sidebars = {
    name: [] for name in ("index", "tutorial", "method", "evidence", "deployment", "data_protection", "architecture")
}
html_theme_options = {
    "header_links_before_dropdown": 8,
    "navbar_end": ["theme-switcher"],
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
}
