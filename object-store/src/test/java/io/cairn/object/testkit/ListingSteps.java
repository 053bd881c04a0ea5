package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.testkit.Step.*;

/// The steps that list keys and versions.
final class ListingSteps {
    private static final int MAX_PAGES = 1000;
    private final Sides sides;

    ListingSteps(Sides sides) {
        this.sides = sides;
    }

    void keys(ListKeys list) {
        var after = "";
        for (int page = 0; page < MAX_PAGES; page++) {
            var request = new ListRequest(list.prefix(), list.delimiter(), after, list.max());
            var there = sides.tested().list(request);
            var expected = sides.model().list(request);
            assertEquals(Spelled.infos(expected.objects()), Spelled.infos(there.objects()), request::toString);
            assertEquals(expected.commonPrefixes(), there.commonPrefixes(), request::toString);
            assertEquals(expected.next(), there.next(), request::toString);
            sides.coverage.count(list.delimiter().isEmpty() ? "list" : "list with delimiter");
            if (!there.commonPrefixes().isEmpty())
                sides.coverage.count("list with common prefixes");
            if (!there.truncated())
                return;
            sides.coverage.count("list truncated");
            after = there.next();
        }
        fail("a listing does not end");
    }

    void versions(ListVersions list) {
        var from = list.from() == null ? null : sides.version(sides.turn, list.from());
        // another key's id marks no place that an interface could promise
        boolean foreign = list.from() != null && list.from().which() == Which.FOREIGN;
        var key = from == null ? "" : from.key();
        var version = from == null || foreign ? "" : from.tested();
        var modelVersion = from == null || foreign ? "" : from.modelled();
        if (!version.isEmpty())
            sides.coverage.count("versions from " + (list.from() == null ? "" : list.from().which()));
        for (int page = 0; page < MAX_PAGES; page++) {
            var request = new VersionListRequest(list.prefix(), list.delimiter(), key, version, list.max());
            var modelRequest = new VersionListRequest(list.prefix(), list.delimiter(), key, modelVersion, list.max());
            var outcome = Outcome.of(() -> sides.tested().versions(request));
            var modelled = Outcome.of(() -> sides.model().versions(modelRequest));
            if (!(outcome instanceof Outcome.Value<VersionListing>(var there)
                    && modelled instanceof Outcome.Value<VersionListing>(var expected))) {
                assertEquals(Sides.reason(modelled), Sides.reason(outcome), request::toString);
                sides.coverage.count("versions " + Sides.reason(outcome));
                return;
            }
            assertEquals(expected.versions().stream().map(it -> sides.testedId(it.versionId()) + " " + Spelled.of(it)).toList(),
                    there.versions().stream().map(it -> it.versionId() + " " + Spelled.of(it)).toList(), request::toString);
            assertEquals(expected.commonPrefixes(), there.commonPrefixes(), request::toString);
            assertEquals(expected.nextKey(), there.nextKey(), request::toString);
            assertEquals(sides.testedId(expected.nextVersion()), there.nextVersion(), request::toString);
            sides.coverage.count(list.delimiter().isEmpty() ? "versions" : "versions with delimiter");
            if (!there.commonPrefixes().isEmpty())
                sides.coverage.count("versions with common prefixes");
            if (!there.truncated())
                return;
            sides.coverage.count("versions truncated");
            key = there.nextKey();
            version = there.nextVersion();
            modelVersion = expected.nextVersion();
        }
        fail("a listing of versions does not end");
    }
}
