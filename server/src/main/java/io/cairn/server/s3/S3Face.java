package io.cairn.server.s3;

import io.cairn.object.ObjectStore;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Face;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import org.jspecify.annotations.Nullable;

/// Amazon S3's REST protocol (API reference, 2006-03-01) over a store. Buckets belong to those who made them: others, and requests
/// without a signature, are denied; root may do all. What S3 has and this store has not is answered 501 `NotImplemented`.
///
/// A request is addressed ([Address]), told from others by one table ([Routes]), and then served by the class of its kind.
/// Heads are read on the event loop; whatever may touch the disk runs on the worker pool, but for the writes of a small PUT.
public final class S3Face implements Face {
    static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final Address NOWHERE = new Address("", "");

    private final ObjectStore store;
    private final S3Settings settings;
    private final FreeSpace space;
    private final FormVerifier forms;
    private final CorsConfigurations cors;

    /// @param forms says who signed a browser's form
    public S3Face(ObjectStore store, S3Settings settings, FreeSpace space, FormVerifier forms) {
        this.store = store;
        this.settings = settings;
        this.space = space;
        this.forms = forms;
        this.cors = new CorsConfigurations(store);
    }

    @Override
    public String service() {
        return "s3";
    }

    @Override
    public Answer refusal(Request request, String requestId, Refusal refusal) {
        var answer = Refusals.answer(request, requestId, refusal);
        var origin = request.headers().get("Origin");
        if (origin != null) {
            // Called on any thread: only what is known without the disk counts, and a preflight has most often asked before.
            var known = cors.ifKnown(addressOf(request).bucket());
            var rule = known == null ? null : Cors.rule(request, known.rules());
            if (rule != null)
                rule.tell(origin, answer.headers());
        }
        return answer;
    }

    private Address addressOf(Request request) {
        try {
            return Address.of(request, settings.domains());
        } catch (RefusedException e) {
            return NOWHERE; // what it asks for cannot be told
        }
    }

    @Override
    public void serve(Exchange exchange) {
        var address = NOWHERE;
        try {
            var request = exchange.request();
            address = Address.of(request, settings.domains());
            if (request.method().equals("OPTIONS")) {
                Cors.preflight(exchange, cors, address);
            } else if (request.headers().contains("Origin")) {
                var at = address;
                var known = cors.ifKnown(address.bucket());
                if (known != null)
                    serveFromElsewhere(exchange, at, known.rules());
                else
                    exchange.worker().execute(() -> serveFromElsewhere(exchange, at, cors.rules(at.bucket())));
            } else
                serve(exchange, address);
        } catch (RuntimeException | Error e) {
            exchange.fail(Refusals.translated(e, address));
        }
    }

    private void serveFromElsewhere(Exchange exchange, Address address, @Nullable CorsRules rules) {
        var to = exchange;
        try {
            var rule = Cors.rule(exchange.request(), rules);
            if (rule != null)
                to = new CorsExchange(exchange, rule, exchange.request().headers().get("Origin"));
            serve(to, address);
        } catch (RuntimeException | Error e) {
            to.fail(Refusals.translated(e, address));
        }
    }

    private void serve(Exchange exchange, Address address) {
        var request = exchange.request();
        var query = Query.of(request.rawQuery());
        var route = Routes.find(request.method(), address, query, request.headers());
        if (route == null)
            throw new RefusedException(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
        if (route.served() == null)
            throw new RefusedException(501, "NotImplemented", "This server does not have the operation " + route.name());
        serve(route.served(), new S3Call(exchange, address, query, store, settings, space));
    }

    private void serve(Operation operation, S3Call call) {
        switch (operation) {
            case GET_OBJECT -> ObjectReads.get(call);
            case HEAD_OBJECT -> ObjectReads.head(call);
            case PUT_OBJECT -> ObjectWrites.put(call);
            case DELETE_OBJECT -> ObjectWrites.delete(call);
            case DELETE_OBJECTS -> BatchDeletes.delete(call);
            case COPY_OBJECT -> Copies.copyObject(call);
            case LIST_OBJECTS -> Listings.objects(call);
            case LIST_OBJECTS_V2 -> Listings.objectsV2(call);
            case CREATE_MULTIPART_UPLOAD -> Multiparts.create(call);
            case UPLOAD_PART -> Multiparts.uploadPart(call);
            case UPLOAD_PART_COPY -> Copies.copyPart(call);
            case LIST_PARTS -> Multiparts.parts(call);
            case COMPLETE_MULTIPART_UPLOAD -> Completions.complete(call);
            case ABORT_MULTIPART_UPLOAD -> Multiparts.abort(call);
            case LIST_MULTIPART_UPLOADS -> Multiparts.list(call);
            case LIST_BUCKETS -> Buckets.list(call);
            case CREATE_BUCKET -> Buckets.create(call);
            case HEAD_BUCKET -> Buckets.head(call);
            case DELETE_BUCKET -> Buckets.delete(call, cors);
            case GET_BUCKET_LOCATION -> Buckets.location(call);
            case GET_BUCKET_VERSIONING -> Versions.get(call);
            case PUT_BUCKET_VERSIONING -> Versions.put(call);
            case LIST_OBJECT_VERSIONS -> Versions.list(call);
            case GET_BUCKET_ACL -> Buckets.acl(call);
            case GET_OBJECT_ACL -> Buckets.objectAcl(call);
            case GET_OBJECT_TAGGING -> Tagging.get(call);
            case PUT_OBJECT_TAGGING -> Tagging.put(call);
            case DELETE_OBJECT_TAGGING -> Tagging.delete(call);
            case GET_OBJECT_ATTRIBUTES -> Attributes.get(call);
            case RENAME_OBJECT -> Renames.rename(call);
            case POST_OBJECT -> PostedForm.receive(call, forms);
            case GET_BUCKET_TAGGING -> BucketTagging.get(call);
            case PUT_BUCKET_TAGGING -> BucketTagging.put(call);
            case DELETE_BUCKET_TAGGING -> BucketTagging.delete(call);
            case GET_BUCKET_CORS -> Cors.get(call);
            case PUT_BUCKET_CORS -> Cors.put(call, cors);
            case DELETE_BUCKET_CORS -> Cors.delete(call, cors);
            case GET_BUCKET_OWNERSHIP_CONTROLS -> Ownership.get(call);
            case PUT_BUCKET_OWNERSHIP_CONTROLS -> Ownership.put(call);
            case DELETE_BUCKET_OWNERSHIP_CONTROLS -> Ownership.delete(call);
            case GET_BUCKET_REQUEST_PAYMENT -> RequestPayment.get(call);
            case PUT_BUCKET_REQUEST_PAYMENT -> RequestPayment.put(call);
        }
    }
}
