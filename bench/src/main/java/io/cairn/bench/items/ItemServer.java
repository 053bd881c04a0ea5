package io.cairn.bench.items;

import io.cairn.bench.http.Keys;
import io.cairn.bench.match.Contestant;

/// A server that speaks DynamoDB's protocol.
interface ItemServer extends Contestant {
    int port();

    Keys keys();
}
