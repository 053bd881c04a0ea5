package io.cairn.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Bytes are ordered as numbers are, and give back the number.
class DecimalProperties {
    @Provide
    Arbitrary<BigDecimal> numbers() {
        var digits = Arbitraries.integers().between(1, 38).flatMap(count -> Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(count).negate().add(BigInteger.ONE),
                        BigInteger.TEN.pow(count).subtract(BigInteger.ONE)));
        return Combinators.combine(digits, Arbitraries.integers().between(-130, 125)).as((unscaled, first) -> {
            if (unscaled.signum() == 0)
                return BigDecimal.ZERO;
            var number = new BigDecimal(unscaled);
            return number.scaleByPowerOfTen(first - number.precision() + 1);
        });
    }

    @Property
    void givesBackTheNumber(@ForAll("numbers") BigDecimal number) {
        var bytes = Decimal.encode(number.toString());
        assertTrue(bytes.length <= Decimal.MAX_BYTES);
        assertEquals(bytes.length, Decimal.length(bytes, 0));
        assertEquals(0, number.compareTo(Decimal.number(bytes, 0)));
        var expected = number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        assertEquals(expected, Decimal.text(bytes, 0));
        var other = new byte[Decimal.MAX_BYTES];
        int end = Decimal.encode(number.setScale(number.scale() + 3), other, 0);
        assertEquals(0, Arrays.compare(bytes, Arrays.copyOf(other, end)));
        assertEquals(0, Arrays.compare(bytes, Decimal.encode(number.toPlainString())));
    }

    @Property
    void ordersAsNumbersDo(@ForAll("numbers") BigDecimal left, @ForAll("numbers") BigDecimal right) {
        assertEquals(left.compareTo(right),
                Integer.signum(Arrays.compareUnsigned(Decimal.encode(left.toString()), Decimal.encode(right.toString()))));
    }

    @Test
    void refusesWhatIsNoNumberOrDoesNotFit() {
        for (var text : new String[]{"", "-", "+", ".", "e5", "1e", "1e+", "1x", "0x10", " 1", "1 ", "1.2.3", "NaN", "--1",
                "1e5.0"})
            assertThrows(KvRefusedException.class, () -> Decimal.encode(text), text);
        for (var text : new String[]{"1E126", "-1E126", "1E-131", "1E999999999999", "1E-999999999999",
                "123456789012345678901234567890123456789"})
            assertThrows(KvRefusedException.class, () -> Decimal.encode(text), text);
        for (var text : new String[]{"+5", "5.", ".5", "05", "0e999999999999", "5e-1", "1" + "0".repeat(100),
                "0." + "0".repeat(129) + "1"})
            assertTrue(Decimal.encode(text).length > 0, text);
        assertEquals("-0.05", Decimal.text(Decimal.encode("-5.0e-2"), 0));
    }
}
