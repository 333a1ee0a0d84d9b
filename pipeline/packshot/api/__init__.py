"""The HTTP API: the use cases over HTTP, for the page and for programs.

Read top down: `app` puts it together, `routes` has one file per resource, `models` the shapes that
travel, `problems` turns errors into problem details, `backend` says what the routes need from
outside, and `local` gives that on one machine. Only `local` knows files, threads and SQLite; the
rest runs unchanged behind another backend.
"""
