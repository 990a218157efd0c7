"""Turn an executed notebook into one HTML file: our own template, no code, no link to any host."""

import re
from typing import Any

from nbconvert.exporters import TemplateExporter

from sim.report.markup import TEMPLATE

_LINK = re.compile(r'<a href="#([^"]+)">(.*?)</a>', re.DOTALL)


def render(notebook: Any, only: str = "") -> str:
    """Return the page of an executed notebook, made of the sections that its cells show.

    Args:
        notebook: The executed notebook.
        only: A tag; cells without it are left out, and links to them become text. All cells unless given.
    """
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        template_file="index.html.j2",
    )
    made, _ = exporter.from_notebook_node(notebook, {"only": only})
    page = str(made)
    return _LINK.sub(lambda link: link[0] if f'id="{link[1]}"' in page else link[2], page)
