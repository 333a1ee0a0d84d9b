"""The HTTP API: routes to its two functions, who may call them and how often, and a log of the calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as http
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledgements import accept
from infra.settings import Settings
from infra.site_users import API_SCOPE

#: Calls a second, and at once, over all users: of a route that is not named, and of those that start work.
RATE: Final = (100, 200)
RATES: Final[Mapping[str, tuple[int, int]]] = {
    "POST /api/v1/uploads": (20, 40),
    "POST /api/v1/batches": (5, 10),
    "POST /api/v1/enhance/url": (5, 10),
    "POST /api/v1/enhance/upload": (5, 10),
    "GET /docs": (10, 20),
    "GET /docs/{proxy+}": (10, 20),
    "GET /health": (10, 20),
}
#: Without a token: how the API is used, and that it is there. Neither reads anything.
OPEN: Final = ("GET /docs", "GET /docs/{proxy+}", "GET /health")
READS: Final = ("GET /api/v1/{proxy+}", *OPEN)
WRITES: Final = (
    # A look at a folder signs addresses for what it lacks; they are worth what the role may that signs them.
    "GET /api/v1/uploads/{proxy+}",
    *(f"{method} /api/v1/{{proxy+}}" for method in ("POST", "PUT", "DELETE")),
    *(route for route in RATES if route.startswith("POST ")),
)
#: Who called what, how it ended and how long it took; no token, no query (a cursor may stand in it).
_LOG: Final = {
    "requestId": "$context.requestId",
    "at": "$context.requestTime",
    "address": "$context.identity.sourceIp",
    "user": "$context.authorizer.claims.sub",
    "route": "$context.routeKey",
    "path": "$context.path",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "ms": "$context.responseLatency",
    "function_ms": "$context.integrationLatency",
    "function_error": "$context.integrationErrorMessage",
    "refused": "$context.authorizer.error",
}


class Api(Construct):
    """API Gateway's HTTP API. Its address is known before its routes, so that the distribution can have it.

    No CORS: the page comes from the same distribution, and no other page may read its answers.
    """

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self.http = http.HttpApi(
            self,
            "Http",
            api_name=settings.prefix,
            description="Packshot's API, as its page and programs use it",
            create_default_stage=False,
        )
        stack = Stack.of(self)
        self.host = f"{self.http.api_id}.execute-api.{stack.region}.{stack.url_suffix}"

    def open(
        self,
        issuer: str,
        client: cognito.UserPoolClient,
        *,
        read: lambda_.IFunction,
        write: lambda_.IFunction,
    ) -> None:
        """Lets signed-in people in: adds the authoriser, the routes and the stage."""
        authorizer = authorizers.HttpJwtAuthorizer("Users", issuer, jwt_audience=[client.user_pool_client_id])
        routes = [
            self._route(key, integration, authorizer)
            for integration, keys in ((_calls("Read", read), READS), (_calls("Write", write), WRITES))
            for key in keys
        ]
        stage = self._stage()
        # Limits of a route that is not there yet are refused.
        stage.node.add_dependency(*routes)

    def _route(
        self,
        key: str,
        integration: integrations.HttpLambdaIntegration,
        authorizer: authorizers.HttpJwtAuthorizer,
    ) -> http.HttpRoute:
        method, path = key.split(" ")
        name = key.replace("{proxy+}", "any").title()
        is_open = key in OPEN
        route = http.HttpRoute(
            self,
            "".join(part for part in name if part.isalnum()),
            http_api=self.http,
            route_key=http.HttpRouteKey.with_(path, http.HttpMethod[method]),
            integration=integration,
            authorizer=None if is_open else authorizer,
            authorization_scopes=None if is_open else [API_SCOPE],
        )
        if is_open:
            reason = "It tells how the API is used, or that it is there, and nobody's data."
            accept(route, "AwsSolutions-APIG4", reason)
        return route

    def _stage(self) -> http.HttpStage:
        prod = self._settings.prod
        log = logs.LogGroup(
            self,
            "Calls",
            # The prefix keeps the log's resource policy from growing.
            log_group_name=f"/aws/vendedlogs/http/{self._settings.prefix}-api",
            retention=logs.RetentionDays.THREE_MONTHS if prod else logs.RetentionDays.ONE_WEEK,
            removal_policy=RemovalPolicy.RETAIN if prod else RemovalPolicy.DESTROY,
        )
        rate, burst = RATE
        stage = http.HttpStage(
            self,
            "Stage",
            http_api=self.http,
            stage_name="$default",
            auto_deploy=True,
            throttle=http.ThrottleSettings(rate_limit=rate, burst_limit=burst),
        )
        resource = stage.node.default_child
        if not isinstance(resource, http.CfnStage):
            raise TypeError(f"{stage.node.path} has no stage resource")
        resource.access_log_settings = http.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=json.dumps(_LOG)
        )
        resource.route_settings = {
            key: {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}
            for key, (rate, burst) in RATES.items()
        }
        return stage


def _calls(name: str, function: lambda_.IFunction) -> integrations.HttpLambdaIntegration:
    # One permission for the API instead of one for each route: they all lead to the function anyway.
    return integrations.HttpLambdaIntegration(name, function, scope_permission_to_route=False)
