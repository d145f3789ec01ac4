"""What runs beside student code: it imports a workspace and runs probes; nothing here decides anything."""
