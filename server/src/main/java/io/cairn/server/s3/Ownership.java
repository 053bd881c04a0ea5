package io.cairn.server.s3;

import io.cairn.server.http.RefusedException;
import io.cairn.server.xml.XmlWriter;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// PutBucketOwnershipControls and its like (Amazon S3 user guide, "Controlling ownership of objects"). ACLs are off here: a bucket is
/// made with `BucketOwnerEnforced`, and the two settings that turn ACLs on are refused, as it would be wrong to keep and not heed them.
final class Ownership {
    static final String HEADER = "x-amz-object-ownership";
    static final String ENFORCED = "BucketOwnerEnforced";

    static void get(S3Call call) {
        BucketDocuments.get(call, BucketDocuments.OWNERSHIP, new RefusedException(404, "OwnershipControlsNotFoundError",
                "The bucket ownership controls were not found"));
    }

    static void put(S3Call call) {
        BucketDocuments.put(call, BucketDocuments.OWNERSHIP, 200, document -> {
            var rules = new ArrayList<String>();
            XmlReader.read(document, "OwnershipControls", in -> in.children(rule -> {
                if (!rule.equals("Rule"))
                    throw Refusals.malformedXml(rule + " in OwnershipControls");
                in.children(name -> {
                    if (name.equals("ObjectOwnership"))
                        rules.add(in.text().strip());
                    else
                        in.skip();
                });
            }));
            if (rules.size() != 1)
                throw Refusals.malformedXml("OwnershipControls has one Rule with one ObjectOwnership");
            return document(checked(rules.getFirst()));
        });
    }

    static void delete(S3Call call) {
        BucketDocuments.delete(call, BucketDocuments.OWNERSHIP);
    }

    /// What a new bucket keeps, given the header of its making.
    static byte[] ofNewBucket(@Nullable String header) {
        return document(header == null ? ENFORCED : checked(header));
    }

    private static String checked(String ownership) {
        return switch (ownership) {
            case ENFORCED -> ownership;
            case "BucketOwnerPreferred", "ObjectWriter" -> throw Refusals.notImplemented("ObjectOwnership " + ownership);
            default -> throw Refusals.malformedXml("no such ObjectOwnership: " + ownership);
        };
    }

    private static byte[] document(String ownership) {
        return new XmlWriter().openRoot("OwnershipControls", S3Face.NAMESPACE).open("Rule").element("ObjectOwnership", ownership)
                .close("Rule")
                .close("OwnershipControls").bytes();
    }

    private Ownership() {}
}
