"""The site: the page and the HTTP API, for people who have signed in."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.pipeline_stack import PipelineStack
from infra.settings import Settings
from infra.site_api import Api
from infra.site_front import Front
from infra.site_functions import ApiFunctions
from infra.site_grants import Reach
from infra.site_page import BUILT, Page, page_folder
from infra.site_users import API_SCOPE, Users


class SiteStack(Stack):
    """Composes. The order is that of who needs whose address: users and API, front, client, functions, page.

    Args:
        page: the folder of the built page.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        settings: Settings,
        *,
        pipeline: PipelineStack,
        page: Path = BUILT,
        environment: Environment | None = None,
    ) -> None:
        super().__init__(scope, name, env=environment, description="Packshot: the page and the HTTP API")
        reach = Reach(self, "Pipeline", settings, pipeline)
        self.users = Users(self, "Users", settings)
        self.api = Api(self, "Api", settings)
        uploads, catalogue = (
            f"https://{one.bucket_regional_domain_name}" for one in (reach.uploads, reach.catalogue)
        )
        self.front = Front(
            self,
            "Front",
            settings,
            api=self.api.host,
            connects=[self.users.address, uploads],
            shows=[uploads, catalogue],
        )
        client = self.users.client(f"{self.front.address}/")
        self.functions = ApiFunctions(self, "Functions", settings, reach=reach)
        self.api.open(self.users.issuer, client, read=self.functions.read, write=self.functions.write)
        Page(
            self,
            "Page",
            settings,
            folder=page_folder(self, settings, page),
            bucket=self.front.bucket,
            config={
                "sign_in": {
                    "issuer": self.users.issuer,
                    "address": self.users.address,
                    "client_id": client.user_pool_client_id,
                    "scope": f"openid {API_SCOPE}",
                }
            },
        )
        outputs = {
            "SiteUrl": f"{self.front.address}/",
            "SiteHost": self.front.distribution.distribution_domain_name,
            "ApiUrl": f"{self.front.address}/api/v1",
            "UserPoolId": self.users.pool.user_pool_id,
            "UserPoolClientId": client.user_pool_client_id,
            "SignInUrl": self.users.address,
            "PageBucket": self.front.bucket.bucket_name,
        }
        for output, value in outputs.items():
            CfnOutput(self, f"{output}Output", value=value).override_logical_id(output)
