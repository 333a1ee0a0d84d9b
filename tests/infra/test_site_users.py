"""Who may sign in, how, and what their tokens are good for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from infra.site_users import API_SCOPE, GROUPS
from packshot.api.models.about import Role
from tests.infra.templates import Synthesised, text_of

Json = dict[str, Any]
POOL = "AWS::Cognito::UserPool"


@pytest.fixture(params=["dev_site", "prod_site"])
def made(request: pytest.FixtureRequest) -> Synthesised:
    found: Synthesised = request.getfixturevalue(request.param)
    return found


def client(made: Synthesised) -> Json:
    # One client alone: each further one is a further way to a token.
    (found,) = made.all_of("AWS::Cognito::UserPoolClient").values()
    return found


def test_groups_are_the_roles_of_the_api(made: Synthesised) -> None:
    groups = {
        one["GroupName"]: one["Precedence"] for one in made.all_of("AWS::Cognito::UserPoolGroup").values()
    }
    assert set(groups) == set(GROUPS) == {role.value for role in Role}
    # Of several groups Cognito prefers the lowest number: the greatest role.
    assert sorted(groups, key=groups.__getitem__, reverse=True) == [role.value for role in Role]


def test_nobody_signs_up_unless_it_is_said(dev_site: Synthesised, prod_site: Synthesised) -> None:
    for site, closed in ((dev_site, True), (prod_site, False)):
        assert site.the(POOL, "")["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is closed


def test_a_second_factor_is_required_unless_it_is_said_and_never_a_text_message(
    dev_site: Synthesised, prod_site: Synthesised
) -> None:
    for site, asked in ((dev_site, "ON"), (prod_site, "OPTIONAL")):
        pool = site.the(POOL, "")
        assert pool["MfaConfiguration"] == asked
        assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
        assert "SmsConfiguration" not in pool


def test_passwords_are_long_and_mixed(made: Synthesised) -> None:
    policy = made.the(POOL, "")["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    kinds = ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols")
    assert all(policy[kind] for kind in kinds)
    assert policy["TemporaryPasswordValidityDays"] <= 7


def test_people_sign_in_by_name_or_address_and_the_name_goes_into_tokens(made: Synthesised) -> None:
    pool = made.the(POOL, "")
    # With UsernameAttributes instead the name in a token would be a random id.
    assert pool["AliasAttributes"] == ["email"]
    assert "UsernameAttributes" not in pool
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "verified_email", "Priority": 1}]


def test_the_page_is_a_public_client_of_the_code_flow_alone(made: Synthesised) -> None:
    found = client(made)
    assert found["GenerateSecret"] is False
    assert found["AllowedOAuthFlows"] == ["code"]
    assert found["AllowedOAuthFlowsUserPoolClient"] is True
    assert found["SupportedIdentityProviders"] == ["COGNITO"]
    assert found["PreventUserExistenceErrors"] == "ENABLED"
    openid, api = found["AllowedOAuthScopes"]
    server = made.the("AWS::Cognito::UserPoolResourceServer", "")
    assert openid == "openid"
    assert text_of(api) == f"<UsersPoolServer{text_of(api).split('Server')[1]}"
    assert f"{server['Identifier']}/{server['Scopes'][0]['ScopeName']}" == API_SCOPE
    # Not aws.cognito.signin.user.admin, by which a token could change its user.
    assert len(found["AllowedOAuthScopes"]) == 2


def test_one_comes_back_to_the_site_and_nowhere_else(dev_site: Synthesised, prod_site: Synthesised) -> None:
    for site, pattern in (
        (dev_site, r"https://<FrontDistribution\w+\.DomainName>/"),
        (prod_site, r"https://photos\.example\.com/"),
    ):
        for kind in ("CallbackURLs", "LogoutURLs"):
            (address,) = client(site)[kind]
            assert re.fullmatch(pattern, text_of(address)), kind


def test_tokens_are_short_turn_and_end_with_the_day(made: Synthesised) -> None:
    found = client(made)
    assert set(found["TokenValidityUnits"].values()) == {"minutes"}
    assert found["AccessTokenValidity"] == found["IdTokenValidity"] == 30
    assert found["RefreshTokenValidity"] == 12 * 60
    assert found["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    # REFRESH_TOKEN_AUTH does not go with it, and is among Cognito's own choice when none is made.
    assert found["ExplicitAuthFlows"] == ["ALLOW_USER_SRP_AUTH"]
    assert found["EnableTokenRevocation"] is True


def test_the_sign_in_page_has_an_address_of_its_own_and_a_look(
    dev_site: Synthesised, prod_site: Synthesised
) -> None:
    for site, stage in ((dev_site, "dev"), (prod_site, "prod")):
        domain = site.the("AWS::Cognito::UserPoolDomain", "")
        assert text_of(domain["Domain"]) == f"packshot-{stage}-<selected>"
        # Made of the stack's id, which tells nothing of the account.
        assert "AWS::StackId" in str(domain["Domain"])
        assert domain["ManagedLoginVersion"] == 2
        look = site.the("AWS::Cognito::ManagedLoginBranding", "")
        assert look["UseCognitoProvidedValues"] is True
        assert look["ClientId"]["Ref"] in site.all_of("AWS::Cognito::UserPoolClient")


def test_prod_keeps_its_users(dev_site: Synthesised, prod_site: Synthesised) -> None:
    for site, kept in ((dev_site, False), (prod_site, True)):
        (pool,) = (one for one in site.template["Resources"].values() if one["Type"] == POOL)
        assert pool["DeletionPolicy"] == ("Retain" if kept else "Delete")
        assert pool["Properties"]["DeletionProtection"] == ("ACTIVE" if kept else "INACTIVE")
