package io.cairn.server.dynamodb;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/// Notes which operations the SDK carried out with success, and in which test.
final class OperationsUsed implements ExecutionInterceptor {
    private final Map<String, Set<String>> tests = new ConcurrentHashMap<>();
    private final Set<String> ran = new ConcurrentSkipListSet<>();
    private volatile String test = "";

    void by(String name) {
        ran.add(name);
        test = name;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        tests.computeIfAbsent(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), _ -> new ConcurrentSkipListSet<>())
                .add(test);
    }

    /// @param all names of all tests of the class: the table is only looked at when each of them ran
    void compare(String testClass, Set<String> all) throws IOException {
        if (ran.containsAll(all))
            OperationsTable.compare(testClass, tests);
    }
}
