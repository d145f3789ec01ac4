"""Reports turned into what people and machines read: results.json, HTML pages, terminal tables."""
