"""Whatever is sent to the API of items and kinds, it answers as its document says and never with an error of its own."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from helhet.accounts.actions import make_token
from helhet.config.api import api
from tests.world import as_caller, make_item

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
schema.app = get_wsgi_application()


@pytest.fixture
def token(cast):
    make_item("Alpha", key="a", attributes={"env": "prod"}, tags=["x"])
    _row, secret = make_token(cast.administrator, name="test", scopes=["read", "write", "admin"], by=as_caller(cast.administrator))
    return secret


@pytest.mark.slow
@pytest.mark.django_db
@schema.include(path_regex="^/api/v1/(items|kinds)").parametrize()
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
def test_every_address_answers_as_its_document_says(case, token):
    response = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(response, checks=CHECKS)
