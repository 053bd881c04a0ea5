"""boto3 against a running server: boto3-client.py ENDPOINT BUCKET-PREFIX. Ends with `passed N checks`."""
import io
import os
import sys

import boto3
import urllib3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, prefix = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(s3={"addressing_style": "path"}))
bucket = prefix + "-boto3"
checks = 0
http = urllib3.PoolManager(ca_certs=os.environ.get("AWS_CA_BUNDLE"))


def check(condition, what):
    global checks
    if not condition:
        sys.exit("failed: " + what)
    checks += 1


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        check(e.response["Error"]["Code"] == code, "%s, not %s" % (e.response["Error"]["Code"], code))
        return
    sys.exit("failed: not refused with " + code)


s3.create_bucket(Bucket=bucket)
check(bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]], "the bucket is listed")
small = os.urandom(3000)
put = s3.put_object(Bucket=bucket, Key="small ü", Body=small, Metadata={"colour": "blue"}, ContentType="text/x-test")
got = s3.get_object(Bucket=bucket, Key="small ü")
check(got["Body"].read() == small, "content comes back")
check(got["Metadata"] == {"colour": "blue"}, "metadata comes back")
check(got["ContentType"] == "text/x-test", "content type comes back")
check(got["ETag"] == put["ETag"], "the ETag stays")
check(s3.get_object(Bucket=bucket, Key="small ü", Range="bytes=-5")["Body"].read() == small[-5:], "a suffix range")
refused("304", s3.get_object, Bucket=bucket, Key="small ü", IfNoneMatch=put["ETag"])
refused("PreconditionFailed", s3.get_object, Bucket=bucket, Key="small ü", IfMatch='"0"')
refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="none")
refused("404", s3.head_object, Bucket=bucket, Key="none")

large = os.urandom(11_000_001)
parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=3)
s3.upload_fileobj(io.BytesIO(large), bucket, "large", Config=parts)
back = io.BytesIO()
s3.download_fileobj(bucket, "large", back, Config=parts)
check(back.getvalue() == large, "a multipart object comes back")
check(s3.head_object(Bucket=bucket, Key="large")["ETag"].endswith('-3"'), "its ETag counts the parts")
check("Uploads" not in s3.list_multipart_uploads(Bucket=bucket), "no upload is left")

# A browser's form, signed by boto3 and sent by urllib3.
signer = boto3.client("s3", endpoint_url=endpoint, config=Config(signature_version="s3v4"))
form = signer.generate_presigned_post(bucket, "form/${filename}", Fields={"x-amz-meta-colour": "red"}, Conditions=[
    {"x-amz-meta-colour": "red"}, ["content-length-range", 1, 20_000_000]])
url = endpoint + "/" + bucket
posted = http.request("POST", url, fields={**form["fields"], "file": ("photo.bin", small, "image/x")})
check(posted.status == 204, "a form is taken: %d %s" % (posted.status, posted.data))
got = s3.get_object(Bucket=bucket, Key="form/photo.bin")
check(got["Body"].read() == small and got["Metadata"] == {"colour": "red"}, "what the form sent comes back")
posted = http.request("POST", url, fields={**form["fields"], "file": ("photo.bin", os.urandom(9_000_000), "image/x")})
check(posted.status == 204, "a large form is taken: %d %s" % (posted.status, posted.data))
check(s3.head_object(Bucket=bucket, Key="form/photo.bin")["ContentLength"] == 9_000_000, "a large form is stored whole")
posted = http.request("POST", url, fields={**form["fields"], "x-amz-meta-colour": "blue", "file": ("photo.bin", small, "image/x")})
check(posted.status == 403, "a form that its policy does not allow is refused")

for i in range(25):
    s3.put_object(Bucket=bucket, Key="many/%02d/x" % i, Body=b"")
pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="many/", Delimiter="/", PaginationConfig={"PageSize": 10}))
check([len(p["CommonPrefixes"]) for p in pages] == [10, 10, 5], "pages of common prefixes")
v1 = s3.list_objects(Bucket=bucket, Prefix="many/", MaxKeys=3)
check(v1["IsTruncated"] and [o["Key"] for o in v1["Contents"]] == ["many/%02d/x" % i for i in range(3)], "the older listing")
refused("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)

keys = [o["Key"] for p in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for o in p["Contents"]]
gone = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
check(len(gone["Deleted"]) == 28 and "Errors" not in gone, "28 objects deleted in one call")
s3.delete_bucket(Bucket=bucket)
refused("NoSuchBucket", s3.list_objects_v2, Bucket=bucket)
print("passed %d checks" % checks)
