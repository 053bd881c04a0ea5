package io.cairn.object.internal.checksum;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ChecksumAlgorithm;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Published check values: reveng's catalogue of parametrised CRC algorithms, RFC 1321, FIPS 180.
class DigesterTest {
    private static final byte[] CHECK = "123456789".getBytes(US_ASCII);

    @ParameterizedTest
    @CsvSource({"CRC32, cbf43926", "CRC32C, e3069283", "CRC64NVME, ae8b14860a799888",
            "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
            "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
            "SHA512, d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
            "MD5, 25f9e794323b453885f5181f1b624d0b", "XXHASH64, 8cb841db40e6ae83", "XXHASH3, 72dcb18b67a17dff",
            "XXHASH128, 33119477ede5dcd5e9716427681d5860"})
    void givesThePublishedCheckValue(ChecksumAlgorithm algorithm, String expected) {
        assertEquals(expected, hex(Digester.value(Digester.of(algorithm), CHECK)));
        assertEquals(algorithm.bytes(), expected.length() / 2);
    }

    @Test
    void givesThePublishedMd5() {
        assertEquals("25f9e794323b453885f5181f1b624d0b", hex(Digester.value(Digester.md5(), CHECK)));
    }

    @ParameterizedTest
    @CsvSource({"CRC32, 00000000", "CRC32C, 00000000", "CRC64NVME, 0000000000000000"})
    void nothingHasTheCrcZero(ChecksumAlgorithm algorithm, String expected) {
        assertEquals(expected, hex(Digester.of(algorithm).value()));
    }

    /// 4096 bytes of zeros as `xxhsum -H64`, `-H3` and `-H128` of xxHash 0.8 tell them; from an array, and in uneven pieces from a direct
    /// buffer.
    @ParameterizedTest
    @CsvSource({"XXHASH64, ac869b6f32d8bbdb", "XXHASH3, 93d76fe148c689ba", "XXHASH128, 3ee8dc4f9e7ee49593d76fe148c689ba"})
    void xxHashOfPages(ChecksumAlgorithm algorithm, String expected) {
        assertEquals(expected, hex(Digester.value(Digester.of(algorithm), new byte[4096])));
        var digester = Digester.of(algorithm);
        for (int length : new int[]{1, 63, 0, 1000, 32, 3000})
            digester.update(ByteBuffer.allocateDirect(length));
        assertEquals(expected, hex(digester.value()));
    }

    /// 4096 bytes of zeros and of ones: NVM command set specification 1.0, section 5.2.1.3.4, figure "64b CRC Test Cases".
    @Test
    void crc64NvmeOfPages() {
        var page = new byte[4096];
        assertEquals("6482d367eb22b64e", hex(Digester.value(Digester.of(ChecksumAlgorithm.CRC64NVME), page)));
        Arrays.fill(page, (byte) 0xff);
        assertEquals("c0ddba7302eca3ac", hex(Digester.value(Digester.of(ChecksumAlgorithm.CRC64NVME), page)));
    }

    @Test
    void anEtagOfPartsIsTheMd5OfTheirMd5s() {
        var md5 = Digester.value(Digester.md5(), CHECK);
        assertEquals("25f9e794323b453885f5181f1b624d0b", PartDigests.etag(md5));
        // (printf 123456789 | md5sum | cut -c1-32 | xxd -r -p; the same again) | md5sum
        assertEquals("4f2908c19b573e50b194e208c928de17-2",
                PartDigests.etag(List.of(md5, md5)));
    }

    private static String hex(byte[] value) {
        return HexFormat.of().formatHex(value);
    }
}
