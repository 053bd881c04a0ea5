package io.cairn.server.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.block.BlockStore;
import io.cairn.server.http.Answer;
import io.cairn.server.http.BodyReceiver;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Request;
import io.cairn.server.iam.Principal;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// EC2's calls on a store in this process, without a network and on the calling thread: what happens between two steps of a call is the test's.
record LocalCalls(BlockStore store) {
    /// What came back.
    record Reply(int status, String text) {
        /// The texts of all elements of this name that have no others in them.
        List<String> elements(String name) {
            var found = new ArrayList<String>();
            var matcher = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(text);
            while (matcher.find())
                found.add(matcher.group(1));
            return found;
        }

        /// The text of the first element of this name, or empty.
        String element(String name) {
            var all = elements(name);
            return all.isEmpty() ? "" : all.getFirst();
        }
    }

    /// The same, where something happens whenever the store has answered a call of this method.
    ///
    /// @param event gets the answer
    LocalCalls after(String method, Consumer<Object> event) {
        return new LocalCalls((BlockStore) Proxy.newProxyInstance(BlockStore.class.getClassLoader(),
                new Class<?>[]{BlockStore.class}, (_, called, arguments) -> {
                    try {
                        var answer = called.invoke(store, arguments);
                        if (called.getName().equals(method))
                            event.accept(answer);
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /// @param parameters names and values by turns
    Reply post(String action, String... parameters) {
        return answer("POST", "", query(action, parameters));
    }

    /// @param query as sent
    Reply get(String query) {
        return answer("GET", query, "");
    }

    static String query(String action, String... parameters) {
        var form = new StringBuilder("Version=2016-11-15&Action=" + action);
        for (int i = 0; i < parameters.length; i += 2)
            form.append('&').append(parameters[i]).append('=').append(URLEncoder.encode(parameters[i + 1], UTF_8));
        return form.toString();
    }

    Reply answer(String method, String query, String body) {
        var exchange = new LocalExchange(
                new Request(method, "/", query, new DefaultHttpHeaders(), body.length(), false, "127.0.0.1"),
                body.getBytes(UTF_8));
        new Ec2Face(store, Ec2Settings.DEFAULT).serve(exchange);
        var answer = exchange.answer;
        if (answer == null || !(answer.body() instanceof Answer.Body.Bytes(var bytes)))
            throw new AssertionError("no answer to " + query + body, exchange.failure);
        return new Reply(answer.status(), new String(bytes, UTF_8));
    }

    private static final class LocalExchange implements Exchange {
        private final Request request;
        private final byte[] body;
        @Nullable
        Answer answer;
        @Nullable
        Throwable failure;

        LocalExchange(Request request, byte[] body) {
            this.request = request;
            this.body = body;
        }

        @Override
        public Request request() {
            return request;
        }

        @Override
        public Principal principal() {
            return new Principal("CAIRNROOT", "root", "root", true);
        }

        @Override
        public String requestId() {
            return "REQUEST1";
        }

        @Override
        public CompletableFuture<byte[]> body(int limitBytes) {
            return CompletableFuture.completedFuture(body);
        }

        @Override
        public void receive(BodyReceiver receiver) {
            throw new AssertionError("forms are taken whole");
        }

        @Override
        public Executor worker() {
            return Runnable::run;
        }

        @Override
        public void answer(Answer given) {
            answer = given;
        }

        @Override
        public void fail(Throwable why) {
            failure = why;
        }

        @Override
        public boolean takeHeap(long bytes) {
            return true;
        }

        @Override
        public void holdHeap(long bytes) {}

        @Override
        public void onEnd(Runnable action) {}
    }
}
