"""Settings, addresses, API, timetable and who fills which port: the only place that knows every room."""
