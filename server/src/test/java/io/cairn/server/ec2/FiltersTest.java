package io.cairn.server.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class FiltersTest {
    @Test
    void starsAndQuestionMarks() {
        assertTrue(Filters.matches("", ""));
        assertTrue(Filters.matches("*", ""));
        assertTrue(Filters.matches("a*c?e", "abbbcde"));
        assertFalse(Filters.matches("a*c?e", "abbbcdef"));
        assertTrue(Filters.matches("*ab", "aab"));
        assertTrue(Filters.matches("a\\*b", "a*b"));
        assertFalse(Filters.matches("a\\*b", "axb"));
        assertTrue(Filters.matches("\\\\", "\\"));
        assertTrue(Filters.matches("\\", "\\"));
        assertFalse(Filters.matches("?", ""));
    }

    /// Each pattern against the regular expression that says the same.
    @Test
    void likeARegularExpression() {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            var pattern = text(random, "ab*?");
            var text = text(random, "ab");
            boolean expected = Pattern.matches(pattern.replace("*", ".*").replace("?", "."), text);
            assertEquals(expected, Filters.matches(pattern, text), () -> pattern + " on " + text);
        }
    }

    private static String text(Random random, String of) {
        var text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--)
            text.append(of.charAt(random.nextInt(of.length())));
        return text.toString();
    }

    /// A search that goes back over all stars would take longer than the universe is old.
    @Test
    void manyStarsTakeNoTime() {
        assertFalse(assertTimeoutPreemptively(Duration.ofSeconds(5),
                () -> Filters.matches("*a".repeat(100) + "*b", "a".repeat(255))));
    }
}
