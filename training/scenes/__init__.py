"""Procedural product scenes and the physically based renderer that turns them into photographs."""
