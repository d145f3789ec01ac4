"""The report: a template in Markdown, a check of what is written into it, and a PDF without TeX."""
