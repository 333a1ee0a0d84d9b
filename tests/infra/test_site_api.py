"""Which calls reach which function, for whom, how often, and what is kept of them."""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any

import pytest

from infra.settings import API
from infra.site_api import OPEN, RATE, RATES
from infra.site_functions import COMMAND
from packshot.api.app import create_app
from packshot.api.aws.edge import is_read
from packshot.api.routes import ROUTERS
from packshot.workflow import API_READ, API_WRITE
from tests.infra.templates import Synthesised, text_of

Json = dict[str, Any]
ROUTE = "AWS::ApiGatewayV2::Route"


@pytest.fixture(params=["dev_site", "prod_site"])
def made(request: pytest.FixtureRequest) -> Synthesised:
    found: Synthesised = request.getfixturevalue(request.param)
    return found


def routes(made: Synthesised) -> dict[str, Json]:
    return {one["RouteKey"]: one for one in made.all_of(ROUTE).values()}


def function_of(made: Synthesised, route: Json) -> str:
    """Logical id of the function behind a route."""
    integration = made.all_of("AWS::ApiGatewayV2::Integration")[route["Target"]["Fn::Join"][1][1]["Ref"]]
    assert (integration["IntegrationType"], integration["PayloadFormatVersion"]) == ("AWS_PROXY", "2.0")
    return str(integration["IntegrationUri"]["Fn::GetAtt"][0])


def chosen(made: Synthesised, method: str, path: str) -> Json:
    """The route that API Gateway takes: one that says the path wholly, else one with a greedy end."""
    found = routes(made)
    if f"{method} {path}" in found:
        return found[f"{method} {path}"]
    greedy = [key for key in found if key.endswith("/{proxy+}") and f"{method} {path}".startswith(key[:-8])]
    return found[max(greedy, key=len)]


def declared() -> list[tuple[str, str]]:
    """(method, path) of every route of the application."""
    paths = create_app(None).openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def test_there_are_as_many_routes_as_the_application_has_kinds(made: Synthesised) -> None:
    assert len(ROUTERS) > 5
    assert len(declared()) > 25


@pytest.mark.parametrize(("method", "path"), declared())
def test_each_route_of_the_application_is_reached_on_its_side(
    method: str, path: str, dev_site: Synthesised
) -> None:
    route = chosen(dev_site, method, path)
    side = "FunctionsRead" if is_read(method, path) else "FunctionsWrite"
    assert function_of(dev_site, route).startswith(side)
    assert (route["AuthorizationType"] == "NONE") == (path == "/health")


def test_only_tokens_of_the_page_open_a_route(made: Synthesised) -> None:
    (name, authorizer), *others = made.all_of("AWS::ApiGatewayV2::Authorizer").items()
    assert not others
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    (audience,) = authorizer["JwtConfiguration"]["Audience"]
    assert audience["Ref"] in made.all_of("AWS::Cognito::UserPoolClient")
    issuer = text_of(authorizer["JwtConfiguration"]["Issuer"])
    assert re.fullmatch(r"https://cognito-idp\.<AWS::Region>\.amazonaws\.com/<UsersPool\w+>", issuer)
    for key, route in routes(made).items():
        if key in OPEN:
            continue
        assert route["AuthorizationType"] == "JWT", key
        assert route["AuthorizerId"] == {"Ref": name}
        # Which an id token, or one that was got by a password, does not have.
        assert route["AuthorizationScopes"] == ["packshot/api"], key


def test_what_is_open_to_everybody_is_named_and_only_reads(made: Synthesised) -> None:
    found = {key for key, route in routes(made).items() if route["AuthorizationType"] == "NONE"}
    assert found == {"GET /docs", "GET /docs/{proxy+}", "GET /health"}
    assert all(function_of(made, routes(made)[key]).startswith("FunctionsRead") for key in found)


def test_there_is_no_way_in_by_default_or_by_another_page(made: Synthesised) -> None:
    assert "$default" not in routes(made)
    assert not [key for key in routes(made) if key.startswith(("ANY", "OPTIONS"))]
    (api,) = made.all_of("AWS::ApiGatewayV2::Api").values()
    assert api["ProtocolType"] == "HTTP"
    assert "CorsConfiguration" not in api


def test_calls_are_bounded_and_what_starts_work_more_so(made: Synthesised) -> None:
    (stage,) = made.all_of("AWS::ApiGatewayV2::Stage").values()
    rate, burst = RATE
    limits = {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}
    assert stage["DefaultRouteSettings"] == limits
    assert set(stage["RouteSettings"]) == set(RATES)
    for key, own in stage["RouteSettings"].items():
        assert 0 < own["ThrottlingRateLimit"] < rate
        assert 0 < own["ThrottlingBurstLimit"] < burst
        # API Gateway refuses limits of a route that it does not have, or not yet.
        assert key in routes(made)
    starts = {key for key in RATES if key.startswith("POST")}
    assert starts <= {f"{method} {path}" for method, path in declared()}
    (resource,) = (
        one for one in made.template["Resources"].values() if one["Type"] == "AWS::ApiGatewayV2::Stage"
    )
    assert set(made.all_of(ROUTE)) <= set(resource["DependsOn"])


def test_each_call_is_logged_without_its_token_or_query(
    dev_site: Synthesised, prod_site: Synthesised
) -> None:
    for site, days, policy in ((dev_site, 7, "Delete"), (prod_site, 90, "Retain")):
        (stage,) = site.all_of("AWS::ApiGatewayV2::Stage").values()
        settings = stage["AccessLogSettings"]
        kept = json.loads(settings["Format"])
        assert {"$context.requestId", "$context.routeKey", "$context.status"} <= set(kept.values())
        assert not re.search(r"authorization|header|querystring", settings["Format"], re.IGNORECASE)
        name = settings["DestinationArn"]["Fn::GetAtt"][0]
        log = site.template["Resources"][name]
        assert log["Properties"]["RetentionInDays"] == days
        assert log["DeletionPolicy"] == policy
        # Else each stage adds to the policy of the account's logs, which has a limit.
        assert log["Properties"]["LogGroupName"].startswith("/aws/vendedlogs/")


def test_functions_are_the_sides_of_one_application(made: Synthesised) -> None:
    found = {
        one["FunctionName"].split("-", 2)[2]: one
        for one in made.all_of("AWS::Lambda::Function").values()
        if "FunctionName" in one
    }
    assert set(found) == {step.name for step in API}
    for step in API:
        function = found[step.name]
        assert function["ImageConfig"] == {"Command": [COMMAND]}
        assert function["Timeout"] == step.timeout_s
        assert function["MemorySize"] == step.memory_mb
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
    module, _, name = COMMAND.rpartition(".")
    assert callable(getattr(import_module(module), name))
    images = {text_of(one["Code"]["ImageUri"]) for one in found.values()}
    assert len(images) == 1
    roles = {text_of(one["Role"]) for one in found.values()}
    assert len(roles) == len(API)
    # API Gateway hangs up at thirty seconds; what nobody waits for has no route.
    assert max(API_READ.timeout_s, API_WRITE.timeout_s) < 30
    behind = {function_of(made, route) for route in routes(made).values()}
    assert not [one for one in behind if one.startswith("FunctionsWork")]
