"""What travels over HTTP: bodies that come in, views that go out."""
