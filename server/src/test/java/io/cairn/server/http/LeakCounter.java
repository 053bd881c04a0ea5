package io.cairn.server.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Netty's leak detector, but it remembers what it found. Set by a system property in this module's POM, for the whole test run.
public final class LeakCounter<T> extends ResourceLeakDetector<T> {
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    public LeakCounter(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /// The form that Netty looks for first.
    public LeakCounter(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        FOUND.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        FOUND.add(resourceType);
    }

    /// Collects garbage until every buffer that was lost so far must have shown itself.
    public static List<String> found() throws InterruptedException {
        if (!isEnabled())
            throw new IllegalStateException("leak detection is off");
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(20);
            // A leak is reported when the next buffer is made.
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        return List.copyOf(FOUND);
    }
}
