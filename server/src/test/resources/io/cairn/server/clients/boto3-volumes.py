# EC2's calls for volumes by boto3. Arguments: the server's address. Keys come from the environment.
import sys
import urllib.error
import urllib.request

import boto3
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2", endpoint_url=sys.argv[1], region_name="us-east-1")
checks = 0


def check(truth, what):
    global checks
    if not truth:
        sys.exit("failed: %s" % (what,))
    checks += 1


made = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, VolumeType="io1", Iops=100)
volume = made["VolumeId"]
check(made["Attachments"] == [], made)
told = ec2.describe_volumes()["Volumes"][0]
check(told["Attachments"] == [], told)
check(told["MultiAttachEnabled"] is False and told["Encrypted"] is False and told["SnapshotId"] == "", told)

snapshot = ec2.create_snapshot(VolumeId=volume, Description="first")
told = ec2.describe_snapshots(SnapshotIds=[snapshot["SnapshotId"]])["Snapshots"][0]
check(told["OwnerId"] == "000000000000" and told["Progress"] == "100%" and told["State"] == "completed", told)
check(told["Description"] == "first" and told["VolumeSize"] == 1 and told["StorageTier"] == "standard", told)

modified = ec2.modify_volume(VolumeId=volume, VolumeType="gp3")["VolumeModification"]
check(modified["OriginalIops"] == 100 and modified["TargetIops"] == 3000 and modified["TargetThroughput"] == 125, modified)

value = "\U0001F600" * 256
ec2.create_tags(Resources=[volume], Tags=[{"Key": "k", "Value": value}])
check(ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["Tags"] == [{"Key": "k", "Value": value}], "a tag's value")

# Presigned: by GET, and as the model has it, by POST with all parameters in the query.
for method in ("GET", "POST"):
    address = ec2.generate_presigned_url("describe_volumes", Params={"VolumeIds": [volume]}, HttpMethod=method)
    with urllib.request.urlopen(urllib.request.Request(address, method=method)) as answer:
        text = answer.read().decode()
        check(answer.status == 200 and "<volumeId>%s</volumeId>" % volume in text, text)
    try:
        urllib.request.urlopen(urllib.request.Request(address.replace(volume, "vol-0123456789abcdef0"), method=method))
        sys.exit("failed: a changed address")
    except urllib.error.HTTPError as e:
        check(e.code == 403, e)

try:
    ec2.describe_volumes(VolumeIds=["vol-0123456789abcdef0"])
    sys.exit("failed: an unknown volume")
except ClientError as e:
    check(e.response["Error"]["Code"] == "InvalidVolume.NotFound", e)

ec2.delete_snapshot(SnapshotId=snapshot["SnapshotId"])
ec2.delete_volume(VolumeId=volume)
print("passed %d checks" % checks)
