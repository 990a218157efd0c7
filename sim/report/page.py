"""Turn an executed notebook into one HTML file: our own template, no code, no link to any host."""

from typing import Any

from nbconvert.exporters import TemplateExporter

from sim.report.markup import TEMPLATE


def render(notebook: Any) -> str:
    """Return the page of an executed notebook, made of the sections that its cells show."""
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        template_file="index.html.j2",
    )
    page, _ = exporter.from_notebook_node(notebook)
    return str(page)
