// The JavaScript SDK v3 as it comes (CRC32 of every body, in a trailer for streams) against a running server:
// node javascript-client.mjs ENDPOINT BUCKET-PREFIX. Ends with `passed N checks`.
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import * as sdk from "@aws-sdk/client-s3";

const [endpoint, prefix] = process.argv.slice(2);
const s3 = new sdk.S3Client({ endpoint, forcePathStyle: true });
const Bucket = prefix + "-javascript";
const send = (name, input) => s3.send(new sdk[name + "Command"]({ Bucket, ...input }));
let checks = 0;

function check(condition, what) {
  if (!condition) throw new Error("failed: " + what);
  checks++;
}

async function refused(code, name, input) {
  try {
    await send(name, input);
  } catch (e) {
    check(e.name === code, `${name}: ${e.name}, not ${code}`);
    return;
  }
  throw new Error(`failed: ${name} was not refused with ${code}`);
}

const content = async (Key, more) => Buffer.from(await (await send("GetObject", { Key, ...more })).Body.transformToByteArray());

await send("CreateBucket");
check((await s3.send(new sdk.ListBucketsCommand({}))).Buckets.some((b) => b.Name === Bucket), "the bucket is listed");

const small = randomBytes(3000);
const put = await send("PutObject", { Key: "small ü", Body: small, Metadata: { colour: "blue" } });
check(put.ChecksumCRC32, "a default checksum is answered");
check((await content("small ü")).equals(small), "content comes back");
check((await send("HeadObject", { Key: "small ü" })).Metadata.colour === "blue", "metadata comes back");
check((await send("HeadObject", { Key: "small ü", ChecksumMode: "ENABLED" })).ChecksumCRC32 === put.ChecksumCRC32, "the checksum is kept");
check((await content("small ü", { Range: "bytes=100-199" })).equals(small.subarray(100, 200)), "a range");
await refused("NoSuchKey", "GetObject", { Key: "none" });
await refused("PreconditionFailed", "PutObject", { Key: "small ü", Body: "x", IfNoneMatch: "*" });

// A stream goes in aws-chunked framing with a checksum trailer (STREAMING-UNSIGNED-PAYLOAD-TRAILER), inside HTTP chunks, without a
// Content-Length; this SDK does so over plain http too.
const streamed = randomBytes(300_000);
await send("PutObject", { Key: "streamed", Body: Readable.from([streamed]), ContentLength: streamed.length });
check((await content("streamed")).equals(streamed), "a streamed body comes back without its framing");

for (const ChecksumAlgorithm of ["CRC32C", "SHA256"]) {
  await send("PutObject", { Key: ChecksumAlgorithm, Body: small, ChecksumAlgorithm });
  const head = await send("HeadObject", { Key: ChecksumAlgorithm, ChecksumMode: "ENABLED" });
  check(head["Checksum" + ChecksumAlgorithm], ChecksumAlgorithm + " is kept");
}

const part = randomBytes(5 << 20);
const last = randomBytes(1000);
const { UploadId } = await send("CreateMultipartUpload", { Key: "large" });
const Parts = [];
for (const [i, Body] of [part, last].entries()) {
  const sent = await send("UploadPart", { Key: "large", UploadId, PartNumber: i + 1, Body });
  Parts.push({ PartNumber: i + 1, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 });
}
check((await send("ListParts", { Key: "large", UploadId })).Parts.length === 2, "parts are listed");
await send("CompleteMultipartUpload", { Key: "large", UploadId, MultipartUpload: { Parts } });
check((await content("large")).equals(Buffer.concat([part, last])), "a multipart object comes back");

const keys = [];
for await (const page of sdk.paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket })) keys.push(...page.Contents.map((o) => o.Key));
check(keys.length === 5, "5 objects in pages of 2");
const gone = await send("DeleteObjects", { Delete: { Objects: keys.map((Key) => ({ Key })) } });
check(gone.Deleted.length === 5 && !gone.Errors?.length, "5 objects deleted in one call");
await send("DeleteBucket");
await refused("NoSuchBucket", "ListObjectsV2");
console.log(`passed ${checks} checks`);
