"""Whatever is sent to the API of items and kinds, it answers as its document says, never with an error of its own."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from helhet.accounts.actions import make_token
from tests.world import as_caller, make_item

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def _one_connection():
    """A request must not close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(cast, _one_connection):
    make_item("Alpha", key="a", attributes={"env": "prod"}, tags=["x"])
    _row, secret = make_token(
        cast.administrator, name="test", scopes=["read", "write", "admin"], by=as_caller(cast.administrator)
    )
    return secret


FOUND: Any = schema.include(path_regex="^/api/v1/(items|kinds)").get_all_operations()
OPERATIONS = [found.ok() for found in FOUND]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_address_answers_as_its_document_says(operation, token):
    @given(case=operation.as_strategy())
    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
    def ask(case):
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=CHECKS)

    ask()
