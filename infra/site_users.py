"""Who may use the site: a user pool with a group per role, the sign-in page, and the page as its client."""

from __future__ import annotations

from typing import Final

from aws_cdk import Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.acknowledgements import accept
from infra.settings import Settings

#: The roles of the API, each with what it may do; who has several has the greatest.
GROUPS: Final = {
    "operator": "Uploads photos, starts batches, has pictures made again; and all of a reviewer",
    "reviewer": "Approves and rejects; and all of a viewer",
    "viewer": "Looks at batches and pictures, and downloads them",
}
#: What the API asks of a token. Only access tokens of the sign-in page have it.
SERVER: Final = "packshot"
SCOPE: Final = "api"
API_SCOPE: Final = f"{SERVER}/{SCOPE}"

#: A group that is taken from somebody holds back the next token; this is how long the last one is good.
_ACCESS: Final = Duration.minutes(30)
#: As long as a session of `packshot serve`: a working day, then one signs in again.
_SESSION: Final = Duration.hours(12)


class Users(Construct):
    """The user pool, its groups and its sign-in page.

    People sign in by the name that whoever made their user has chosen, or by their e-mail address. The name
    stands in histories; so no address does.
    """

    def __init__(self, scope: Construct, name: str, settings: Settings) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self.pool = self._pool()
        for precedence, (group, words) in enumerate(GROUPS.items()):
            cognito.UserPoolGroup(
                self,
                group.capitalize(),
                user_pool=self.pool,
                group_name=group,
                description=words,
                precedence=precedence,
            )
        prefix = settings.site_login_prefix or self._own_prefix()
        domain = self.pool.add_domain(
            "SignIn",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        #: `https://...amazoncognito.com`: where people sign in, and codes are changed into tokens.
        self.address = domain.base_url()
        #: Who the tokens are from.
        self.issuer = f"https://cognito-idp.{Stack.of(self).region}.amazonaws.com/{self.pool.user_pool_id}"
        self._scope = cognito.ResourceServerScope(scope_name=SCOPE, scope_description="The API of Packshot")
        self._server = self.pool.add_resource_server("Server", identifier=SERVER, scopes=[self._scope])

    def client(self, site: str) -> cognito.UserPoolClient:
        """The page as a client: public, so by code and PKCE alone, and only back to the site."""
        client = self.pool.add_client(
            "Page",
            generate_secret=False,
            # Named, since Cognito's own choice has one that does not go with tokens that turn. What is got by
            # it lacks the API's scope: no password leads in but the one typed into the sign-in page.
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.resource_server(self._server, self._scope),
                ],
                callback_urls=[site],
                logout_urls=[site],
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            access_token_validity=_ACCESS,
            id_token_validity=_ACCESS,
            refresh_token_validity=_SESSION,
            # Each is good once; the grace is for an answer that was lost on the way.
            refresh_token_rotation_grace_period=Duration.seconds(60),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )
        cognito.CfnManagedLoginBranding(
            self,
            "Look",
            user_pool_id=self.pool.user_pool_id,
            client_id=client.user_pool_client_id,
            # Without a look of some kind there is no sign-in page.
            use_cognito_provided_values=True,
        )
        return client

    def _pool(self) -> cognito.UserPool:
        settings = self._settings
        required = settings.mfa == "required"
        pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=settings.prefix,
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            self_sign_up_enabled=settings.sign_up,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(3),
            ),
            mfa=cognito.Mfa.REQUIRED if required else cognito.Mfa.OPTIONAL,
            # Messages to phones cost money and can be turned to another phone.
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=settings.prod,
            removal_policy=RemovalPolicy.RETAIN if settings.prod else RemovalPolicy.DESTROY,
        )
        plus = "The Plus plan is paid by the user; a second factor and closed sign-up stand in its place."
        accept(pool, "AwsSolutions-COG8", plus)
        if not required:
            accept(
                pool, "AwsSolutions-COG2", "Whoever deployed it has said that the second factor is optional."
            )
        return pool

    def _own_prefix(self) -> str:
        """Unique, and told by nothing of the account: the end of the stack's own id."""
        own = Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Stack.of(self).stack_id))))
        return f"{self._settings.prefix}-{own}"
