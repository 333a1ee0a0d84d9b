"""What starts a batch, what functions are told, and what people are told by name."""

from __future__ import annotations

from packshot.contracts.environment import FusedEnvironment, PlanEnvironment, RecordEnvironment
from tests.infra.templates import Synthesised, text_of


def test_a_manifest_starts_a_batch_without_a_function_between(dev: Synthesised) -> None:
    rule = dev.the("AWS::Events::Rule", "Manifest")
    uploads = dev.the("AWS::S3::Bucket", "Uploads")
    assert uploads["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"] is True
    assert "EventBusName" not in rule
    keys_wanted = rule["EventPattern"]["detail"]["object"]["key"]
    assert [one["wildcard"] for one in keys_wanted] == [
        "manifests/*.csv",
        "manifests/*.CSV",
        "manifests/*.json",
        "manifests/*.JSON",
        "manifests/*.jsonl",
        "manifests/*.JSONL",
    ]
    (target,) = rule["Targets"]
    assert text_of(target["Arn"]).startswith("<MachinesBatch")
    assert set(target["InputTransformer"]["InputPathsMap"].values()) == {
        "$.detail.bucket.name",
        "$.detail.object.key",
        "$.detail.object.version-id",
    }
    assert "DeadLetterConfig" in target


def test_an_execution_that_ends_badly_is_closed_by_a_rule(dev: Synthesised) -> None:
    rule = dev.the("AWS::Events::Rule", "BadEnd")
    assert rule["EventPattern"]["detail"]["status"] == ["FAILED", "ABORTED", "TIMED_OUT"]
    (machine,) = rule["EventPattern"]["detail"]["stateMachineArn"]
    assert text_of(machine).startswith("<MachinesBatch")
    assert text_of(rule["Targets"][0]["Arn"]).startswith("<FunctionsClose")


def test_functions_are_told_what_their_handlers_read(dev: Synthesised, prod: Synthesised) -> None:
    def told(made: Synthesised, name: str) -> dict[str, str]:
        facts = made.the("AWS::Lambda::Function", f"Functions{name}Function")["Environment"]["Variables"]
        return {key: text_of(value) for key, value in facts.items()}

    record = RecordEnvironment.read(told(dev, "Record"))
    assert record.work_bucket.startswith("<BucketsWork")
    assert record.catalogue_bucket.startswith("<BucketsCatalogue")
    assert record.table.startswith("<JobsTable")
    assert PlanEnvironment.read(told(dev, "Plan")).images_per_item == 1
    assert PlanEnvironment.read(told(prod, "Plan")).images_per_item == 10
    fused = FusedEnvironment.read(told(prod, "Fused"))
    assert fused.upload_bucket.startswith("<BucketsUploads")
    assert fused.source_buckets == ("photos-of-ours", "photos-of-theirs")


def test_outputs_are_named_and_everything_is_tagged(dev: Synthesised) -> None:
    assert {
        "UploadBucket",
        "WorkBucket",
        "CatalogueBucket",
        "JobTable",
        "EventBus",
        "BatchStateMachine",
        "ImageStateMachine",
    } <= set(dev.template["Outputs"])
    tags = dev.the("AWS::S3::Bucket", "Catalogue")["Tags"]
    assert {"Key": "project", "Value": "packshot"} in tags
    assert {"Key": "stage", "Value": "dev"} in tags


def test_prod_takes_the_settings_that_were_given(prod: Synthesised) -> None:
    plan = prod.the("AWS::Lambda::Function", "FunctionsPlanFunction")
    assert plan["Environment"]["Variables"]["PACKSHOT_CONCURRENCY"] == "750"
    # Fused, one would call the function itself.
    assert len(prod.all_of("AWS::StepFunctions::StateMachine")) == 1


def test_every_function_traces_logs_in_json_and_has_a_log_that_ends(
    dev: Synthesised, prod: Synthesised
) -> None:
    for made, days in ((dev, 7), (prod, 90)):
        logs = made.all_of("AWS::Logs::LogGroup")
        functions = made.all_of("AWS::Lambda::Function")
        assert functions
        for name, function in functions.items():
            assert function["TracingConfig"] == {"Mode": "Active"}, name
            assert function["LoggingConfig"]["LogFormat"] == "JSON"
            log = function["LoggingConfig"]["LogGroup"]["Ref"]
            assert logs[log]["RetentionInDays"] == days
            # Whose metrics its lines carry.
            assert function["Environment"]["Variables"]["PACKSHOT_DEPLOYMENT"] in (
                "packshot-dev",
                "packshot-prod",
            )


def test_state_machines_trace_and_log_errors_with_what_they_worked_on(dev: Synthesised) -> None:
    machines = dev.all_of("AWS::StepFunctions::StateMachine")
    assert len(machines) == 2
    for machine in machines.values():
        assert machine["TracingConfiguration"] == {"Enabled": True}
        logging = machine["LoggingConfiguration"]
        assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", True)
        assert logging["Destinations"]
