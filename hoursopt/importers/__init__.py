"""From any till's file to rows: detection, profiles, the import receipt."""
