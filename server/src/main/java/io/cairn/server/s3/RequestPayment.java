package io.cairn.server.s3;

import io.cairn.server.xml.XmlWriter;
import java.util.ArrayList;

/// PutBucketRequestPayment, GetBucketRequestPayment. Nobody but the owner reaches a bucket, so it is told and changes nothing.
final class RequestPayment {
    private static final byte[] OWNER = document("BucketOwner");

    static void get(S3Call call) {
        BucketDocuments.get(call, BucketDocuments.REQUEST_PAYMENT, OWNER);
    }

    static void put(S3Call call) {
        BucketDocuments.put(call, BucketDocuments.REQUEST_PAYMENT, 200, body -> {
            var payers = new ArrayList<String>();
            XmlReader.read(body, "RequestPaymentConfiguration", in -> in.children(name -> {
                if (name.equals("Payer"))
                    payers.add(in.text().strip());
                else
                    in.skip();
            }));
            if (payers.size() != 1 || !payers.getFirst().equals("BucketOwner") && !payers.getFirst().equals("Requester"))
                throw Refusals.malformedXml("Payer is BucketOwner or Requester: " + payers);
            return document(payers.getFirst());
        });
    }

    private static byte[] document(String payer) {
        return new XmlWriter().openRoot("RequestPaymentConfiguration", S3Face.NAMESPACE).element("Payer", payer)
                .close("RequestPaymentConfiguration").bytes();
    }

    private RequestPayment() {}
}
