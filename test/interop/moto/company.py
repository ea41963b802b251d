"""Puts keys and what surrounds them into a moto server, then prints what moto itself answers about them as JSON."""

import json
import sys

import boto3

REGION = "eu-west-1"
ACCESS = dict(endpoint_url=sys.argv[1], aws_access_key_id="sample", aws_secret_access_key="sample")


def client(name, region=REGION):
    return boto3.client(name, region_name=region, **ACCESS)


def statement(effect, principal, action):
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}


kms, iam, s3, cloudtrail = client("kms"), client("iam", "us-east-1"), client("s3"), client("cloudtrail")
root = {"AWS": "arn:aws:iam::123456789012:root"}

# More than a page of every listing.
for n in range(120):
    key = kms.create_key(Description=f"key {n}", Tags=[{"TagKey": "Owner", "TagValue": f"owner{n}@example.com"}])
    key = key["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"alias/app-{n}", TargetKeyId=key)
    if n % 2:
        kms.enable_key_rotation(KeyId=key)
    if n % 30 == 7:
        statements = [statement("Allow", root, "kms:*"), statement("Allow", "*", "kms:Decrypt")]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    if n % 40 == 5:
        kms.disable_key(KeyId=key)
    if n % 40 == 9:
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
signing = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]

trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
role = iam.create_role(
    RoleName="app", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
)
kms.create_grant(KeyId=signing, GranteePrincipal=role["Role"]["Arn"], Operations=["Sign"])
iam.create_user(UserName="ann")
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=json.dumps(everything))
s3.create_bucket(Bucket="trail-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
cloudtrail.create_trail(Name="main", S3BucketName="trail-logs", IsMultiRegionTrail=True)
cloudtrail.start_logging(Name="main")

answers = {}
for page in kms.get_paginator("list_keys").paginate():
    for entry in page["Keys"]:
        about = kms.describe_key(KeyId=entry["KeyId"])["KeyMetadata"]
        answers[about["Arn"]] = {
            "state": about["KeyState"],
            "algorithm": about["KeySpec"],
            "description": about["Description"],
            "rotation": kms.get_key_rotation_status(KeyId=entry["KeyId"])["KeyRotationEnabled"],
            "owner": [t["TagValue"] for t in kms.list_resource_tags(KeyId=entry["KeyId"])["Tags"] if t["TagKey"] == "Owner"],
            "policy": kms.get_key_policy(KeyId=entry["KeyId"], PolicyName="default")["Policy"],
            "grants": len(kms.list_grants(KeyId=entry["KeyId"])["Grants"]),
        }
print(json.dumps(answers))
