package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.tls.CertificateAuthority;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The NBD clients of Debian 12 on volumes that the AWS CLI made: libnbd's, QEMU's, fio's.
@Tag("clients")
class NbdToolsTest {
    private static final int IMAGE_BYTES = 40 << 20;
    @TempDir
    Path directory;
    private RunningServer server;
    private StockClient ec2;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        StockClient.need("/usr/bin/nbdcopy (apt-get install libnbd-bin)", "/usr/bin/nbdcopy", "--version");
        StockClient.need("/usr/bin/qemu-io (apt-get install qemu-utils)", "/usr/bin/qemu-io", "--version");
        StockClient.need("/usr/bin/fio (apt-get install fio)", "/usr/bin/fio", "--version");
        StockClient.need("/usr/bin/aws (apt-get install awscli)", "/usr/bin/aws", "--version");
        server = RunningServer.start(directory);
        ec2 = new StockClient(server, directory, "/usr/bin/aws", "--endpoint-url", server.endpoint().toString(), "--output",
                "text",
                "ec2");
        create("disk");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void create(String name) throws IOException, InterruptedException {
        ec2.run("create-volume", "--availability-zone", "us-east-1a", "--size", "1", "--tag-specifications",
                "ResourceType=volume,Tags=[{Key=Name,Value=" + name + "}]");
    }

    private StockClient tool(String name) {
        return new StockClient(server, directory, "/usr/bin/" + name);
    }

    private String url(String export) {
        return server.nbd(export).toString();
    }

    /// Random bytes, a hole, and random bytes again at the end of 1 GiB.
    private Path image() throws IOException {
        var image = directory.resolve("image");
        var bytes = new byte[IMAGE_BYTES / 2];
        try (var file = FileChannel.open(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            new Random(1).nextBytes(bytes);
            file.write(ByteBuffer.wrap(bytes), 4096);
            new Random(2).nextBytes(bytes);
            file.write(ByteBuffer.wrap(bytes), (1L << 30) - bytes.length);
        }
        return image;
    }

    @Test
    void nbdcopyInOutAndBetweenAndWhatNbdinfoTells() throws IOException, InterruptedException {
        var image = image();
        tool("nbdcopy").run("--flush", image.toString(), url("disk"));
        var info = tool("nbdinfo").run(url("disk"));
        for (var line : List.of("export-size: 1073741824", "can_flush: true", "can_fua: true", "can_multi_conn: true",
                "can_trim: true",
                "can_zero: true", "can_fast_zero: true", "can_df: true", "can_cache: true", "is_read_only: false",
                "base:allocation",
                "block_size_minimum: 1", "block_size_preferred: 4096", "block_size_maximum: 33554432"))
            assertTrue(info.contains(line), () -> line + " is not in\n" + info);
        create("other");
        tool("nbdcopy").run("--flush", url("disk"), url("other"));
        var back = directory.resolve("back");
        tool("nbdcopy").run(url("other"), back.toString());
        assertEquals(-1, Files.mismatch(image, back));
        var map = tool("nbdinfo").run("--map", "--totals", url("other"));
        assertTrue(map.contains("hole,zero"), map);
        var list = tool("nbdinfo").run("--list", server.nbd("").toString());
        assertTrue(list.contains("export=\"disk\"") && list.contains("export=\"other\""), list);
    }

    @Test
    void libnbdOverTls() throws IOException, InterruptedException {
        var image = image();
        tool("nbdcopy").run("--flush", image.toString(), url("disk"));
        var certificates = directory.resolve("certificates");
        new CertificateAuthority(server.authorityFile().resolveSibling(""), InstantSource.system())
                .writeClientFiles(certificates);
        var plain = server.nbd("disk");
        var secure = "nbds://127.0.0.1:" + plain.getPort() + "/disk?tls-certificates=" + certificates;
        var info = tool("nbdinfo").run(secure);
        assertTrue(info.contains("protocol: newstyle-fixed with TLS"), info);
        var back = directory.resolve("back");
        tool("nbdcopy").run(secure, back.toString());
        assertEquals(-1, Files.mismatch(image, back));
    }

    @Test
    void qemuConvertsComparesMapsAndReadsItsPatternsBackFromASnapshot() throws IOException, InterruptedException {
        var image = image();
        tool("qemu-img").run("convert", "-n", "-f", "raw", "-O", "raw", image.toString(), url("disk"));
        assertTrue(
                tool("qemu-img").run("compare", "-f", "raw", "-F", "raw", image.toString(), url("disk")).contains("identical"));
        var volume = ec2.run("describe-volumes", "--query", "Volumes[0].VolumeId").strip();
        ec2.run("create-snapshot", "--volume-id", volume, "--tag-specifications",
                "ResourceType=snapshot,Tags=[{Key=Name,Value=before}]");
        patterns("disk", "write -P 0xab 0 1M", "read -P 0xab 0 1M", "write -P 0xcd 1000 3000", "read -P 0xcd 1000 3000",
                "read -P 0xab 4000 1000", "discard 4M 8M", "read -P 0 4M 8M", "write -z 20M 1M", "read -P 0 20M 1M",
                "write -z -u 30M 1M", "write -f -P 0x11 31M 64k", "flush", "read -P 0x11 31M 64k");
        server.kill();
        server = new RunningServer.Launch(directory).start();
        patterns("disk", "read -P 0xcd 1000 3000", "read -P 0 4M 8M", "read -P 0x11 31M 64k");
        assertTrue(tool("qemu-img").run("compare", "-f", "raw", "-F", "raw", image.toString(), url("disk@before"))
                .contains("identical"));
        var refused = tool("qemu-io").attempt("-f", "raw", "-c", "write 0 4k", url("disk@before"));
        assertTrue(refused.output().contains("Permission denied"), refused.output());
        // What was discarded of what the snapshot has, and nothing beside it.
        var changed = tool("nbdinfo").run("--map=cairn:dirty-since-before", url("disk"));
        assertTrue(changed.lines().anyMatch(line -> line.strip().matches("4194304 +8388608 +1\\b.*")), changed);
        var qcow2 = directory.resolve("copy.qcow2");
        tool("qemu-img").run("convert", "-f", "raw", "-O", "qcow2", url("disk@before"), qcow2.toString());
        assertTrue(tool("qemu-img").run("compare", "-f", "raw", "-F", "qcow2", image.toString(), qcow2.toString())
                .contains("identical"));
        var map = tool("qemu-img").run("map", "-f", "raw", "--output=json", url("disk"));
        assertTrue(map.contains(
                "\"start\": 4194304, \"length\": 8388608, \"depth\": 0, \"present\": true, \"zero\": true, \"data\": false"),
                map);
    }

    private void patterns(String export, String... commands) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("-f", "raw"));
        for (var command : commands)
            arguments.addAll(List.of("-c", command));
        arguments.add(url(export));
        var output = tool("qemu-io").run(arguments.toArray(String[]::new));
        assertTrue(!output.contains("Pattern verification failed") && !output.contains("error"), output);
    }

    @Test
    void fioVerifiesWhatItWroteUnalignedAndWithTrims() throws IOException, InterruptedException {
        var jobs = new ArrayList<String>();
        for (int i = 0; i < 4; i++)
            jobs.addAll(verified("mixed-" + i, 100 + 50 * i, "--rw=randwrite", "--bsrange=512-1m", "--iodepth=8", "--fsync=64"));
        // What was trimmed is written before it is read; fio does not keep that order itself at any depth but 1.
        jobs.addAll(verified("trims", 400, "--rw=trimwrite", "--bsrange=512-256k", "--iodepth=1"));
        var told = tool("fio").run(jobs.toArray(String[]::new));
        assertEquals(5, told.split("err= 0", -1).length - 1, told);
        assertTrue(tool("fio")
                .run("--name=trim", "--ioengine=nbd", "--uri=" + url("disk"), "--size=64M", "--rw=randtrimwrite", "--bs=4k",
                        "--iodepth=8")
                .contains("err= 0"));
    }

    /// A connection of its own that writes its own part of the volume, unaligned, and then reads and checks it.
    private List<String> verified(String name, int offsetMebibytes, String... more) {
        var job = new ArrayList<>(List.of("--name=" + name, "--ioengine=nbd", "--uri=" + url("disk"),
                "--offset=" + offsetMebibytes + "M", "--size=32M", "--bs_unaligned=1", "--verify=crc32c", "--do_verify=1",
                "--verify_fatal=1"));
        job.addAll(List.of(more));
        return job;
    }
}
