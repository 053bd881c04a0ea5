package io.cairn.server.dynamodb;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.extensions.annotations.DynamoDbVersionAttribute;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbBean;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSecondaryPartitionKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSecondarySortKey;
import software.amazon.awssdk.enhanced.dynamodb.mapper.annotations.DynamoDbSortKey;

/// A bean as programs have them for the enhanced client.
@DynamoDbBean
public final class Song {
    private String artist = "";
    private String title = "";
    private @Nullable String genre;
    private @Nullable Integer year;
    private @Nullable Set<String> labels;
    private @Nullable Map<String, List<Double>> scores;
    private @Nullable Long version;

    static Song of(String artist, String title, String genre, int year) {
        var song = new Song();
        song.artist = artist;
        song.title = title;
        song.genre = genre;
        song.year = year;
        return song;
    }

    @DynamoDbPartitionKey
    public String getArtist() { return artist; }

    public void setArtist(String artist) { this.artist = artist; }

    @DynamoDbSortKey
    public String getTitle() { return title; }

    public void setTitle(String title) { this.title = title; }

    @DynamoDbSecondaryPartitionKey(indexNames = "by-genre")
    public @Nullable String getGenre() { return genre; }

    public void setGenre(@Nullable String genre) { this.genre = genre; }

    @DynamoDbSecondarySortKey(indexNames = {"by-genre", "by-year"})
    public @Nullable Integer getYear() { return year; }

    public void setYear(@Nullable Integer year) { this.year = year; }

    public @Nullable Set<String> getLabels() { return labels; }

    public void setLabels(@Nullable Set<String> labels) { this.labels = labels; }

    public @Nullable Map<String, List<Double>> getScores() { return scores; }

    public void setScores(@Nullable Map<String, List<Double>> scores) { this.scores = scores; }

    @DynamoDbVersionAttribute
    public @Nullable Long getVersion() { return version; }

    public void setVersion(@Nullable Long version) { this.version = version; }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Song song && toString().equals(song.toString());
    }

    @Override
    public int hashCode() {
        return Objects.hash(artist, title);
    }

    @Override
    public String toString() {
        return String.join(" ", artist, title, String.valueOf(genre), String.valueOf(year),
                String.valueOf(labels == null ? null : labels.stream().sorted().toList()), String.valueOf(scores),
                String.valueOf(version));
    }
}
