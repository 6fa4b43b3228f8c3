"""Web, API and job toolkit without domain: pages' frame, ports, rights, filters, paging, errors. Knows no noun."""
