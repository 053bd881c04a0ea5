package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverterProvider;
import software.amazon.awssdk.enhanced.dynamodb.AttributeValueType;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableMetadata;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.enhanced.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.enhanced.dynamodb.model.IgnoreNullsMode;
import software.amazon.awssdk.enhanced.dynamodb.model.Page;
import software.amazon.awssdk.enhanced.dynamodb.model.QueryConditional;
import software.amazon.awssdk.enhanced.dynamodb.model.ReadBatch;
import software.amazon.awssdk.enhanced.dynamodb.model.WriteBatch;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// The SDK's enhanced client: beans and documents, optimistic locking, indexes, batches, transactions.
class SdkEnhancedTest extends SdkSuite {
    private DynamoDbEnhancedClient enhanced() {
        return DynamoDbEnhancedClient.builder().dynamoDbClient(client()).build();
    }

    private DynamoDbTable<Song> songs(String name) {
        var songs = enhanced().table(name, TableSchema.fromBean(Song.class));
        songs.createTable(t -> t
                .globalSecondaryIndices(i -> i.indexName("by-genre").projection(p -> p.projectionType(ProjectionType.ALL)))
                .localSecondaryIndices(
                        i -> i.indexName("by-year").projection(p -> p.projectionType(ProjectionType.ALL)).build()));
        client().waiter().waitUntilTableExists(t -> t.tableName(name));
        return songs;
    }

    private static Key key(String artist, String title) {
        return Key.builder().partitionValue(artist).sortValue(title).build();
    }

    @Test
    void beansComeBackAsTheyWerePut() {
        var songs = songs("beans");
        var song = Song.of("A", "one", "rock", 1990);
        song.setLabels(Set.of("x", "y"));
        song.setScores(Map.of("s", List.of(1.5, -2.0)));
        songs.putItem(song);
        var got = songs.getItem(key("A", "one"));
        song.setVersion(1L);
        assertEquals(song, got);
        assertEquals("beans", songs.describeTable().table().tableName());
        var update = Song.of("A", "one", "jazz", 1991);
        update.setVersion(1L);
        var updated = songs.updateItem(u -> u.item(update).ignoreNullsMode(IgnoreNullsMode.SCALAR_ONLY));
        assertEquals(Set.of("x", "y"), updated.getLabels());
        assertEquals("jazz", updated.getGenre());
        var replaced = songs.updateItem(updated);
        assertEquals(3L, replaced.getVersion());
        assertEquals(replaced, songs.deleteItem(key("A", "one")));
        assertNull(songs.getItem(key("A", "one")));
    }

    /// Of two who read the same version one comes too late, and the item stays as the other left it.
    @Test
    void theSecondWriterOfAVersionIsRefused() {
        var songs = songs("versions");
        songs.putItem(Song.of("A", "one", "rock", 1990));
        var mine = songs.getItem(key("A", "one"));
        var yours = songs.getItem(key("A", "one"));
        mine.setGenre("jazz");
        songs.updateItem(mine);
        yours.setGenre("folk");
        assertThrows(ConditionalCheckFailedException.class, () -> songs.updateItem(yours));
        assertThrows(ConditionalCheckFailedException.class, () -> songs.putItem(yours));
        assertThrows(ConditionalCheckFailedException.class, () -> songs.putItem(Song.of("A", "one", "new", 1)));
        var left = songs.getItem(key("A", "one"));
        assertEquals("jazz", left.getGenre());
        assertEquals(2L, left.getVersion());
    }

    @Test
    void queriesGoToTableAndIndexes() {
        var songs = songs("queries");
        for (int i = 0; i < 30; i++)
            songs.putItem(Song.of("A" + i % 2, "t%02d".formatted(i), i % 3 == 0 ? "jazz" : "rock", 2030 - i));
        var pages = songs.query(q -> q.queryConditional(QueryConditional.sortBeginsWith(key("A0", "t1"))).limit(2)).stream()
                .toList();
        assertEquals(List.of("t10", "t12", "t14", "t16", "t18"),
                pages.stream().flatMap(p -> p.items().stream()).map(Song::getTitle).toList());
        assertTrue(pages.size() >= 3, () -> pages.size() + " pages");
        var jazz = songs.index("by-genre")
                .query(q -> q.queryConditional(QueryConditional.keyEqualTo(k -> k.partitionValue("jazz"))).limit(4));
        assertEquals(IntStream.range(0, 10).mapToObj(i -> 2003 + 3 * i).toList(),
                jazz.stream().map(Page::items).flatMap(List::stream).map(Song::getYear).toList());
        var years = songs.index("by-year").query(q -> q.queryConditional(QueryConditional.sortBetween(
                k -> k.partitionValue("A1").sortValue(2003), k -> k.partitionValue("A1").sortValue(2007)))
                .scanIndexForward(false));
        assertEquals(List.of(2007, 2005, 2003),
                years.stream().map(Page::items).flatMap(List::stream).map(Song::getYear).toList());
        var filter = Expression.builder().expression("#y > :y").putExpressionName("#y", "year").putExpressionValue(":y", n(2020))
                .build();
        assertEquals(10, songs.scan(x -> x.limit(7).filterExpression(filter)).items().stream().count());
        var narrow = songs
                .query(q -> q.queryConditional(QueryConditional.keyEqualTo(key("A0", "t00"))).attributesToProject("title"))
                .items().iterator().next();
        assertEquals("t00", narrow.getTitle());
        assertNull(narrow.getGenre());
        assertEquals(30, new HashSet<>(songs.index("by-genre").scan().stream().flatMap(p -> p.items().stream()).toList()).size());
    }

    @Test
    void conditionsAreExpressions() {
        var songs = songs("conditions");
        var absent = Expression.builder().expression("attribute_not_exists(artist)").build();
        songs.putItem(p -> p.item(Song.of("A", "one", "rock", 1)).conditionExpression(absent));
        assertThrows(ConditionalCheckFailedException.class,
                () -> songs.putItem(p -> p.item(Song.of("A", "one", "rock", 1)).conditionExpression(absent)));
        var older = Expression.builder().expression("#y < :y").putExpressionName("#y", "year").putExpressionValue(":y", n(1))
                .build();
        assertThrows(ConditionalCheckFailedException.class,
                () -> songs.deleteItem(d -> d.key(key("A", "one")).conditionExpression(older)));
        assertEquals(1, songs.getItem(key("A", "one")).getYear());
    }

    /// A batch has no conditions, so that the client refuses beans with a version in it; without that extension they are plain attributes.
    @Test
    void batchesSpanTables() {
        songs("batch-one");
        songs("batch-two");
        var plain = DynamoDbEnhancedClient.builder().dynamoDbClient(client()).extensions(List.of()).build();
        var one = plain.table("batch-one", TableSchema.fromBean(Song.class));
        var two = plain.table("batch-two", TableSchema.fromBean(Song.class));
        var puts = WriteBatch.builder(Song.class).mappedTableResource(one);
        IntStream.range(0, 20).forEach(i -> puts.addPutItem(Song.of("A", "t" + i, "rock", i)));
        var done = plain.batchWriteItem(b -> b.writeBatches(puts.build(),
                WriteBatch.builder(Song.class).mappedTableResource(two).addPutItem(Song.of("B", "x", "jazz", 1)).build()));
        assertTrue(done.unprocessedPutItemsForTable(one).isEmpty());
        var reads = ReadBatch.builder(Song.class).mappedTableResource(one);
        IntStream.range(0, 25).forEach(i -> reads.addGetItem(key("A", "t" + i)));
        var pages = plain.batchGetItem(b -> b.readBatches(reads.build(),
                ReadBatch.builder(Song.class).mappedTableResource(two).addGetItem(key("B", "x")).build()));
        assertEquals(20, pages.resultsForTable(one).stream().count());
        assertEquals(List.of("jazz"), pages.resultsForTable(two).stream().map(Song::getGenre).toList());
        plain.batchWriteItem(b -> b
                .writeBatches(WriteBatch.builder(Song.class).mappedTableResource(two).addDeleteItem(key("B", "x")).build()));
        assertNull(two.getItem(key("B", "x")));
    }

    @Test
    void transactionsSpanTables() {
        var one = songs("tx-one");
        var two = songs("tx-two");
        enhanced().transactWriteItems(
                t -> t.addPutItem(one, Song.of("A", "one", "rock", 1)).addPutItem(two, Song.of("B", "two", "jazz", 2)));
        ConditionCheck<Song> exists = ConditionCheck.builder().key(key("B", "two"))
                .conditionExpression(Expression.builder().expression("attribute_exists(artist)").build()).build();
        var song = one.getItem(key("A", "one"));
        song.setGenre("folk");
        enhanced().transactWriteItems(t -> t.addUpdateItem(one, song).addConditionCheck(two, exists));
        var read = enhanced().transactGetItems(t -> t.addGetItem(one, key("A", "one")).addGetItem(two, key("none", "none")));
        assertEquals("folk", read.get(0).getItem(one).getGenre());
        assertNull(read.get(1).getItem(two));
        var late = assertThrows(TransactionCanceledException.class,
                () -> enhanced().transactWriteItems(t -> t.addDeleteItem(two, key("B", "two")).addUpdateItem(one, song)));
        assertEquals(List.of("None", "ConditionalCheckFailed"), late.cancellationReasons().stream().map(r -> r.code()).toList());
        assertEquals("jazz", two.getItem(key("B", "two")).getGenre());
    }

    @Test
    void documentsNeedNoBean() {
        var documents = enhanced().table("documents", TableSchema.documentSchemaBuilder()
                .addIndexPartitionKey(TableMetadata.primaryIndexName(), "id", AttributeValueType.S)
                .attributeConverterProviders(AttributeConverterProvider.defaultProvider()).build());
        documents.createTable();
        client().waiter().waitUntilTableExists(t -> t.tableName("documents"));
        var json = "{\"id\":\"a\",\"n\":1.25,\"l\":[1,\"x\",null,true],\"m\":{\"deep\":{\"é\":\"\\\"\"}}}";
        documents.putItem(EnhancedDocument.fromJson(json));
        assertEquals(EnhancedDocument.fromJson(json).toMap(),
                documents.getItem(Key.builder().partitionValue("a").build()).toMap());
        documents.deleteTable();
        client().waiter().waitUntilTableNotExists(t -> t.tableName("documents"));
    }
}
